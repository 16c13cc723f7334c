// @ts-check
/** The history: what was said and chosen, and the way back to it. */

import { h, inline, screen } from "../dom.js";
import { program } from "../loader.js";
import { game, roll } from "../reader.js";
import { t } from "../strings.js";
import { legible } from "../theme.js";
import { isHeard, say } from "../voice.js";

/** How many steps back it reaches. */
const LONGEST = 300;

/** Open it, at its newest line. */
export function openHistory() {
  /** @type {any} */
  let dialog = null;
  const rows = game.history().slice(-LONGEST).flatMap(({ steps, line, view, answer }) => {
    if (view.waiting === "menu" || view.waiting === "input") {
      if (answer === undefined) return [];
      const choice = view.menu?.choices.find((one) => one.id === answer);
      return [row("said", null, t("you"), choice ? inline(choice.text) : answer, steps)];
    }
    if (view.waiting !== "line" || !line) return [];
    const colour = program.characters[line.who[0]]?.colour;
    return [row(line.manner ?? "", colour, line.name, inline(line.text), steps, isHeard(view.scene.name, line) && (() => say(view.scene.name, line)))];
  });

  /**
   * @param {string} kind
   * @param {string | null | undefined} colour
   * @param {string} name
   * @param {any} words
   * @param {number} steps
   * @param {false | (() => void)} [voice]
   */
  function row(kind, colour, name, words, steps, voice) {
    const who = h("span.who", null, name);
    if (colour) who.style.color = legible(colour);
    return h(
      "li",
      { "data-kind": kind },
      who,
      h("span.what", null, words, voice && h("button.replay", { type: "button", "aria-label": t("voice"), onclick: voice }, "♪")),
      steps > 0 && program.about?.features?.rollback !== false &&
        h("button.jump", { type: "button", "aria-label": t("jump"), title: t("jump"), onclick: () => (dialog.close(), roll(steps)) }, "↺"),
    );
  }

  const list = h("ol", null, rows.length ? rows : h("li.nothing", null, t("no_history")));
  dialog = screen("history", t("history"), h("div.log", { role: "log", tabIndex: 0, "aria-label": t("history") }, list));
  const log = dialog.querySelector(".log");
  log.scrollTop = log.scrollHeight;
  log.focus();
}
