// @ts-check
/** What a state looks like: everything a player draws, in a language. */

import { Run, nameOf, renderIn } from "./interpreter.js";

/** @import { Story } from "./interpreter.js" */
/** @import { ChoiceView, LineView, Op, Persistent, Shown, State, View } from "./types.js" */

/**
 * @param {Story} story
 * @param {State} state
 * @param {Persistent} persistent
 * @param {string} [language]
 * @returns {View}
 */
export function view(story, state, persistent, language = story.program.language) {
  const world = new Run(story, state, persistent, language);
  const text = (/** @type {string} */ id, /** @type {any} */ source, /** @type {any[]} */ values) =>
    renderIn(story.program, language, id, source, values, world);

  const showLine = (/** @type {Shown} */ { id, values, voice }) => {
    const op = story.op(id);
    /** @type {LineView} */
    const line = { id, who: op.who, name: nameOf(op, world), text: text(id, op.text, values) };
    if (op.manner) line.manner = op.manner;
    if (voice !== undefined) line.voice = voice;
    return line;
  };

  const { id, title, chapter } = world.linked.scene;
  const page = state.page?.map(showLine) ?? null;
  /** @type {View} */
  const out = {
    waiting: "over",
    scene: { name: state.scene, id, title, chapter },
    line: state.line ? showLine(state.line) : (page?.[page.length - 1] ?? null),
    page,
    menu: null,
    input: null,
    stage: {
      ...state.stage,
      sprites: state.stage.sprites
        .map((sprite) => (sprite.kind === "sprite" ? { ...sprite, look: state.looks[sprite.what] } : sprite))
        .sort((a, b) => a.z - b.z),
    },
    ending: state.ending ?? null,
  };
  if (state.waiting === null) return out;
  const { op } = world.linked.nodes[state.at];
  out.waiting = op.op === "say" ? "line" : /** @type {"break"|"menu"|"input"} */ (op.op);
  if (state.menu) {
    const choices = state.menu.choices.map(({ id, values, enabled, reason }) => {
      const choice = op.choices.find((/** @type {Op} */ other) => other.id === id);
      /** @type {ChoiceView} */
      const shown = { id, text: text(id, choice.text, values), enabled, seen: world.times(id, true) > 0 };
      if (reason) shown.reason = text(`${id}_locked`, choice.locked, reason);
      if (choice.timeout !== undefined) shown.timeout = choice.timeout;
      return shown;
    });
    out.menu = { id: state.menu.id, choices };
  }
  if (state.input) {
    const prompt = text(op.id, op.prompt, state.input.values);
    out.input = { id: op.id, prompt, default: op.default, max: op.max };
  }
  return out;
}
