// @ts-check
/** The beginning: storage, settings, the story's index, the title screen. */

import { $, h, toast } from "./dom.js";
import { loadIndex, program } from "./loader.js";
import { flush, game, isReading, keepPlace, openGame } from "./reader.js";
import { change, loadSettings, onSettings, settings } from "./settings.js";
import { openStage } from "./stage.js";
import { get, openStorage } from "./storage.js";
import { t } from "./strings.js";
import { watchText } from "./textbox.js";
import { setThemes } from "./theme.js";
import { fail } from "./screens/open.js";
import { openTitle } from "./screens/title.js";

const config = JSON.parse($("config").textContent);

/** The buttons below the text; the first four are all that a phone shows. */
const BAR = ["back", "history", "skip", "auto", "save", "quick_save", "quick_load", "settings", "menu"];

const ICONS = /** @type {Record<string, string>} */ ({
  back: "M15 5 8 12l7 7", history: "M5 6h14M5 12h14M5 18h9", skip: "m5 5 7 7-7 7m7-14 7 7-7 7", auto: "M7 5v14l11-7z", menu: "M4 7h16M4 12h16M4 17h16",
});

function drawBar() {
  const features = program.about?.features ?? {};
  const shown = BAR.filter((name) => !(name === "skip" && features.skip === false) && !(name === "back" && features.rollback === false));
  $("bar").replaceChildren(...shown.map((name) => {
    const icon = ICONS[name] ? `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${ICONS[name]}"/></svg>` : "";
    const button = h("button", { type: "button", "data-do": name, "aria-pressed": name === "skip" || name === "auto" ? "false" : null });
    button.innerHTML = icon;
    button.append(h("span", null, t(name)));
    return button;
  }));
  $("bar").setAttribute("aria-label", t("menu"));
}

async function begin() {
  let forgetful = false;
  await openStorage(config.id, () => {
    forgetful = true;
    if (document.body.classList.contains("ready")) toast(t("memory"), "warning");
  });
  const query = new URLSearchParams(location.search).get("lang");
  const offered = config.languages;
  const guess = [query, ...navigator.languages].find((tag) => tag && offered.includes(tag)) ??
    offered.find((/** @type {string} */ tag) => navigator.languages.some((wish) => wish.split("-")[0] === tag.split("-")[0])) ?? config.language;
  const [, persistent] = await Promise.all([loadIndex(config.story), get("persistent").catch(() => undefined)]);
  setThemes(program.themes, program.theme);
  await loadSettings({ language: guess, timers: program.about?.features?.timers !== false });
  if (query && offered.includes(query)) change({ language: query });
  else if (!offered.includes(settings.language)) change({ language: config.language });
  openStage($("stage"));
  watchText();
  openGame(persistent, settings.language);
  drawBar();
  let { language } = settings;
  onSettings(() => {
    if (settings.language === language) return;
    language = settings.language;
    drawBar();
    if (!$("title").hidden) openTitle();
  });
  const title = openTitle();
  document.body.classList.add("ready");
  if (forgetful) toast(t("memory"), "warning");
  // What the first line does not need comes behind it.
  await Promise.all([title, import("./input.js").then(({ listen }) => listen())]);
  document.body.classList.add("listening");
}

addEventListener("error", (event) => event.error && fail(event.error));
addEventListener("unhandledrejection", (event) => fail(event.reason));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden || !game) return;
  if (isReading() && game.now?.state.waiting) keepPlace();
  flush();
});

begin().catch(fail);

/** Keep the game for playing offline. A frame without storage refuses, and the game does without. */
async function keepOffline() {
  try {
    await navigator.serviceWorker.register("sw.js");
  } catch {
    // Nothing is lost but playing without a network.
  }
}

addEventListener("load", () => setTimeout(keepOffline, 1500));
