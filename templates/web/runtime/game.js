// @ts-check
/** A game being played: the story, where it is, the way back, and what persists. */

import { MissingScene, Story, keep } from "./interpreter.js";
import { load, restore, save } from "./save.js";
import { view } from "./view.js";

/** @import { Event, LineView, Origin, Persistent, Program, Save, Scene, State, Step, View } from "./types.js" */

/**
 * A scene as it is fetched, with the translations of its texts by language and id.
 * @typedef {{ scene: Scene, translations?: Program["translations"] }} Fragment
 */

/** A step that was reached. @typedef {{ state: State, read: boolean, chosen?: string }} Moment */

export class Game {
  /**
   * @param {Program} program its `scenes` may be empty or hold some of them
   * @param {object} [options]
   * @param {(scene: string) => Fragment | Promise<Fragment>} [options.loadScene]
   * @param {string[]} [options.scenes] the names of all scenes, where `program.scenes` has not all
   * @param {unknown} [options.persistent] what `game.persistent` was at the last visit
   * @param {string} [options.language]
   * @param {number} [options.limit] how many steps back are kept
   */
  constructor(program, options = {}) {
    this.program = program;
    this.story = new Story(program, options.scenes);
    this.loadScene = options.loadScene;
    this.language = options.language ?? program.language;
    this.limit = options.limit ?? 500;
    /** @type {Persistent} */
    this.persistent = restore(program, options.persistent);
    /** Steps that `back` can go to, the latest last. @type {Moment[]} */
    this.past = [];
    /** Steps that `forward` can go to, the nearest last. @type {Moment[]} */
    this.future = [];
    /** @type {Moment|null} */
    this.now = null;
    /** What the run began from: with the answers in `past`, what takes one to play it again. @type {Origin|null} */
    this.origin = null;
    /** What happened in the latest step, in order; empty after `back`, `forward` and most loads. @type {Event[]} */
    this.events = [];
  }

  /**
   * Begin a new game.
   * @param {number} [seed] from 0 to 2^53; the story's own when it has one
   */
  async start(seed = this.program.seed ?? randomSeed()) {
    const origin = { seed, persistent: structuredClone(this.persistent) };
    this.take(await this.complete(() => this.story.start(seed, this.persistent, this.language)), true);
    this.origin = origin;
  }

  /**
   * Go on: `null` from a line or break, a choice's id, an input's text.
   * @param {string|null} [answer]
   */
  async advance(answer = null) {
    const { now } = this;
    if (!now) throw new RangeError("no game has been started");
    const step = await this.complete(() => this.story.advance(now.state, answer, this.persistent, this.language));
    if (this.now !== now) return;
    if (answer !== null) now.chosen = answer;
    this.take(step, false);
  }

  /** Go back some steps, as far as there are any. @param {number} [steps] */
  back(steps = 1) {
    for (let i = 0; i < steps && this.now && this.past.length; i++) {
      this.future.push(this.now);
      this.now = /** @type {Moment} */ (this.past.pop());
    }
    this.events = [];
  }

  /** Take back some steps of `back`. @param {number} [steps] */
  forward(steps = 1) {
    for (let i = 0; i < steps && this.now && this.future.length; i++) {
      this.past.push(this.now);
      this.now = /** @type {Moment} */ (this.future.pop());
    }
    this.events = [];
  }

  /** What to draw. @returns {View & { read: boolean }} with whether the line was read before */
  view() {
    if (!this.now) throw new RangeError("no game has been started");
    return { ...view(this.story, this.now.state, this.persistent, this.language), read: this.now.read };
  }

  /**
   * The lines of the past steps and this one, oldest first, in the current language; `steps` is
   * what `back` needs to go there, `answer` what was chosen or typed there.
   * @returns {{ steps: number, line: LineView|null, view: View, answer?: string }[]}
   */
  history() {
    const moments = this.now ? [...this.past, this.now] : [];
    return moments.map(({ state, chosen }, i) => {
      const shown = view(this.story, state, this.persistent, this.language);
      return { steps: moments.length - 1 - i, line: shown.line, view: shown, answer: chosen };
    });
  }

  /** @param {Date} [when] @returns {Save} */
  save(when = new Date()) {
    if (!this.now) throw new RangeError("no game has been started");
    return save(this.story, this.now.state, when.toISOString());
  }

  /**
   * Continue a save, also one of an older build of the story.
   * @param {Save} saved
   * @throws {SaveError}
   */
  async load(saved) {
    const origin = { saved, persistent: structuredClone(this.persistent) };
    this.take(await this.complete(() => load(this.story, saved, this.persistent, this.language)), true);
    this.origin = origin;
  }

  /** Load a scene now that will be needed soon. @param {string} scene */
  async prefetch(scene) {
    if (this.story.linked.has(scene) || this.program.scenes[scene]) return;
    if (!this.loadScene) throw new MissingScene(scene);
    const { scene: body, translations = {} } = await this.loadScene(scene);
    for (const [language, texts] of Object.entries(translations)) {
      Object.assign((this.program.translations[language] ??= {}), texts);
    }
    this.program.scenes[scene] = body;
  }

  /**
   * Take a step, fetching the scenes that it asks for.
   * @param {() => Step} step
   */
  async complete(step) {
    for (;;) {
      try {
        return step();
      } catch (error) {
        if (!(error instanceof MissingScene)) throw error;
        await this.prefetch(error.scene);
      }
    }
  }

  /** @param {Step} step @param {boolean} fresh whether the way back ends here */
  take({ state, events, changes }, fresh) {
    const line = state.line ?? state.page?.[state.page.length - 1];
    const read = !!line && (this.persistent.counts[line.id] ?? 0) > 0;
    keep(this.persistent, changes);
    if (fresh) this.past = [];
    else if (this.now) this.past.push(this.now);
    if (this.past.length > this.limit) this.past.shift();
    this.future = [];
    this.now = { state, read };
    this.events = events;
  }
}

/** A seed that the platform draws. */
function randomSeed() {
  const [high, low] = crypto.getRandomValues(new Uint32Array(2));
  return (high >>> 11) * 2 ** 32 + low;
}

