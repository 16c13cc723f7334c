// @ts-check
/**
 * The reading loop. It tells the page of itself by two events on `document`: `vn:record`, one for
 * each record of the transcript when it comes to be seen or heard, and `vn:wait` when it waits
 * (`detail` is `line`, `break`, `menu`, `input`, `pause` or `over`).
 */

import { settleSound, silence, sound } from "./audio.js";
import { ask, clearChoices, offer } from "./choices.js";
import { $, announce, isOpen, toast } from "./dom.js";
import { index, loadScene, loadWords, picture, backgroundOf, prefetch, program } from "./loader.js";
import { Game, SaveError, nothing, plain } from "./runtime/index.js";
import { settings } from "./settings.js";
import * as stage from "./stage.js";
import * as storage from "./storage.js";
import { human, t } from "./strings.js";
import { Typing, clearText, place, scrollOn, seenPart, showAll } from "./textbox.js";
import { hush, say, speaking } from "./voice.js";
import { fail, showEnding } from "./screens/open.js";

/** @type {Game} */
export let game;
/** @type {"closed" | "busy" | "moving" | "typing" | "waiting"} */
let phase = "closed";
/** Counts performances, so that one that was overtaken stops. */
let turn = 0;
/** @type {Typing | null} */
let typing = null;
/** Ends a pause early. @type {(() => void) | null} */
let endPause = null;
/** Whether the rest of this step is to be shown without motion. */
let quick = false;
let autoTimer = 0;
/** @type {"" | "auto" | "skip" | "held"} */
let mode = "";
let scene = "";

/** Make the game; `persistent` is what it left at the last visit. @param {unknown} persistent @param {string} language */
export function openGame(persistent, language) {
  game = makeGame(persistent, language, index, program);
}

/**
 * A game that reads one build of the story, whatever build others read.
 * @param {unknown} persistent
 * @param {string} language
 * @param {import("./loader.js").Index} from
 * @param {any} its the Program of `from`
 */
export const makeGame = (persistent, language, from, its) =>
  new Game(its, { loadScene: (name) => loadScene(name, from), scenes: Object.keys(from.scenes), persistent, language, limit: 1000 });

/**
 * Go on in another game, which has come to its place unseen: what is shown changes in place, what
 * sounds and stays goes on sounding.
 * @param {Game} next
 * @param {boolean} [open] whether it is read now; else the title or the ending stays
 */
export async function adopt(next, open = phase !== "closed") {
  const spoken = game?.now ? game.view().line?.voice : undefined;
  game = next;
  if (!open) return;
  show();
  await redraw(game.view().line?.voice === spoken);
}

/** @param {string} name @param {unknown} detail */
const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

export const isReading = () => phase !== "closed";
/** Whether the player is asked something. */
export const isAsked = () => !$("choices").hidden;
export const modeNow = () => mode;

/** Begin a new game. @param {number} [seed] */
export const startGame = (seed) => enter(() => game.start(seed));

/** Continue a save. @param {any} saved */
export const resumeGame = (saved) => enter(() => game.load(saved));

/** @param {() => Promise<void>} begin */
async function enter(begin) {
  if (phase === "busy") return;
  if (phase === "closed") stage.clear();
  await step(begin);
}

/** Be on the reading screen, wherever the game was begun. */
function show() {
  document.body.dataset.screen = "reader";
  $("title").hidden = true;
  $("reader").hidden = false;
  $("ending")?.remove();
}

/** Leave for the title screen. */
export function leave() {
  turn += 1;
  phase = "closed";
  setMode("");
  silence();
  hush();
  clearChoices();
  clearText();
  $("reader").hidden = true;
}

/** Go back from where the story stopped. */
export function turnBack() {
  game.back();
  show();
  redraw();
}

/** Forget all that outlives a run. */
export function forget() {
  leave();
  game.persistent = nothing();
}

/** @type {number | undefined} */
let loadingTimer;

/** Show a sign of loading when the next line is long in coming. */
function loadingSoon() {
  loaded();
  loadingTimer = setTimeout(() => document.body.classList.add("loading"), 300);
}

function loaded() {
  clearTimeout(loadingTimer);
  document.body.classList.remove("loading");
}

/** Take a step and perform it. @param {() => Promise<void>} take */
async function step(take) {
  const mine = ++turn;
  const before = phase;
  phase = "busy";
  clearTimeout(autoTimer);
  loadingSoon();
  try {
    await take();
    if (mine !== turn) return;
    show();
    if (game.events.length) await perform(mine);
    else await redraw();
  } catch (error) {
    phase = before === "waiting" ? before : "closed";
    if (error instanceof SaveError) toast(t("bad_save"), "warning");
    else fail(error);
  } finally {
    loaded();
  }
}

/** Perform what happened. @param {number} mine */
async function perform(mine) {
  const view = game.view();
  const state = /** @type {any} */ (game.now).state;
  const events = [...game.events];
  quick = mode === "skip" || mode === "held";
  if (quick && !mayPass(view)) setMode("");
  quick &&= mode !== "";
  keepPersistent();
  clearChoices();
  stageAhead(view);
  /** @type {any} */
  let over = null;
  while (events.length) {
    const event = /** @type {any} */ (events.shift());
    if (event.t === "line") {
      loaded();
      await performLine(view, state, events, mine, event);
    } else {
      tell("vn:record", event);
      if (event.t === "stage") await performOp({ ...event, op: event.do }, mine, () => clearIfOver(view));
      else if (event.t === "notify") note(event.text);
      else if (event.t === "unlock" && !quick) note(`${t("unlocked")}: ${human(event.name)}`);
      else if (event.t === "ending" || event.t === "stuck") over = event;
    }
    if (mine !== turn) return;
  }
  stage.setLooks(state.looks);
  await Promise.race([stage.settle(view.stage, true), new Promise((resolve) => setTimeout(resolve, 100))]);
  if (mine !== turn) return;
  if (over) return finish(over);
  await wait(view);
}

/** Text of the step before stays under a transition only if it is still on display. @param {any} view */
function clearIfOver(view) {
  if (!view.line || view.waiting === "line") clearText();
}

/** Fetch the pictures of the step's end while its beginning plays. @param {any} view */
const stageAhead = (view) => void picture(backgroundOf(view.stage));

/**
 * @param {any} view
 * @param {any} state
 * @param {any[]} events those that follow the line
 * @param {number} mine
 * @param {any} record
 */
async function performLine(view, state, events, mine, record) {
  const showing = events.some((event) => event.t === "stage" && event.do === "show");
  if (!showing) {
    stage.setLooks(state.looks);
    stage.settle(view.stage, quick);
  }
  const parts = place(view.line, view.page);
  tell("vn:record", record);
  announceLine(view.line);
  if (!quick) say(view.scene.name, view.line);
  phase = "typing";
  $("reader").classList.add("typing");
  const effects = async (/** @type {any[]} */ ops, /** @type {boolean} */ fast) => {
    for (const op of ops) {
      const event = events.shift();
      if (mine !== turn) return;
      tell("vn:record", event);
      if (op.op === "pause" ? fast || quick : false) continue;
      phase = op.op === "pause" ? "moving" : phase;
      await performOp(op, mine, () => undefined);
      phase = "typing";
    }
    if (events[0]?.t === "more") tell("vn:record", events.shift());
  };
  typing = new Typing(parts, effects, state.stage.speed ?? 1);
  if (quick) typing.finish();
  await typing.run();
  typing = null;
  $("reader").classList.remove("typing");
}

/** @param {any} op @param {number} mine @param {() => void} before */
async function performOp(op, mine, before) {
  if (op.op === "pause") return quick ? undefined : pause(op.seconds, mine);
  if (op.op === "play" || op.op === "stop") return sound(op, quick);
  if (op.op === "voice" || op.op === "speed") return;
  if (op.op === "picture") seePicture(op.asset);
  if (op.wait && !quick) before();
  if (phase !== "typing") phase = "moving";
  const done = stage.perform(op, quick);
  if (op.wait && !quick) await done;
  else if (op.op === "scene") await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 60))]);
}

/** @param {number | undefined} seconds none: until the player goes on @param {number} mine */
async function pause(seconds, mine) {
  const was = phase;
  phase = "moving";
  await new Promise((resolve) => {
    endPause = () => resolve(undefined);
    if (seconds !== undefined) setTimeout(resolve, seconds * 1000);
    $("reader").classList.toggle("paused", seconds === undefined);
    tell("vn:wait", "pause");
  });
  endPause = null;
  $("reader").classList.remove("paused");
  if (mine === turn) phase = was;
}

/** Be still until the player does something. @param {any} view */
async function wait(view) {
  phase = "waiting";
  if (view.waiting === "break") clearText();
  if (view.waiting === "menu") {
    offer(view.menu.choices, /** @type {any} */ (game.now).chosen, choose);
    if (!settings.skipChoices) setMode(mode === "auto" ? "auto" : "");
  } else if (view.waiting === "input") {
    setMode(mode === "auto" ? "auto" : "");
    ask(view.input, /** @type {any} */ (game.now).chosen, (text) => step(() => game.advance(text)));
  } else if (!isOpen()) $("next").focus({ preventScroll: true });
  const name = view.scene.id;
  if (name !== scene || view.waiting === "menu") keepPlace(view);
  if (name !== scene) prefetch(/** @type {any} */ (game.now).state.scene);
  scene = name;
  tell("vn:wait", view.waiting);
  goOn(view);
}

/** Save by itself. @param {any} view */
export async function keepPlace(view = game.view()) {
  if (view.waiting !== "over") (await import("./saves.js")).autosave(game, view);
}

/** Let auto and skip do their part. @param {any} view */
function goOn(view) {
  clearTimeout(autoTimer);
  if (view.waiting !== "line" && view.waiting !== "break") return;
  if (mode === "skip" || mode === "held") autoTimer = window.setTimeout(() => mode && next(), 25);
  else if (mode === "auto") {
    const length = view.line ? plain(view.line.text).length : 10;
    const ms = (900 + length * 55 * seenPart()) * (2 - settings.autoSpeed / 60);
    const go = () => {
      if (mode !== "auto") return;
      if (speaking() || isOpen() || document.hidden) autoTimer = window.setTimeout(go, 300);
      else next();
    };
    autoTimer = window.setTimeout(go, Math.max(ms, 300));
  }
}

/** Whether skipping may pass this step. @param {any} view */
const mayPass = (view) => settings.skipUnread || !view.line || view.waiting !== "line" || view.read;

/** @param {string} id */
function choose(id) {
  if (phase !== "waiting") return;
  step(() => game.advance(id));
}

/** Show the present as it is, as after going back. @param {boolean} [spoken] whether a voice may go on */
export async function redraw(spoken = false) {
  const mine = ++turn;
  clearTimeout(autoTimer);
  typing?.finish();
  endPause?.();
  const view = game.view();
  clearChoices();
  stage.setLooks(/** @type {any} */ (game.now).state.looks);
  stage.hurry();
  stage.settle(view.stage, false);
  settleSound(view.stage);
  if (!spoken) hush();
  if (view.line) {
    showAll(place(view.line, view.page));
    announceLine(view.line);
  } else clearText();
  $("reader").classList.remove("typing", "paused");
  if (mine !== turn) return;
  if (view.waiting === "over") return finish(view.ending ? { t: "ending", ...view.ending } : { t: "stuck" });
  await wait(view);
}

/** The player goes on: finish what moves, or take the next step. */
export function next() {
  if (document.body.classList.contains("bare")) return bare(false);
  if (phase === "moving" || phase === "typing") {
    quick = quick || phase === "moving";
    stage.hurry();
    endPause?.();
    typing?.finish();
  } else if (phase === "waiting") {
    // What does not fit is read before anything else comes; who skips does not read.
    const scrolled = (!mode || mode === "auto") && scrollOn();
    if (scrolled) goOn(game.view());
    else if (!isAsked()) step(() => game.advance());
  }
}

/** Go back, or forward again. @param {number} steps negative: forward */
export function roll(steps) {
  if (phase === "closed" || phase === "busy" || program.about?.features?.rollback === false) return;
  const there = steps > 0 ? game.past.length : game.future.length;
  if (!there) {
    if (steps > 0) toast(t("no_past"));
    return;
  }
  setMode("");
  if (steps > 0) game.back(steps);
  else game.forward(-steps);
  redraw();
}

/** Forward after going back, else on. */
export const forwardOrNext = () => (game.future.length && phase === "waiting" ? roll(-1) : next());

/** @param {"" | "auto" | "skip" | "held"} to */
export function setMode(to) {
  if ((to === "skip" || to === "held") && program.about?.features?.skip === false) return;
  mode = to;
  document.body.dataset.mode = to;
  $("mode").textContent = to === "auto" ? t("auto_on") : to ? t("skipping") : "";
  for (const name of ["auto", "skip"]) $("bar").querySelector(`[data-do=${name}]`)?.setAttribute("aria-pressed", String(to === name));
  clearTimeout(autoTimer);
  if (!to || phase === "closed") return;
  if (to !== "auto" && phase !== "waiting") return next();
  if (phase !== "waiting") return;
  const view = game.view();
  if (to !== "auto" && !mayPass(view)) {
    next();
    return;
  }
  goOn(view);
}

/** @param {"auto" | "skip"} which */
export const toggleMode = (which) => setMode(mode === which ? "" : which);

/** Hide the text to look at the picture. @param {boolean} [on] */
export function bare(on = !document.body.classList.contains("bare")) {
  document.body.classList.toggle("bare", on);
}

/** Read in another language from now on. @param {string} language */
export async function readIn(language) {
  await loadWords();
  game.language = language;
  if (phase !== "closed") await redraw();
}

/** @param {string} text neutral markup */
function note(text) {
  const words = new DOMParser().parseFromString(text, "text/html").body.textContent ?? "";
  toast(words);
}

/** @param {any} line */
function announceLine(line) {
  const words = plain(line.text);
  const manner = line.manner ? ` (${t(line.manner)})` : "";
  announce(line.name ? `${line.name}${manner}: ${words}` : words);
  if (!settings.speak || quick || !("speechSynthesis" in window)) return;
  speechSynthesis.cancel();
  const said = new SpeechSynthesisUtterance(words);
  said.lang = game.language;
  speechSynthesis.speak(said);
}

/** @param {any} event */
function finish(event) {
  setMode("");
  clearText();
  clearChoices();
  phase = "closed";
  scene = "";
  keepPersistent();
  $("reader").hidden = true;
  tell("vn:wait", "over");
  showEnding(event);
}

/** Remember for the gallery that a picture was seen. @param {string} name */
async function seePicture(name) {
  const seen = (await storage.get("pictures").catch(() => null)) ?? [];
  if (!seen.includes(name)) storage.set("pictures", [...seen, name]).catch(() => undefined);
}

let keeping = 0;
function keepPersistent() {
  keeping ||= window.setTimeout(flush, 300);
}

/** Write what outlives the run. */
export function flush() {
  clearTimeout(keeping);
  keeping = 0;
  if (game) storage.set("persistent", game.persistent).catch(() => undefined);
}
