// @ts-check
/** What the player is asked: choices, with reasons and timers, and typed answers. */

import { $, announce, h, inline, isOpen } from "./dom.js";
import { plain } from "./runtime/index.js";
import { settings } from "./settings.js";
import { t } from "./strings.js";

/** @typedef {import("./runtime/types.js").ChoiceView} ChoiceView */

let timer = 0;

/** Show whether more choices follow below. */
export function markChoices() {
  const box = $("choices");
  box.classList.toggle("more", box.scrollHeight - box.clientHeight - box.scrollTop >= 6);
}

/** Take the question away. */
export function clearChoices() {
  cancelAnimationFrame(timer);
  $("choices").hidden = true;
  $("choices").replaceChildren();
}

/**
 * Offer choices.
 * @param {ChoiceView[]} choices
 * @param {string | undefined} taken the one that was taken before rolling back
 * @param {(id: string) => void} choose
 */
export function offer(choices, taken, choose) {
  let number = 0;
  const cards = choices.map((choice) => {
    const key = choice.enabled ? ++number : 0;
    return h(
      "button.choice",
      {
        type: "button", "aria-disabled": choice.enabled ? null : "true", "data-id": choice.id, "data-key": key || null,
        "data-seen": choice.seen ? "1" : null, "data-taken": choice.id === taken ? "1" : null,
        onclick: () => choice.enabled && choose(choice.id),
      },
      h("span.number", { "aria-hidden": "true" }, key ? String(key) : "·"),
      h("span.words", null, inline(choice.text), !choice.enabled && h("small.reason", null, h("span.sr", null, `${t("unavailable")}. `), choice.reason ? inline(choice.reason) : "")),
    );
  });
  const box = $("choices");
  box.replaceChildren(...cards);
  box.hidden = false;
  box.classList.toggle("many", cards.length > 5);
  box.scrollTop = 0;
  announce(choices.map((choice, i) => `${i + 1}. ${plain(choice.text)}${choice.enabled ? "" : ` (${t("unavailable")}${choice.reason ? `: ${plain(choice.reason)}` : ""})`}`).join("\n"));
  if (!isOpen()) box.focus({ preventScroll: true });
  const timed = choices.find((choice) => choice.timeout !== undefined && choice.enabled);
  if (timed && settings.timers) countDown(/** @type {number} */ (timed.timeout), () => choose(timed.id));
}

/** Show how much time is left; it stands still while a screen is open. @param {number} seconds @param {() => void} over */
function countDown(seconds, over) {
  const bar = h("div.timer", { role: "timer", "aria-label": `${seconds} ${t("seconds_left")}` }, h("i"));
  $("choices").prepend(bar);
  let left = seconds;
  let last = performance.now();
  const tick = (/** @type {number} */ now) => {
    if (!isOpen() && !document.hidden) left -= Math.min(now - last, 250) / 1000;
    last = now;
    if (!settings.timers) return bar.remove();
    bar.firstElementChild.style.transform = `scaleX(${Math.max(left / seconds, 0)})`;
    if (left <= 0) over();
    else timer = requestAnimationFrame(tick);
  };
  timer = requestAnimationFrame(tick);
}

/**
 * Ask for a text.
 * @param {{ id: string, prompt: import("./runtime/types.js").Inline[], default?: string, max?: number }} input
 * @param {string | undefined} given the answer before rolling back
 * @param {(text: string) => void} answer
 */
export function ask(input, given, answer) {
  const field = h("input", { type: "text", value: given ?? input.default ?? "", autocomplete: "off", spellcheck: false, id: "answer", enterKeyHint: "done" });
  const cut = () => {
    const letters = [...field.value];
    if (input.max !== undefined && letters.length > input.max) field.value = letters.slice(0, input.max).join("");
  };
  const form = h(
    "form.ask-text",
    { "data-id": input.id, onsubmit: (/** @type {Event} */ event) => (event.preventDefault(), answer(field.value)) },
    h("label", { for: "answer" }, inline(input.prompt)),
    h("div.row", null, field, h("button.primary", { type: "submit" }, t("ok"))),
  );
  field.addEventListener("change", cut);
  field.addEventListener("input", (/** @type {InputEvent} */ event) => event.isComposing || cut());
  const box = $("choices");
  box.replaceChildren(form);
  box.hidden = false;
  announce(plain(input.prompt));
  if (!isOpen()) {
    field.focus();
    field.select();
  }
}

/** Take the choice with a number. @param {number} number */
export function pressNumber(number) {
  $("choices").querySelector(`[data-key="${number}"]`)?.click();
}

/** Move the focus among the choices. @param {number} way */
export function moveFocus(way) {
  const cards = [...$("choices").querySelectorAll("button.choice")];
  const now = cards.indexOf(document.activeElement);
  cards[(now < 0 ? (way > 0 ? 0 : cards.length - 1) : now + way + cards.length) % cards.length]?.focus();
}
