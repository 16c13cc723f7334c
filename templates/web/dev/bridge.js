// @ts-check
/** Brings what is built into the page that is open, and its reader back to the same line. */

import { $, toast } from "../dom.js";
import { index, program, programOf, useIndex } from "../loader.js";
import { adopt, game, isReading, makeGame } from "../reader.js";
import { canonical, plain, restore } from "../runtime/index.js";
import { settings } from "../settings.js";
import { applyTheme, setThemes } from "../theme.js";
import { patched } from "./patch.js";
import { show, showLine } from "./overlay.js";
import { replay, routeOf } from "./replay.js";
import { connect } from "./socket.js";

/** @import { Game } from "../runtime/index.js" */
/** @import { Route, Replayed } from "./replay.js" */
/** @import { News } from "./socket.js" */

/** Where the route waits while the page is loaded again. */
const KEPT = "comfyvn:route";

/** The build that the page has. @type {{ story: string, shell: string, page: string }} */
const here = JSON.parse($("comfyvn-dev").textContent);
/** The latest news, which overtakes those before it. @type {News | null} */
let waiting = null;
let busy = false;

/** @param {News} news */
async function hear(news) {
  show(news);
  waiting = news;
  if (busy) return;
  busy = true;
  while (waiting) {
    const next = waiting;
    waiting = null;
    try {
      await bring(next);
    } catch (error) {
      // A newer build may have taken away what this one names.
      if (!waiting) console.error(error);
    }
  }
  busy = false;
}

/** @param {News} news */
async function bring({ story, shell, page, from, patch }) {
  if (story === null) return;
  if (shell !== here.shell) return again();
  if (story === here.story && page === here.page) return;
  if (story !== here.story) {
    const next = patch && from === here.story ? patched(index, patch) : await (await fetch(story)).json();
    if (canonical(next.program.about ?? {}) !== canonical(program.about ?? {})) return again();
    await turnTo(next);
    here.story = story;
  }
  if (page !== here.page) await dress();
  here.page = page;
  document.dispatchEvent(new CustomEvent("vn:built", { detail: story }));
}

/** Load the page again, and come back to the same place. */
function again() {
  const route = isReading() ? routeOf(game) : null;
  if (route) sessionStorage.setItem(KEPT, JSON.stringify(route));
  location.reload();
}

/** Read the new build from the place where the old one is. @param {import("../loader.js").Index} next */
async function turnTo(next) {
  const its = programOf(next);
  const make = maker(next, its);
  /** @type {Replayed | null} */
  let found = null;
  /** @type {Game["now"]} */
  let now;
  do {
    // Who reads on meanwhile is not taken back.
    now = game.now;
    const route = routeOf(game);
    const { linked, sceneNames } = game.story;
    const known = (/** @type {string} */ scene, /** @type {string} */ id) =>
      linked.get(scene)?.ids.has(id) ?? sceneNames.includes(scene);
    found = route && (await replay(route, make, known));
  } while (game.now !== now);
  const old = game;
  useIndex(next, its);
  setThemes(program.themes, old.now?.state.stage.theme ?? program.theme);
  applyTheme();
  const fresh = found?.game ?? make(old.persistent);
  if (found) remember(old, fresh);
  await keepingFocus(() => adopt(fresh));
  if (found && isReading()) explain(found, old);
}

/** @param {import("../loader.js").Index} next @param {any} its */
const maker = (next, its) => (/** @type {unknown} */ persistent) => {
  const made = makeGame(persistent, settings.language, next, its);
  made.limit = Infinity;
  return made;
};

/**
 * What was read and found in other runs stays; variables are those of the route.
 * @param {Game} old
 * @param {Game} fresh
 */
function remember(old, fresh) {
  const kept = restore(fresh.program, old.persistent);
  for (const [id, n] of Object.entries(kept.counts)) {
    fresh.persistent.counts[id] = Math.max(n, fresh.persistent.counts[id] ?? 0);
  }
  for (const list of /** @type {const} */ (["endings", "unlocks"])) {
    fresh.persistent[list] = [...new Set([...kept[list], ...fresh.persistent[list]])];
  }
}

/** Leave what is being typed, and the focus, where they are. @param {() => Promise<void>} change */
async function keepingFocus(change) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = $("answer");
  const [typed, asked] = [field?.value, field?.form?.dataset.id];
  await change();
  const now = $("answer");
  if (now && typed !== undefined && now.form?.dataset.id === asked) now.value = typed;
  if (focused?.isConnected && focused !== document.body) focused.focus({ preventScroll: true });
}

/** Say why the place is another one. @param {Replayed} found @param {Game} old */
function explain({ blocked, deleted }, old) {
  if (!blocked) return deleted ? toast("The line you were at was deleted: this is what follows.") : undefined;
  toast(`${reason(blocked, old)} This is as far as your route still goes.`, "warning");
}

/** @param {import("./replay.js").Block} blocked @param {Game} old */
function reason({ kind, id }, old) {
  if (kind === "over") return "The story now ends before the place you were at.";
  if (kind === "asks") return "The story now asks something before the place you were at.";
  if (kind === "astray") return "The story now goes another way before the place you were at.";
  const choice = old.history().flatMap(({ view }) => view.menu?.choices ?? []).find((one) => one.id === id);
  return choice ? `“${plain(choice.text)}” cannot be chosen here any more.` : "A choice you made cannot be made any more.";
}

/** Parts of the page that a build changes and nothing else depends on. */
const PARTS = ["title", "head style", "link[rel=icon]", "link[rel=apple-touch-icon]", "#title-name", ".subtitle", "#title-foot", ".backdrop"];

/** Bring the rest of the page up to date. */
async function dress() {
  const text = await (await fetch("./")).text();
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const part of PARTS) {
    const [old, now] = [document.querySelector(part), page.querySelector(part)];
    if (old && now && old.outerHTML !== now.outerHTML) old.replaceWith(now);
  }
}

/** After the page was loaded again: back to where the reader was. */
async function comeBack() {
  const kept = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (!kept) return;
  const old = game;
  const found = await replay(/** @type {Route} */ (JSON.parse(kept)), maker(index, program));
  remember(old, found.game);
  await adopt(found.game, true);
  explain(found, old);
}

async function begin() {
  while (!document.body.classList.contains("ready")) await new Promise((resolve) => setTimeout(resolve, 10));
  game.limit = Infinity;
  try {
    await comeBack();
  } catch (error) {
    console.error(error);
  }
  const reads = connect(hear, showLine);
  const say = () => reads((isReading() && game.now?.state.scene) || "");
  say();
  document.addEventListener("vn:wait", say);
}

begin();
