// @ts-check
/**
 * The runtime of a story: no DOM, no clock, no network. Types are in `types.d.ts`; the meaning of
 * everything is in `docs/program.md`.
 *
 *     const game = new Game(program, { loadScene, scenes, persistent, language });
 *     await game.start();                  // or: await game.load(saved)
 *     for (const event of game.events) …   // what happened in this step, in order (transcript records)
 *     const now = game.view();             // what to draw once they are over
 *     await game.advance();                // from a line or a break
 *     await game.advance(choice.id);       // from a menu: `now.menu.choices`, the enabled ones
 *     await game.advance("Ana");           // from an input
 *     game.back(); game.forward(); game.history();
 *
 * - `program.scenes` may lack scenes when `scenes` lists all names and `loadScene(name)` gives
 *   `{ scene, translations? }` or a promise of it; `game.prefetch(name)` fetches one early. A
 *   scene is asked for again until one such call succeeds, so a rejection only fails that step.
 * - `view().waiting` is `line`, `break`, `menu`, `input` or `over`. `view().line` stays above a
 *   menu or input as its prompt. On a page, `view().page` has its lines.
 * - `view().line.text` is a tree: strings, `{tag: em|strong|del, children}`,
 *   `{tag: "ruby", children, reading}` and, at the top level, `{tag: "fx", ops}`: effects that
 *   fire when the typewriter reaches them. `plain` gives its words, `markup` the transcript form.
 * - `game.events` has stage records `{t: "stage", do, …}`: what to animate. `view().stage` is the
 *   outcome after all of them, those inside the line too; `applyStage(stage, {...event, op: event.do})`
 *   gives the stages between. `pause` and `wait: true` hold back what follows them in the events.
 * - `view().read` says whether the line had been seen before this time, in any game. After
 *   `back` and `forward` it is what it was then. `game.persistent` is to be stored by the player
 *   after each step; it is JSON.
 * - `game.language` may be set at any time; the next `view()` is in that language.
 * - `game.save()` is JSON; `load` throws `SaveError`.
 */

export { Game } from "./game.js";
export { MissingScene, Story, keep, nothing } from "./interpreter.js";
export { SaveError, load, restore, save } from "./save.js";
export { applyStage } from "./stage.js";
export { markup, plain } from "./text.js";
export { canonical } from "./numbers.js";
export { view } from "./view.js";
