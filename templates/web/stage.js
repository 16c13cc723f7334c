// @ts-check
/** The stage: backgrounds, sprites, props, pictures, the camera, and how they change. */

import { announce, h } from "./dom.js";
import { asset, backgroundOf, picture, program, spriteOf } from "./loader.js";
import { applyStage } from "./runtime/index.js";
import { settings } from "./settings.js";
import { applyTheme } from "./theme.js";

/** @typedef {import("./runtime/types.js").Stage} State */
/** @typedef {import("./runtime/types.js").Sprite} Sprite */

/** Places by name: x of the middle and y of the foot, as parts of the stage. @type {Record<string, [number, number]>} */
const PLACES = { far_left: [0.12, 1], left: [0.28, 1], center: [0.5, 1], right: [0.72, 1], far_right: [0.88, 1] };

/** @type {Record<string, Keyframe[]>} */
const ENTRANCES = {
  dissolve: [{ opacity: 0 }, { opacity: 1 }],
  wipe_left: [{ clipPath: "inset(0 0 0 100%)" }, { clipPath: "inset(0)" }],
  wipe_right: [{ clipPath: "inset(0 100% 0 0)" }, { clipPath: "inset(0)" }],
  wipe_up: [{ clipPath: "inset(100% 0 0 0)" }, { clipPath: "inset(0)" }],
  wipe_down: [{ clipPath: "inset(0 0 100% 0)" }, { clipPath: "inset(0)" }],
  slide_left: [{ transform: "translateX(100vw)" }, { transform: "none" }],
  slide_right: [{ transform: "translateX(-100vw)" }, { transform: "none" }],
};

const SHAKE = [0, -9, 8, -6, 5, -3, 2, 0].map((x, i) => ({ transform: `translate(${x}px, ${i % 2 ? x / 2 : -x / 3}px)` }));

/** @type {Set<Animation>} */
const running = new Set();
/** @type {HTMLElement} */
let root;
const camera = h("div.camera");
const backgrounds = h("div.backgrounds");
const actors = h("div.actors");
const pictures = h("div.pictures");
const veil = h("div.veil");
/** @type {State} */
let state = { sprites: [] };
/** @type {Record<string, import("./runtime/types.js").Look>} */
let looks = {};
/** @type {string | undefined} */
let ground;

/** @param {HTMLElement} element */
export function openStage(element) {
  root = element;
  camera.append(backgrounds, actors);
  root.append(camera, pictures, veil);
}

/**
 * Play an op; resolves when what it started is over.
 * @param {any} op
 * @param {boolean} quick whether to leave out the motion
 */
export async function perform(op, quick) {
  if (op.op === "show" && op.kind === "sprite") looks[op.what] = { ...looks[op.what], ...op.look };
  const next = applyStage(state, op);
  await draw(dressed(next), { how: op.with, seconds: op.seconds, quick, what: op.op });
}

/**
 * Show a stage as it is, whatever was there.
 * @param {State} stage with every sprite's full look
 * @param {boolean} quick
 */
export function settle(stage, quick) {
  for (const { what, look, kind } of stage.sprites) if (kind === "sprite") looks[what] = { ...look };
  return draw(stage, { quick, what: "" });
}

/** Take everything away, as before a new game. */
export function clear() {
  hurry();
  for (const layer of [backgrounds, actors, pictures]) layer.replaceChildren();
  root.classList.remove("pictured");
  camera.style.transform = "";
  [state, looks, ground] = [{ sprites: [] }, {}, undefined];
}

/** Set how characters look, on stage or off. @param {Record<string, import("./runtime/types.js").Look>} all */
export const setLooks = (all) => void (looks = { ...all });

/** Bring all motion to its end. */
export const hurry = () => running.forEach((animation) => animation.finish());

/** @param {State} stage @returns {State} */
const dressed = (stage) => ({
  ...stage,
  sprites: stage.sprites
    .map((sprite) => (sprite.kind === "sprite" ? { ...sprite, look: looks[sprite.what] } : sprite))
    .sort((a, b) => a.z - b.z),
});

/**
 * @param {State} next
 * @param {{ how?: string, seconds?: number, quick: boolean, what: string }} change
 */
async function draw(next, { how, seconds, quick, what }) {
  const before = state;
  state = next;
  if (next.theme !== before.theme) applyTheme(undefined, next.theme ?? program.theme);
  const calm = settings.motion;
  if (!settings.shake && (how === "shake" || how === "flash")) how = "dissolve";
  if (calm && how !== "cut") how = how && "dissolve";
  // There is nothing to dissolve from at the beginning, and the title showed this place already.
  const opening = ground === undefined && (!how || how === "dissolve");
  const duration = quick || opening || how === "cut" ? 0 : 1000 * Math.min(seconds ?? 0.5, calm ? 0.2 : 30);
  const file = backgroundOf(next);
  const newGround = file !== ground;
  const shown = next.picture && asset("picture", next.picture.asset);
  await Promise.race([Promise.all([picture(file), picture(shown), ...next.sprites.map((one) => picture(spriteOf(one)))]), wait(4000)]);
  if (state !== next) return;
  /** @type {Promise<unknown>[]} */
  const done = [];
  const covered = (how === "fade" || how === "flash") && duration > 0 && (newGround || what === "scene");
  if (covered) {
    veil.style.background = how === "flash" ? "#fff" : "#000";
    await animate(veil, [{ opacity: 0 }, { opacity: 1 }], duration / 2, { fill: "forwards" });
    done.push(animate(veil, [{ opacity: 1 }, { opacity: 0 }], duration / 2, { fill: "forwards" }));
  }
  const inside = covered ? 0 : duration;
  if (newGround) done.push(...drawGround(file, how, inside));
  done.push(...drawActors(next.sprites, how, inside, what, newGround), ...drawPicture(next.picture, shown, inside));
  const move = cameraAt(next.camera);
  if (camera.style.transform !== move) {
    const from = camera.style.transform || "none";
    camera.style.transform = move;
    done.push(animate(camera, [{ transform: from }, { transform: move }], inside, { easing: "cubic-bezier(.4,0,.2,1)" }));
  }
  if (how === "shake" && duration) done.push(animate(root, SHAKE, duration));
  describe(before, next);
  await Promise.all(done);
}

/** @param {string | undefined} file @param {string | undefined} how @param {number} duration */
function drawGround(file, how, duration) {
  ground = file;
  const old = [...backgrounds.children];
  const done = [];
  if (file) {
    const layer = h("img", { src: file, alt: "", draggable: false });
    backgrounds.append(layer);
    done.push(animate(layer, ENTRANCES[how ?? ""] ?? ENTRANCES.dissolve, duration, { easing: "ease-in-out" }));
  }
  const clear = () => old.forEach((layer) => layer.remove());
  return [Promise.all(done).then(clear)];
}

/**
 * @param {Sprite[]} sprites
 * @param {string | undefined} how
 * @param {number} duration
 * @param {string} what
 * @param {boolean} newGround
 */
function drawActors(sprites, how, duration, what, newGround) {
  /** @type {Promise<unknown>[]} */
  const done = [];
  const wanted = new Map(sprites.map((sprite) => [sprite.what, sprite]));
  for (const element of [...actors.children]) {
    if (wanted.has(element.dataset.what) || element.dataset.gone) continue;
    element.dataset.gone = "1";
    const exit = [...(ENTRANCES[newGround ? "dissolve" : (how ?? "")] ?? ENTRANCES.dissolve)].reverse();
    done.push(animate(element, exit, duration).then(() => element.remove()));
  }
  sprites.forEach((sprite, z) => {
    const file = spriteOf(sprite);
    let element = [...actors.children].find((one) => one.dataset.what === sprite.what && !one.dataset.gone);
    const fresh = !element;
    if (!element) {
      element = h(`div.actor.${sprite.kind}`, { "data-what": sprite.what });
      actors.append(element);
    }
    element.style.zIndex = String(z);
    const [x, y] = typeof sprite.at === "string" ? (PLACES[sprite.at] ?? PLACES.center) : sprite.at;
    const from = [element.style.getPropertyValue("--x"), element.style.getPropertyValue("--y")];
    element.style.setProperty("--x", String(x));
    element.style.setProperty("--y", String(y));
    if (!fresh && duration && (from[0] !== String(x) || from[1] !== String(y))) {
      const width = root.clientWidth;
      const height = root.clientHeight;
      const shift = `translate(${(Number(from[0]) - x) * width}px, ${(Number(from[1]) - y) * height}px)`;
      done.push(animate(element, [{ transform: shift }, { transform: "none" }], duration, { easing: "cubic-bezier(.4,0,.2,1)" }));
    }
    const old = element.lastElementChild;
    if (old?.getAttribute("src") !== file) {
      const image = h("img", { src: file ?? "", alt: "", draggable: false });
      element.append(image);
      if (fresh) {
        done.push(animate(element, ENTRANCES[how ?? ""] ?? ENTRANCES.dissolve, duration || 0, { easing: "ease-out" }));
      } else {
        const time = what === "show" ? duration : Math.min(duration || 0, 220);
        done.push(animate(image, ENTRANCES.dissolve, time));
        if (old) done.push(animate(old, [{ opacity: 1 }, { opacity: 0 }], time, { easing: "ease-in" }).then(() => old.remove()));
      }
    }
  });
  return done;
}

/**
 * @param {State["picture"]} shown
 * @param {string | undefined} file
 * @param {number} duration
 */
function drawPicture(shown, file, duration) {
  const old = pictures.lastElementChild;
  if ((old?.dataset.asset ?? "") === (shown?.asset ?? "") && (old?.getAttribute("src") ?? file) === file) return [];
  const done = [];
  if (shown && file) {
    const image = h("img", { src: file, alt: shown.alt, "data-asset": shown.asset, draggable: false });
    pictures.append(image);
    done.push(animate(image, ENTRANCES.dissolve, duration && Math.max(duration, 600)));
  }
  if (old) {
    const leave = shown ? Promise.all(done) : animate(old, [{ opacity: 1 }, { opacity: 0 }], duration);
    done.push(leave.then(() => old.remove()));
  }
  root.classList.toggle("pictured", Boolean(shown));
  return done;
}

/** @param {State["camera"]} view */
function cameraAt(view) {
  if (!view || (view.zoom === 1 && view.at[0] === 0.5 && view.at[1] === 0.5)) return "";
  const offset = (/** @type {number} */ at) => Math.min(Math.max(at * view.zoom - 0.5, 0), Math.max(view.zoom - 1, 0));
  return `translate(${(-100 * offset(view.at[0])).toFixed(3)}%, ${(-100 * offset(view.at[1])).toFixed(3)}%) scale(${view.zoom})`;
}

/** @param {State} before @param {State} next */
function describe(before, next) {
  const place = next.location === undefined ? undefined : program.locations?.[next.location];
  const alt = next.picture?.alt ?? place?.alt ?? place?.name ?? "";
  root.setAttribute("aria-label", alt);
  if (!settings.describe) return;
  if (next.picture && next.picture.asset !== before.picture?.asset) announce(next.picture.alt);
  else if (next.location !== before.location) announce(alt);
  for (const sprite of next.sprites) {
    const prop = sprite.kind === "prop" && program.props?.[sprite.what];
    if (prop && !before.sprites.some((old) => old.what === sprite.what)) announce(prop.alt);
  }
}

/** A stage in small, for save slots. @param {State} stage @returns {HTMLElement} */
export function thumbnail(stage) {
  const shown = stage.picture && asset("picture", stage.picture.asset);
  const file = shown ?? backgroundOf(stage);
  return h(
    "div.thumbnail",
    { "aria-hidden": "true" },
    file && h("img.ground", { src: file, alt: "", loading: "lazy" }),
    shown ? null : stage.sprites.filter((one) => one.kind === "sprite").map((sprite) => {
      const [x] = typeof sprite.at === "string" ? (PLACES[sprite.at] ?? PLACES.center) : sprite.at;
      const image = h("img.figure", { src: spriteOf(sprite) ?? "", alt: "", loading: "lazy" });
      image.style.left = `${x * 100}%`;
      return image;
    }),
  );
}

/**
 * @param {Element} element
 * @param {Keyframe[]} frames
 * @param {number} duration in milliseconds
 * @param {KeyframeAnimationOptions} [options]
 */
async function animate(element, frames, duration, options) {
  if (!duration && options?.fill !== "forwards") return;
  const animation = element.animate(frames, { duration, easing: "linear", ...options });
  running.add(animation);
  await animation.finished.catch(() => undefined);
  running.delete(animation);
}

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
