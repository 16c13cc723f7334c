// @ts-check
/**
 * A run played again in a newer build of its story, up to the place where its reader is. No DOM.
 *
 * The route is what the reader did: the seed or save it began from, and the places that waited,
 * with the answers. Lines may have come and gone since; choices and inputs are answered as they
 * were, by id, until the last place of the route is reached.
 */

import { load } from "../runtime/index.js";

/** @import { Game } from "../runtime/index.js" */
/** @import { Origin, Save } from "../runtime/types.js" */

/**
 * `steps` are the ids that waited, with what was answered there; `saved` is the place as a save,
 * null when the story was over. All of it is JSON.
 * @typedef {{ origin: Origin, steps: { id: string | null, answer?: string }[], saved: Save | null }} Route
 */

/**
 * Why a route could not be followed to its end: the story ends or goes another way before, it
 * asks something new, or a choice (`id`) cannot be taken any more.
 * @typedef {{ kind: "over" | "astray" | "asks" | "choice", id?: string }} Block
 */

/**
 * `deleted`: the place itself is gone, and what stood after it is shown.
 * @typedef {{ game: Game, blocked: Block | null, deleted: boolean }} Replayed
 */

/** How many lines off the route are read before it counts as lost. */
const MOST_ASTRAY = 2000;

/** The route of a game; null before one has begun. @param {Game} game @returns {Route | null} */
export function routeOf(game) {
  const { origin, past, now } = game;
  if (!origin || !now) return null;
  const steps = [...past, now].map(({ state, chosen }) => ({ id: state.waiting, answer: chosen }));
  return { origin, steps, saved: now.state.waiting === null ? null : game.save() };
}

/**
 * @param {Route} route
 * @param {(persistent: unknown) => Game} make a new game of the new build
 * @param {(scene: string, id: string) => boolean} [known] whether the old build had a place: what
 *   is new may be passed on the way, what is not means that the way is another
 * @returns {Promise<Replayed>}
 */
export async function replay(route, make, known = () => false) {
  const game = await begin(route, make);
  const { steps, deleted } = await settled(route, game);
  const { blocked, answers, keep } = await follow(game, steps, known);
  if (keep === answers.length) return { game, blocked, deleted };
  // What was played beyond the last place of the route is not to have happened.
  const again = await begin(route, make);
  for (const answer of answers.slice(0, keep)) await again.advance(answer);
  return { game: again, blocked, deleted };
}

/** @param {Route} route @param {(persistent: unknown) => Game} make */
async function begin({ origin }, make) {
  const game = make(structuredClone(origin.persistent));
  game.limit = Infinity;
  if ("seed" in origin) await game.start(origin.seed);
  else await game.load(origin.saved);
  return game;
}

/**
 * The places of a route that there still are; the last is where what was deleted lands.
 * @param {Route} route
 * @param {Game} game
 */
async function settled({ steps, saved }, game) {
  const gone = game.program.gone ?? {};
  const alive = steps.filter(({ id }) => id === null || !(id in gone));
  const { id } = steps[steps.length - 1];
  if (id === null || !saved || !(id in gone)) return { steps: alive, deleted: false };
  const { state } = await game.complete(() => load(game.story, saved, game.persistent, game.language));
  if (alive[alive.length - 1]?.id !== state.waiting) alive.push({ id: state.waiting });
  return { steps: alive, deleted: true };
}

/**
 * Play along a route. `answers` is what was answered on the way, `keep` how many of them lead to
 * the place to stop at.
 * @param {Game} game
 * @param {Route["steps"]} steps
 * @param {(scene: string, id: string) => boolean} known
 * @returns {Promise<{ blocked: Block | null, answers: (string | null)[], keep: number }>}
 */
async function follow(game, steps, known) {
  /** @type {(string | null)[]} */
  const answers = [];
  let [met, keep] = [-1, 0];
  for (;;) {
    const { waiting: id, scene, menu, input } = /** @type {import("../runtime/game.js").Moment} */ (game.now).state;
    const found = steps.findIndex((step, i) => i > met && step.id === id);
    if (found >= 0) [met, keep] = [found, answers.length];
    if (met === steps.length - 1) return { blocked: null, answers, keep };
    if (id === null) return { blocked: { kind: "over" }, answers, keep };
    if (answers.length - keep > MOST_ASTRAY) return { blocked: { kind: "astray" }, answers, keep };
    /** @type {string | null} */
    let answer = null;
    if (menu || input) {
      const given = found < 0 ? undefined : steps[found].answer;
      if (found < 0 || given === undefined) {
        if (known(scene, id)) return { blocked: { kind: "astray" }, answers, keep };
        return { blocked: { kind: "asks" }, answers, keep: answers.length };
      }
      if (menu && !menu.choices.some((choice) => choice.id === given && choice.enabled)) {
        return { blocked: { kind: "choice", id: given }, answers, keep };
      }
      answer = given;
    }
    answers.push(answer);
    await game.advance(answer);
  }
}
