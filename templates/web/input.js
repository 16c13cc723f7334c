// @ts-check
/** Keys, pointer, wheel, touch and gamepad, turned into what the reader does. */

import { unlock } from "./audio.js";
import { moveFocus, pressNumber } from "./choices.js";
import { $, isOpen } from "./dom.js";
import * as reader from "./reader.js";
import { openScreen } from "./screens/open.js";
import { change, settings } from "./settings.js";

/** What each button of the bar, each key and each gesture does. @type {Record<string, () => void>} */
export const actions = {
  next: reader.next,
  back: () => reader.roll(1),
  forward: reader.forwardOrNext,
  history: () => openScreen("history"),
  skip: () => reader.toggleMode("skip"),
  auto: () => reader.toggleMode("auto"),
  save: () => openScreen("save"),
  load: () => openScreen("load"),
  menu: () => openScreen("menu"),
  settings: () => openScreen("settings"),
  quick_save: () => openScreen("quick_save"),
  quick_load: () => openScreen("quick_load"),
  hide: () => reader.bare(),
  mute: () => change({ mute: !settings.mute }),
  fullscreen: () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => undefined);
  },
};

/** @type {Record<string, string>} */
const KEYS = {
  Enter: "next", " ": "next", ArrowRight: "next", PageUp: "back", Backspace: "back", ArrowLeft: "back", PageDown: "forward",
  l: "history", a: "auto", s: "skip", h: "hide", q: "quick_save", Q: "quick_load", f: "fullscreen", F11: "fullscreen", m: "mute", Escape: "menu", Delete: "hide",
};

let held = 0;

/** @param {KeyboardEvent} event */
function onKey(event) {
  unlock();
  const target = /** @type {HTMLElement} */ (event.target);
  if (isOpen() || !reader.isReading() || event.isComposing) return;
  if (event.key === "Control" && !event.repeat) {
    held = window.setTimeout(() => reader.setMode("held"), 250);
    return;
  }
  clearTimeout(held);
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Tab" && settings.tabSkips && !reader.isAsked()) return act(event, "skip");
  if (target.matches("input, select, textarea")) {
    if (event.key === "Escape") act(event, "menu");
    return;
  }
  const button = target.matches("button") && target.id !== "next";
  if (button && (event.key === "Enter" || event.key === " ")) return;
  if (reader.isAsked()) {
    if (/^[1-9]$/.test(event.key)) return pressNumber(Number(event.key));
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (way) {
      event.preventDefault();
      return moveFocus(way);
    }
  }
  const name = KEYS[event.key] ?? KEYS[event.key.toLowerCase()];
  if (name && !(event.repeat && name === "next")) act(event, name);
}

/** @param {Event} event @param {string} name */
function act(event, name) {
  event.preventDefault();
  actions[name]();
}

/** @param {KeyboardEvent} event */
function onKeyUp(event) {
  if (event.key !== "Control") return;
  clearTimeout(held);
  if (reader.modeNow() === "held") reader.setMode("");
}

/** @type {{ x: number, y: number, time: number, long: number } | null} */
let touch = null;
let swiped = false;

/** @param {PointerEvent} event */
function onDown(event) {
  swiped = false;
  if (event.pointerType === "mouse" || /** @type {Element} */ (event.target).closest("form")) return;
  const long = window.setTimeout(() => {
    touch = null;
    swiped = true;
    reader.bare(true);
  }, 650);
  touch = { x: event.clientX, y: event.clientY, time: event.timeStamp, long };
}

/** @param {PointerEvent} event */
function onMove(event) {
  if (touch && Math.hypot(event.clientX - touch.x, event.clientY - touch.y) > 12) clearTimeout(touch.long);
}

/** @param {PointerEvent} event */
function onUp(event) {
  if (!touch) return;
  clearTimeout(touch.long);
  const [x, y] = [event.clientX - touch.x, event.clientY - touch.y];
  touch = null;
  if (Math.max(Math.abs(x), Math.abs(y)) < 48) return;
  swiped = true;
  if (Math.abs(x) > Math.abs(y)) actions[x > 0 ? "back" : "forward"]();
  else if (y > 0) actions.history();
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (swiped) {
    swiped = false;
    return;
  }
  const button = target.closest("[data-do]");
  if (button) return actions[/** @type {HTMLElement} */ (button).dataset.do ?? ""]?.();
  if (document.body.classList.contains("bare")) return reader.bare(false);
  if (target.closest("button, a, input, form, label, #choices")) return;
  if (getSelection()?.toString()) return;
  reader.next();
}

let wheeled = 0;

/** @param {WheelEvent} event */
function onWheel(event) {
  if (isOpen() || event.ctrlKey || event.timeStamp - wheeled < 90) return;
  const scroller = /** @type {HTMLElement} */ (event.target).closest("#text, #page, #choices");
  if (scroller && scroller.scrollHeight > scroller.clientHeight + 4) return;
  wheeled = event.timeStamp;
  if (event.deltaY < 0) actions.back();
  else if (event.deltaY > 0 && reader.game.future.length) actions.forward();
}

/** Buttons of the standard gamepad. @type {Record<number, string>} */
const PAD = { 0: "next", 1: "menu", 2: "hide", 3: "history", 4: "back", 5: "skip", 8: "save", 9: "menu", 12: "up", 13: "down", 14: "back", 15: "next" };
/** @type {Set<number>} */
let pressed = new Set();

function pollPad() {
  const pad = navigator.getGamepads().find(Boolean);
  if (!pad) return;
  const now = new Set(pad.buttons.flatMap((button, i) => (button.pressed ? [i] : [])));
  for (const i of now) {
    if (pressed.has(i) || !PAD[i]) continue;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    if (isOpen()) {
      if (i === 1) /** @type {any} */ ([...document.querySelectorAll("dialog[open]")].pop()).close();
      else if (i === 0) focused?.click();
    } else if (!reader.isReading()) {
      if (i === 0) focused?.click();
    } else if (PAD[i] === "up" || PAD[i] === "down") moveFocus(PAD[i] === "up" ? -1 : 1);
    else if (i === 0 && reader.isAsked()) focused?.matches(".choice") && focused.click();
    else actions[PAD[i]]();
  }
  pressed = now;
  requestAnimationFrame(pollPad);
}

/** Listen. */
export function listen() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("keyup", onKeyUp);
  document.addEventListener("pointerdown", unlock);
  const surface = $("reader");
  surface.addEventListener("pointerdown", onDown);
  surface.addEventListener("pointermove", onMove);
  surface.addEventListener("pointerup", onUp);
  surface.addEventListener("pointercancel", () => {
    clearTimeout(touch?.long);
    touch = null;
  });
  surface.addEventListener("click", onClick);
  surface.addEventListener("auxclick", (/** @type {MouseEvent} */ event) => event.button === 1 && actions.hide());
  surface.addEventListener("contextmenu", (/** @type {MouseEvent} */ event) => {
    // A field has a menu of its own, to paste and correct.
    if (/** @type {Element} */ (event.target).closest("input, select, textarea")) return;
    if (/** @type {any} */ (event).pointerType === "mouse" || !("pointerType" in event)) act(event, "menu");
    else event.preventDefault();
  });
  surface.addEventListener("wheel", onWheel, { passive: true });
  addEventListener("gamepadconnected", pollPad);
}
