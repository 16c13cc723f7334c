// @ts-check
/** Saves: positions by id, so that they survive a rebuild of the story. */

import { Run, assigned, nothing } from "./interpreter.js";
import { canonical } from "./numbers.js";

/** @import { Story } from "./interpreter.js" */
/** @import { Expr, Offer, Op, Persistent, Program, Save, Shown, State, Step, Value, Variable } from "./types.js" */

/** A save that cannot be read: damaged, of another game or of a newer format. */
export class SaveError extends Error {}

/** @param {Op|undefined} menu @param {string} id @returns {Op|undefined} */
const choiceOf = (menu, id) => menu?.choices?.find((/** @type {Op} */ choice) => choice.id === id);

/**
 * @param {Story} story
 * @param {State} state one that waits
 * @param {string} when an ISO 8601 time
 * @returns {Save}
 */
export function save(story, state, when) {
  const { scene, at: _, waiting, ...rest } = state;
  if (waiting === null) throw new RangeError("the game is over");
  /** @type {Save["slots"]} */
  const slots = {};
  const note = (/** @type {string} */ id, /** @type {Expr[]|undefined} */ of) => {
    if (of?.length) slots[id] = of;
  };
  for (const shown of [state.line, state.input, ...(state.page ?? [])]) {
    if (shown) note(shown.id, story.op(shown.id).slots);
  }
  for (const { id, reason } of state.menu?.choices ?? []) {
    const choice = choiceOf(story.op(waiting), id);
    note(id, choice?.slots);
    if (reason) note(`${id}_locked`, choice?.locked_slots);
  }
  const { id: game, version } = story.program;
  return { format: 1, game, version, when, at: { scene, id: waiting }, state: rest, slots };
}

/**
 * The step that a save leads to. Without events when it is where it was.
 * @param {Story} story
 * @param {Save} saved
 * @param {Persistent} persistent
 * @param {string} [language]
 * @returns {Step}
 * @throws {SaveError}
 */
export function load(story, saved, persistent, language) {
  if (saved?.format !== 1) throw new SaveError("the save is damaged or of a newer version of the player");
  if (saved.game !== story.program.id) throw new SaveError("the save is of another game");
  try {
    return new Loader(story, saved, persistent, language).step();
  } catch (error) {
    if (error instanceof TypeError) throw new SaveError("the save is damaged");
    throw error;
  }
}

class Loader {
  /** @param {Story} story @param {Save} saved @param {Persistent} persistent @param {string} [language] */
  constructor(story, saved, persistent, language) {
    const { program } = story;
    this.story = story;
    this.saved = saved;
    if (story.sceneNames.includes(saved.at.scene)) story.scene(saved.at.scene);
    /** @type {State["looks"]} */
    const looks = {};
    const fresh = story.looks();
    for (const [name, look] of Object.entries(fresh)) {
      looks[name] = { ...look };
      for (const [kind, value] of Object.entries(saved.state.looks[name] ?? {})) {
        if (story.wears(name, kind, value)) looks[name][kind] = value;
      }
    }
    const { stage } = saved.state;
    const sprites = stage.sprites.filter(({ kind, what }) => kind !== "sprite" || what in looks);
    /** @type {State} */
    const state = {
      ...saved.state, scene: program.start, at: 0, waiting: null, looks,
      vars: conformed(program, saved.state.vars, false), stage: { ...stage, sprites },
      stack: [], line: null, page: null, menu: null, input: null,
    };
    this.run = new Run(story, state, persistent, language);
    this.state = state;
  }

  /**
   * Where an id is now, or where what was deleted lands: its scene and a node of it.
   * @param {string} id
   */
  find(id) {
    const { gone = {} } = this.story.program;
    const base = id.replace(/_s$/, "");
    const deleted = base in gone;
    const passed = new Set();
    let alive = deleted ? base : id;
    while (alive in gone && !passed.has(alive)) {
      passed.add(alive);
      alive = gone[alive];
    }
    // A choice that says nothing any more goes on with its body.
    const home = this.story.home(alive) ?? this.story.home(base);
    if (!home) return undefined;
    const at = (deleted ? home.ends.get(alive) : undefined) ?? home.ids.get(alive) ?? home.ids.get(base);
    return { id: alive, home, at: at ?? /** @type {number} */ (home.ends.get(alive)) };
  }

  /** The op that has exactly this id. @param {string} id @returns {Op|undefined} */
  op(id) {
    const found = this.find(id);
    const op = found?.home.nodes[found.at]?.op;
    return op?.id === id ? op : undefined;
  }

  /** @param {string} id @param {Value[]} values @param {Expr[]|undefined} slots @returns {Value[]} */
  values(id, values, slots) {
    const same = canonical(slots ?? []) === canonical(this.saved.slots[id] ?? []);
    return same ? values : this.run.values(slots);
  }

  /** @param {Shown|null} shown @returns {Shown|null} */
  shown(shown) {
    const op = shown && this.op(shown.id);
    return op ? { ...shown, values: this.values(op.id, shown.values, op.slots) } : null;
  }

  /** @returns {Step} */
  step() {
    const { run, state, saved, story } = this;
    for (const { call } of saved.state.stack) {
      const found = this.op(call) && this.find(call);
      if (found) state.stack = [...state.stack, { scene: found.home.name, call }];
    }
    state.line = this.shown(saved.state.line);
    const landing = this.find(saved.at.id);
    if (!landing) {
      state.stack = [];
      return run.until(run.enter(story.program.start));
    }
    const { id, home, at } = landing;
    run.move(home.name);
    if (home.nodes[at]?.op.id !== saved.at.id) return run.until(at);
    const { op, next, page } = home.nodes[at];
    if (page) {
      const lines = (saved.state.page ?? []).map((line) => this.shown(line));
      state.page = /** @type {Shown[]} */ (lines.filter((line) => line !== null));
    }
    if (op.op === "input") state.input = this.shown(saved.state.input);
    if (op.op === "menu") {
      const choices = (saved.state.menu?.choices ?? []).flatMap((offer) => this.offer(op, offer));
      if (!choices.some((offer) => offer.enabled)) return run.until(next);
      state.menu = { id, choices };
    }
    return run.until(run.wait(id, at));
  }

  /** @param {Op} menu @param {Offer} offer @returns {Offer[]} */
  offer(menu, offer) {
    const choice = choiceOf(menu, offer.id);
    if (!choice) return [];
    const values = this.values(offer.id, offer.values, choice.slots);
    if (!offer.reason) return [{ ...offer, values }];
    return [{ ...offer, values, reason: this.values(`${offer.id}_locked`, offer.reason, choice.locked_slots) }];
  }
}

/**
 * A stored value as the variable may hold it now.
 * @param {Variable} variable
 * @param {any} value
 * @returns {Value}
 */
function conform(variable, value) {
  const { type, values, default: other } = variable;
  const fits = {
    bool: () => typeof value === "boolean",
    int: () => Number.isInteger(value),
    number: () => Number.isFinite(value),
    text: () => typeof value === "string",
    enum: () => typeof value === "string",
    label: () => typeof value === "string",
    set: () => Array.isArray(value) && value.every((member) => typeof member === "string"),
  }[type]();
  if (!fits) return other;
  return assigned({ ...variable, values: values ?? (type === "set" ? [] : undefined) }, value, other);
}

/**
 * Stored variables as the story has them now.
 * @param {Program} program
 * @param {Record<string, unknown>} vars
 * @param {boolean} persistent which of the two kinds
 */
export function conformed(program, vars, persistent) {
  /** @type {Record<string, Value>} */
  const out = {};
  for (const [name, variable] of Object.entries(program.variables)) {
    if ((variable.scope === "persistent") !== persistent) continue;
    if (name in vars) out[name] = conform(variable, vars[name]);
    else if (!persistent) out[name] = variable.default;
  }
  return out;
}

/**
 * Stored persistent state as the story has it now; anything unreadable is left out.
 * @param {Program} program
 * @param {any} stored
 * @returns {Persistent}
 */
export function restore(program, stored) {
  const out = nothing();
  if (typeof stored !== "object" || stored === null) return out;
  out.vars = conformed(program, Object(stored.vars), true);
  for (const [id, n] of Object.entries(Object(stored.counts))) if (Number.isInteger(n)) out.counts[id] = n;
  for (const list of /** @type {const} */ (["endings", "unlocks"])) {
    if (Array.isArray(stored[list])) {
      out[list] = stored[list].filter((/** @type {unknown} */ name) => typeof name === "string");
    }
  }
  return out;
}

