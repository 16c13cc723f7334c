// @ts-check
/** What the player may choose, and how it takes effect. */

import { get, set } from "./storage.js";
import { applyTheme } from "./theme.js";
import { speakUi } from "./strings.js";

const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const contrast = matchMedia("(prefers-contrast: more)").matches;

const defaults = {
  textSpeed: 55, // characters a second; 100 is at once
  autoSpeed: 50, // 0 to 100
  skipUnread: false,
  skipChoices: false,
  tabSkips: false,
  master: 90, music: 70, ambience: 70, sfx: 85, voice: 100,
  mute: false,
  sustain: false, // whether a voice goes on when the reader does
  silent: /** @type {string[]} */ ([]), // whose voices are not heard; "" tells the story
  mono: false,
  textSize: 100, // per cent
  spacing: 100, // per cent
  font: "theme",
  colours: contrast ? "high_contrast" : "base",
  box: 82, // opacity of the text panel, per cent
  motion: still,
  shake: !still,
  timers: true,
  captions: false,
  speak: false,
  describe: true,
  language: "",
};

/** The settings as they are. */
export const settings = { ...defaults };

/** @type {Set<() => void>} */
const listeners = new Set();

/** Call back after each change. @param {() => void} listener */
export const onSettings = (listener) => listeners.add(listener);

/** Read what was kept. @param {Record<string, any>} first what the game says where the player has not */
export async function loadSettings(first) {
  Object.assign(defaults, first);
  Object.assign(settings, defaults, await get("settings").catch(() => undefined));
  apply();
}

/** Change settings. @param {Partial<typeof settings>} changes */
export function change(changes) {
  Object.assign(settings, changes);
  apply();
  set("settings", { ...settings }).catch(() => {});
}

/** Go back to how they were at first; the language stays. */
export const resetSettings = () => change({ ...defaults, language: settings.language });

function apply() {
  const root = document.documentElement;
  root.style.setProperty("--text-scale", String(settings.textSize / 100));
  root.style.setProperty("--spacing", String(settings.spacing / 100));
  root.style.setProperty("--panel", String(settings.box / 100));
  root.dataset.font = settings.font;
  root.dataset.still = String(settings.motion);
  root.lang = settings.language;
  root.dir = /^(ar|he|fa|ur|yi)\b/.test(settings.language) ? "rtl" : "ltr";
  speakUi(settings.language);
  applyTheme(settings.colours);
  for (const listener of listeners) listener();
}
