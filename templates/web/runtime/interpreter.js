// @ts-check
/** The story, stepped from one wait to the next. States are never changed, only replaced. */

import { cut, equal, evaluate } from "./expressions.js";
import { END, OVER, link } from "./link.js";
import { clamp } from "./numbers.js";
import { draw, stream } from "./rng.js";
import { STAGE_OPS, applyStage } from "./stage.js";
import { markup, render } from "./text.js";

/** @import { World } from "./expressions.js" */
/** @import { Choice, Event, Expr, Inline, Item, Linked, Look, Node, Offer, Op, Persistent, Program, Shown, Stage, State, Step, Text, Value, Variable } from "./types.js" */

const LOOK_KINDS = /** @type {const} */ ([
  ["expression", "expressions"],
  ["pose", "poses"],
  ["outfit", "outfits"],
]);
const MOST_CALLS = 1000;
const MOST_SECTIONS = 10000;

/** A scene is needed that is not loaded yet: load it, then take the same step again. */
export class MissingScene extends Error {
  /** @param {string} scene */
  constructor(scene) {
    super(`the scene ${scene} is not loaded`);
    this.scene = scene;
  }
}

/** @returns {Persistent} */
export const nothing = () => ({ vars: {}, counts: {}, endings: [], unlocks: [] });

/**
 * Write a step's changes into persistent state.
 * @param {Persistent} persistent
 * @param {Persistent} changes
 */
export function keep(persistent, changes) {
  Object.assign(persistent.vars, changes.vars);
  for (const [id, n] of Object.entries(changes.counts)) {
    persistent.counts[id] = (persistent.counts[id] ?? 0) + n;
  }
  for (const list of /** @type {const} */ (["endings", "unlocks"])) {
    for (const name of changes[list]) {
      if (!persistent[list].includes(name)) persistent[list].push(name);
    }
  }
}

/**
 * What a variable holds after `value` is assigned to it.
 * @param {Variable} variable
 * @param {any} value
 * @param {Value} old
 * @returns {Value}
 */
export function assigned(variable, value, old) {
  const { type, values, low = -Infinity, high = Infinity } = variable;
  if (type === "int" || type === "number") return clamp(Math.min(Math.max(value, low), high));
  if (type === "set" && values) return values.filter((member) => value.includes(member));
  if ((type === "enum" || type === "label") && values && !values.includes(value)) return old;
  return value;
}

/** A Program, linked as its scenes come. */
export class Story {
  /**
   * @param {Program} program whose `scenes` and `translations` may be added to later
   * @param {string[]} [sceneNames] all scenes, when `program.scenes` does not hold all of them
   */
  constructor(program, sceneNames = Object.keys(program.scenes)) {
    this.program = program;
    this.sceneNames = sceneNames;
    /** @type {Map<string, Linked>} */
    this.linked = new Map();
    /** Ids of linked scenes to their scene. @type {Map<string, Linked>} */
    this.homes = new Map();
  }

  /** @param {string} name @returns {Linked} */
  scene(name) {
    let linked = this.linked.get(name);
    if (!linked) {
      const scene = this.program.scenes[name];
      if (!scene) throw new MissingScene(name);
      linked = link(name, scene);
      this.linked.set(name, linked);
      for (const id of [...linked.ids.keys(), ...linked.ends.keys()]) this.homes.set(id, linked);
    }
    return linked;
  }

  /** The scene that has an id, or undefined if none has. @param {string} id */
  home(id) {
    if (!this.homes.has(id)) {
      for (const name of this.sceneNames) {
        this.scene(name);
        if (this.homes.has(id)) break;
      }
    }
    return this.homes.get(id);
  }

  /** The op that has an id. @param {string} id @returns {Op} */
  op(id) {
    const home = /** @type {Linked} */ (this.home(id));
    return home.nodes[/** @type {number} */ (home.ids.get(id))].op;
  }

  /** The looks that a game begins with: the first of each kind. */
  looks() {
    /** @type {State["looks"]} */
    const looks = {};
    for (const [name, { look }] of Object.entries(this.program.characters)) {
      looks[name] = {};
      for (const [kind, key] of LOOK_KINDS) {
        const first = look?.[key]?.[0];
        if (first !== undefined) looks[name][kind] = first;
      }
    }
    return looks;
  }

  /** Whether a character has such a look. @param {string} name @param {string} kind @param {string} value */
  wears(name, kind, value) {
    const key = LOOK_KINDS.find(([known]) => known === kind)?.[1];
    return key !== undefined && Boolean(this.program.characters[name].look?.[key]?.includes(value));
  }

  /**
   * Begin a game.
   * @param {number} seed from 0 to 2^53
   * @param {Persistent} persistent
   * @param {string} [language]
   * @returns {Step}
   */
  start(seed, persistent, language) {
    const { program } = this;
    /** @type {Record<string, Value>} */
    const vars = {};
    for (const [name, variable] of Object.entries(program.variables)) {
      if (variable.scope !== "persistent") vars[name] = variable.default;
    }
    /** @type {State} */
    const state = {
      scene: program.start, at: OVER, waiting: null, stack: [], vars, counts: {}, picks: {}, looks: this.looks(), seed,
      rng: { story: stream(seed, "story"), cosmetics: stream(seed, "cosmetics") },
      line: null, page: null, menu: null, input: null, stage: { sprites: [] },
    };
    const run = new Run(this, state, persistent, language);
    return run.until(run.enter(program.start));
  }

  /**
   * Go on from a wait.
   * @param {State} state
   * @param {string|null} answer the id of an enabled choice, the text for an input, null elsewhere
   * @param {Persistent} persistent
   * @param {string} [language]
   * @returns {Step}
   */
  advance(state, answer, persistent, language) {
    if (state.waiting === null) throw new RangeError("the game is over");
    const run = new Run(this, { ...state }, persistent, language);
    return run.until(run.answer(answer));
  }
}

/** One step under way. Parts of the state are copied before they are first changed. */
export class Run {
  /**
   * @param {Story} story
   * @param {State} state a copy that may be changed at its top level
   * @param {Persistent} persistent read only
   * @param {string} [language]
   */
  constructor(story, state, persistent, language) {
    this.story = story;
    this.state = state;
    this.persistent = persistent;
    this.language = language ?? story.program.language;
    /** @type {Event[]} */
    this.events = [];
    this.changes = nothing();
    this.linked = story.scene(state.scene);
    this.sections = 0;
    this.waits = false;
  }

  // What expressions ask.

  /** @param {string} name @returns {Value} */
  variable(name) {
    const variable = this.story.program.variables[name];
    if (variable.scope !== "persistent") return this.state.vars[name];
    return this.changes.vars[name] ?? this.persistent.vars[name] ?? variable.default;
  }

  /** @param {string} name */
  draw(name) {
    const [value, after] = draw(this.state.rng[name]);
    this.state.rng = { ...this.state.rng, [name]: after };
    this.record({ t: "draw", stream: name, value });
    return value / 2 ** 53;
  }

  /** @param {string} id @param {boolean} ever */
  times(id, ever) {
    if (!ever) return this.state.counts[id] ?? 0;
    return (this.persistent.counts[id] ?? 0) + (this.changes.counts[id] ?? 0);
  }

  /** @param {string} place */
  title(place) {
    const [name, label] = place.split("#");
    return this.story.scene(name).titles.get(label) ?? "";
  }

  /** @param {Expr|undefined} condition */
  holds(condition) {
    return condition === undefined || evaluate(condition, this);
  }

  /** @param {Expr[]|undefined} slots @returns {Value[]} */
  values(slots) {
    return (slots ?? []).map((slot) => evaluate(slot, this));
  }

  // Changes.

  /** @param {Event} event */
  record(event) {
    this.events.push(event);
  }

  /** @param {string} id @param {boolean} [inRun] */
  count(id, inRun = true) {
    if (inRun) this.state.counts = { ...this.state.counts, [id]: this.times(id, false) + 1 };
    this.changes.counts[id] = (this.changes.counts[id] ?? 0) + 1;
  }

  /** @param {string} name @param {Value} value */
  set(name, value) {
    const variable = this.story.program.variables[name];
    value = assigned(variable, value, this.variable(name));
    if (variable.scope === "persistent") this.changes.vars[name] = value;
    else this.state.vars = { ...this.state.vars, [name]: value };
    this.record({ t: "set", var: name, value });
  }

  /** @param {string[]} who @param {Look} look */
  dress(who, look) {
    const looks = { ...this.state.looks };
    for (const name of who) if (looks[name]) looks[name] = { ...looks[name], ...look };
    this.state.looks = looks;
  }

  /**
   * @param {string} id
   * @param {Text} text the source's
   * @param {Value[]} values
   */
  render(id, text, values) {
    return renderIn(this.story.program, this.language, id, text, values, this);
  }

  // Flow. Where it goes on is the index of a node of `this.linked`.

  /** @param {number} at @returns {Step} */
  until(at) {
    const { state } = this;
    while (!this.waits && at !== OVER) {
      at = at === END ? this.leave() : this.execute(this.linked.nodes[at], at);
    }
    if (!this.waits) state.waiting = state.line = state.page = state.menu = state.input = null;
    state.at = at;
    return { state, events: this.events, changes: this.changes };
  }

  /** Wait here. @param {string} id @param {number} at */
  wait(id, at) {
    this.state.waiting = id;
    this.waits = true;
    return at;
  }

  /** @param {Event} event @returns {number} */
  over(event) {
    this.record(event);
    if (event.t === "ending") {
      const { id, name, title } = event;
      this.state.ending = { id, name, title };
    }
    this.state.stack = [];
    return OVER;
  }

  /** Go on at the end of a scene. @returns {number} */
  leave() {
    if (this.state.stack.length) return this.comeBack();
    const { scene } = this.linked;
    if (scene.next !== undefined) return this.enter(scene.next);
    return this.over({ t: "ending", id: scene.id, name: "", title: "" });
  }

  /** Return to the latest call. @param {Value} [value] @returns {number} */
  comeBack(value) {
    const frame = this.state.stack[this.state.stack.length - 1];
    this.state.stack = this.state.stack.slice(0, -1);
    this.state.page = null;
    this.move(frame.scene);
    const node = this.linked.nodes[/** @type {number} */ (this.linked.ids.get(frame.call))];
    if (value !== undefined && node.op.into !== undefined) this.set(node.op.into, value);
    return node.next;
  }

  /** @param {string} scene */
  move(scene) {
    this.linked = this.story.scene(scene);
    this.state.scene = scene;
  }

  /** @param {string} place @param {[string, Value][]} [args] @returns {number} */
  go(place, args) {
    const [name, label] = place.split("#");
    this.state.page = null;
    if (label === "" || name !== this.state.scene) return this.enter(name, args, label);
    for (const [param, value] of args ?? []) this.set(param, value);
    return /** @type {number} */ (this.linked.labels.get(label));
  }

  /** @param {string} name @param {[string, Value][]} [args] @param {string} [label] @returns {number} */
  enter(name, args = [], label = "") {
    this.move(name);
    const { scene, labels } = this.linked;
    this.state.page = null;
    this.count(scene.id);
    for (const variable of scene.scene_variables ?? []) {
      const { default: value } = this.story.program.variables[variable];
      if (!equal(this.state.vars[variable], value)) this.set(variable, value);
    }
    for (const [param, value] of args) this.set(param, value);
    for (const op of scene.enter ?? []) this.stage(op);
    return /** @type {number} */ (labels.get(label));
  }

  /** @param {string|null} answer @returns {number} */
  answer(answer) {
    const { state } = this;
    const node = this.linked.nodes[state.at];
    const { op } = node;
    if (op.op === "menu") {
      if (!state.menu?.choices.some((choice) => choice.enabled && choice.id === answer)) {
        throw new RangeError(`the menu offers no choice ${answer}`);
      }
      state.menu = state.line = null;
      return this.choose(node, /** @type {string} */ (answer));
    }
    if (op.op === "input") {
      let text = String(answer ?? "").replace(/[\0-\x1f\x7f-\x9f]/g, "").normalize("NFC");
      if (op.max !== undefined) text = cut(text, op.max);
      text ||= op.default ?? "";
      state.input = state.line = null;
      this.record({ t: "input", id: op.id, value: text });
      this.set(op.var, text);
    }
    return node.next;
  }

  /** @param {Node} node @param {string} id */
  choose({ op, bodies }, id) {
    this.record({ t: "choice", id, menu: op.id });
    this.count(op.id);
    this.count(id);
    return bodies[op.choices.findIndex((/** @type {Op} */ choice) => choice.id === id)];
  }

  // Ops: each does what it does and tells where flow goes on.

  /** @param {Node} node @param {number} at @returns {number} */
  execute(node, at) {
    const { op, next, bodies } = node;
    const { state } = this;
    if (STAGE_OPS.has(op.op)) {
      this.stage(op);
      return next;
    }
    switch (op.op) {
      case "section":
        if (++this.sections > MOST_SECTIONS) return this.over({ t: "stuck" });
        if (op.label !== "") this.count(op.id);
        return next;
      case "say":
        if (!this.holds(op.if) || (op.once && this.times(op.id, false) > 0)) return next;
        this.say(op, node.page);
        return this.wait(op.id, at);
      case "menu":
        return this.menu(node, at);
      case "pick":
        return this.pick(node);
      case "if": {
        const chosen = op.branches.findIndex((/** @type {Op} */ branch) => this.holds(branch.if));
        return chosen < 0 ? next : bodies[chosen];
      }
      case "jump":
        return this.go(op.to ?? evaluate(op.value, this));
      case "call": {
        if (state.stack.length >= MOST_CALLS) return this.over({ t: "stuck" });
        const args = Object.entries(op.args ?? {}).map(
          ([name, value]) => /** @type {[string, Value]} */ ([name, evaluate(/** @type {Expr} */ (value), this)]),
        );
        state.stack = [...state.stack, { scene: state.scene, call: op.id }];
        return this.go(op.to, args);
      }
      case "return": {
        const value = op.value && evaluate(op.value, this);
        return state.stack.length ? this.comeBack(value) : this.leave();
      }
      case "set": {
        let value = op.value;
        if (op.how !== "=") {
          const { type } = this.story.program.variables[op.var];
          const old = ["var", op.var];
          if (type === "set") value = [op.how === "+=" ? "union" : "minus", old, value];
          else value = [op.how[0], type === "text" ? "t" : type[0], old, value];
        }
        this.set(op.var, evaluate(value, this));
        return next;
      }
      case "input":
        state.input = { id: op.id, values: this.values(op.slots) };
        return this.wait(op.id, at);
      case "break":
        state.line = null;
        state.stage = withoutPicture(state.stage);
        this.record({ t: "break", id: op.id });
        return this.wait(op.id, at);
      case "page":
        state.line = null;
        state.page = [];
        return bodies[0];
      case "page_end":
        state.page = null;
        return next;
      case "unlock":
        this.mark("unlocks", op.name);
        this.record({ t: "unlock", name: op.name });
        return next;
      case "notify":
        this.record({ t: "notify", text: markup(this.render("", op.text, this.values(op.slots))) });
        return next;
      case "ending":
        this.mark("endings", op.name);
        return this.over({ t: "ending", id: op.id, name: op.name, title: op.title });
      default:
        throw new RangeError(`unknown op ${op.op}`);
    }
  }

  /** Add a name to a persistent list. @param {"endings"|"unlocks"} kind @param {string} name */
  mark(kind, name) {
    if (!this.persistent[kind].includes(name) && !this.changes[kind].includes(name)) this.changes[kind].push(name);
  }

  /** @param {Op} op @param {boolean} [inText] */
  stage(op, inText = false) {
    if (op.op === "show" && op.kind === "sprite" && op.look) this.dress([op.what], op.look);
    if (op.op === "voice") this.state.voice = op.name;
    if (!(inText && op.op === "speed")) this.state.stage = applyStage(this.state.stage, op);
    const { op: name, z: _, ...fields } = op;
    this.record({ ...fields, t: "stage", do: name });
  }

  /** @param {Op} op @param {boolean} page */
  say(op, page) {
    const { state } = this;
    /** @type {Shown} */
    const line = { id: op.id, values: this.values(op.slots) };
    if (op.look) this.dress(op.who, op.look);
    if (op.who.length && state.voice !== undefined) {
      line.voice = state.voice;
      delete state.voice;
    }
    this.count(op.id, Boolean(op.count || op.once));
    const parts = split(this.render(op.id, op.text, line.values));
    /** @type {Event} */
    const event = { t: "line", id: op.id, who: op.who, name: nameOf(op, this), text: markup(parts[0].text) };
    if (op.manner) event.manner = op.manner;
    if (page) event.page = true;
    this.record(event);
    for (const { ops, text } of parts.slice(1)) {
      for (const effect of ops) this.stage(effect, true);
      const more = markup(text);
      if (more) this.record({ t: "more", id: op.id, text: more });
    }
    state.line = page ? null : line;
    state.page = page ? [...(state.page ?? []), line] : null;
  }

  /** @param {Node} node @param {number} at @returns {number} */
  menu(node, at) {
    const { op, next } = node;
    /** @type {Choice[]} */
    const choices = op.choices;
    const held = choices.map((choice) => this.holds(choice.if));
    const enabled = choices.map((choice, i) => held[i] && !(choice.once && this.times(choice.id, false) > 0));
    const offered = choices.map(
      (choice, i) => (held[i] || choice.locked !== undefined) && !(choice.once && this.times(choice.id, false) > 0),
    );
    if (choices.some((choice, i) => enabled[i] && !choice.else)) {
      choices.forEach((choice, i) => {
        if (choice.else) enabled[i] = offered[i] = false;
      });
    }
    const able = choices.filter((_, i) => enabled[i]);
    if (!able.length) return next;
    if (able.length === 1 && able[0].else && !able[0].text.length) return this.choose(node, able[0].id);
    /** @type {Offer[]} */
    const offers = [];
    choices.forEach((choice, i) => {
      if (!offered[i]) return;
      /** @type {Offer} */
      const offer = { id: choice.id, values: this.values(choice.slots), enabled: enabled[i] };
      if (!enabled[i]) offer.reason = this.values(choice.locked_slots);
      offers.push(offer);
    });
    this.state.menu = { id: op.id, choices: offers };
    this.record({
      t: "menu",
      id: op.id,
      choices: offers.map(({ id, values, enabled, reason }) => {
        const choice = op.choices.find((/** @type {Op} */ other) => other.id === id);
        /** @type {Event} */
        const record = { t: "", id, text: markup(this.render(id, choice.text, values)), enabled };
        if (reason) record.reason = markup(this.render(`${id}_locked`, choice.locked, reason));
        const { t: _, ...rest } = record;
        return rest;
      }),
    });
    return this.wait(op.id, at);
  }

  /** @param {Node} node @returns {number} */
  pick({ op, next, bodies }) {
    /** @type {Item[]} */
    const items = op.items;
    const held = items.map((item) => this.holds(item.if));
    const eligible = items.filter((item, i) => held[i] && !(item.once && this.times(item.id, false) > 0));
    if (!eligible.length) return next;
    const item = this.draft(op, items, eligible);
    this.record({ t: "pick", id: op.id, item: item.id });
    this.count(item.id);
    return bodies[items.indexOf(item)];
  }

  /**
   * @param {Op} op
   * @param {Item[]} items
   * @param {Item[]} eligible
   */
  draft(op, items, eligible) {
    const memory = this.state.picks[op.id] ?? {};
    const remember = (/** @type {{ last?: string, taken?: string[] }} */ what) => {
      this.state.picks = { ...this.state.picks, [op.id]: what };
    };
    if (op.mode === "random") {
      const total = eligible.reduce((sum, item) => sum + (item.weight ?? 1), 0);
      const r = this.draw("story") * total;
      let sum = 0;
      return eligible.find((item) => r < (sum += item.weight ?? 1)) ?? eligible[eligible.length - 1];
    }
    if (op.mode === "shuffle") {
      let taken = memory.taken ?? [];
      let bag = eligible.filter((item) => !taken.includes(item.id));
      if (!bag.length) [taken, bag] = [[], eligible];
      const item = bag[Math.floor(this.draw("story") * bag.length)];
      remember({ taken: [...taken, item.id] });
      return item;
    }
    const able = new Set(eligible);
    const behind = items.findIndex((item) => item.id === memory.last) + 1;
    /** @type {Item[]} */
    let order;
    if (op.mode === "cycle") order = [...items.slice(behind), ...items.slice(0, behind)];
    else {
      const pointer = Math.min(behind, items.length - 1);
      order = [...items.slice(pointer), ...items.slice(0, pointer).reverse()];
    }
    const item = /** @type {Item} */ (order.find((candidate) => able.has(candidate)));
    remember({ last: item.id });
    return item;
  }
}

/** @param {Stage} stage @returns {Stage} */
function withoutPicture({ picture: _, ...stage }) {
  return stage;
}

/**
 * Cut rendered text at its effects.
 * @param {Inline[]} nodes
 */
function split(nodes) {
  /** @type {{ ops: Op[], text: Inline[] }[]} */
  const parts = [{ ops: [], text: [] }];
  for (const node of nodes) {
    if (typeof node !== "string" && node.tag === "fx") parts.push({ ops: node.ops, text: [] });
    else parts[parts.length - 1].text.push(node);
  }
  return parts;
}

/**
 * What the name box shows for a line.
 * @param {Op} op
 * @param {{ variable: (name: string) => Value }} world
 * @returns {string}
 */
export function nameOf(op, world) {
  if (op.as !== undefined) return op.as;
  return op.who.map((/** @type {string} */ who) => (who === "???" ? who : world.variable(`${who}.name`))).join(" & ");
}

/**
 * Render a text in a language, or in the source language where it is not translated.
 * @param {Program} program
 * @param {string} language
 * @param {string} id
 * @param {Text} text
 * @param {Value[]} values
 * @param {World} world
 */
export function renderIn(program, language, id, text, values, world) {
  const translated = language === program.language ? undefined : program.translations?.[language]?.[id];
  const rules = program.plurals?.[translated ? language : program.language] ?? [];
  if (!translated) return render(text, values, rules);
  const extra = (translated.extra ?? []).map((slot) => evaluate(slot, world));
  return render(translated.text, [...values, ...extra], rules);
}

