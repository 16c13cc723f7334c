// @ts-check
/** The story as it is needed: its index, then fragments of scenes, then pictures. */

import { settings } from "./settings.js";

/**
 * @typedef {object} Index
 * @property {any} program without scenes and translations
 * @property {Record<string, number>} scenes scene to fragment
 * @property {{ file: string, words?: Record<string, string>, voice?: string }[]} fragments `words`: language to file; `voice`: where their clips are listed
 * @property {Record<string, string>} assets logical name, such as `sprite mei worried`, to file
 * @property {Record<string, { other?: string, gain?: number, loop?: [number, number], seconds?: number }>} [sounds] by logical name
 *   `other`: the same for those who cannot play the first; `gain` in dB; `loop` from and to, in seconds
 * @property {{ probe: string, files: Record<string, string> }} [avif] a pixel, and pictures as AVIF by their files
 * @property {[string, string][]} gallery pictures in story order, with their alt texts
 */

/** @type {Index} */
export let index;
/** The Program; its scenes and translations fill up. @type {any} */
export let program;
/** @type {Map<string, Promise<any>>} */
const coming = new Map();

/** What a file says, fetched once. @param {string} file @returns {Promise<any>} */
export function json(file) {
  let promise = coming.get(file);
  if (!promise) {
    promise = fetch(file).then((response) => {
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      return response.json();
    });
    promise.catch(() => coming.delete(file));
    coming.set(file, promise);
  }
  return promise;
}

/** The Program of an index, which its scenes are added to. @param {Index} from */
export const programOf = (from) => ({ ...from.program, scenes: {}, translations: {} });

/** Read this build of the story from now on. @param {Index} next @param {any} [its] its Program */
export function useIndex(next, its = programOf(next)) {
  [index, program] = [next, its];
  prefetched.clear();
}

/** @param {string} file */
export async function loadIndex(file) {
  const next = /** @type {Index} */ (await json(file));
  useIndex({ ...next, ...(await better(next)) });
}

/**
 * The pictures of an index as AVIF, if the browser shows that.
 * @param {Index} from
 */
async function better({ assets, avif }) {
  if (!avif) return {};
  const pixel = new Image();
  pixel.src = avif.probe;
  const shows = await pixel.decode().then(() => true, () => false);
  if (!shows) return {};
  return { assets: Object.fromEntries(Object.entries(assets).map(([name, file]) => [name, avif.files[file] ?? file])) };
}

/**
 * A scene, with its words in the language that is read.
 * @param {string} name
 * @param {Index} [from] the build of the story
 * @returns {Promise<import("./runtime/game.js").Fragment>}
 */
export async function loadScene(name, from = index) {
  const fragment = from.fragments[from.scenes[name]];
  if (!fragment) throw new Error(`there is no scene ${name}`);
  const { language } = settings;
  const words = fragment.words?.[language];
  const [scenes, translated] = await Promise.all([json(fragment.file), words ? json(words) : {}]);
  return { scene: scenes[name], translations: { [language]: translated } };
}

/** Fetch the words of all scenes that are loaded, after a change of language. */
export async function loadWords() {
  const parts = await Promise.all(Object.keys(program.scenes).map((name) => loadScene(name)));
  for (const { translations } of parts) {
    for (const [language, words] of Object.entries(translations ?? {})) {
      Object.assign((program.translations[language] ??= {}), words);
    }
  }
}

// Names in the index: kind, subject, then traits that are set, most of them to least.

/**
 * The most specific file there is.
 * @param {string} kind
 * @param {string} subject
 * @param {(string | undefined)[]} [traits]
 * @returns {string | undefined}
 */
export function asset(kind, subject, traits = []) {
  const given = /** @type {string[]} */ (traits.filter(Boolean));
  for (let count = given.length; count >= 0; count--) {
    const file = index.assets[[kind, subject, ...given.slice(0, count)].join(" ")];
    if (file) return file;
  }
  const start = `${kind} ${subject}`;
  const near = Object.keys(index.assets).find((name) => name === start || name.startsWith(`${start} `));
  return near && index.assets[near];
}

/** @typedef {{ file: string, gain: number, loop?: [number, number], seconds?: number }} SoundFile */

/** Whether this browser plays Ogg, which others than Ogg's files need not be asked. @param {string} file */
const plays = (file) => !/\.(ogg|opus)$/.test(file) || document.createElement("audio").canPlayType('audio/ogg; codecs="opus"') !== "";

/** The file of a sound that this browser plays, and how it is played. @param {string} channel @param {string} name @returns {SoundFile | undefined} */
export function soundOf(channel, name) {
  const file = asset(channel, name);
  const { other, gain = 0, ...rest } = index.sounds?.[`${channel} ${name}`] ?? {};
  return file ? { ...rest, gain: 10 ** (gain / 20), file: other && !plays(file) ? other : file } : undefined;
}

/** @param {{ location?: string, time?: string, weather?: string }} stage */
export const backgroundOf = (stage) =>
  stage.location === undefined ? undefined : asset("background", stage.location, [stage.time, stage.weather]);

/** @param {import("./runtime/types.js").Sprite} sprite */
export const spriteOf = ({ kind, what, look }) =>
  asset(kind, what, kind === "sprite" ? [look?.expression, look?.pose, look?.outfit] : []);

/** @type {Map<string, Promise<any>>} */
const decoded = new Map();

/** Have a picture ready to be shown; never fails. @param {string | undefined} file */
export function picture(file) {
  if (!file) return Promise.resolve();
  let promise = decoded.get(file);
  if (!promise) {
    const image = new Image();
    image.src = file;
    promise = image.decode().catch(() => undefined);
    decoded.set(file, promise);
    if (decoded.size > 60) decoded.delete(/** @type {string} */ (decoded.keys().next().value));
  }
  return promise;
}

/** @type {Set<string>} */
const prefetched = new Set();

/** Fetch what can come after a scene: its pictures, and the scenes it leads to. @param {string} name */
export function prefetch(name) {
  if (prefetched.has(name)) return;
  prefetched.add(name);
  const idle = /** @type {any} */ (window).requestIdleCallback ?? ((/** @type {() => void} */ f) => setTimeout(f, 400));
  idle(async () => {
    try {
      const here = reach((await loadScene(name)).scene);
      for (const file of here.files.slice(0, 24)) await picture(file);
      for (const next of here.next) {
        const { files } = reach((await loadScene(next)).scene);
        for (const file of files.slice(0, 3)) await picture(file);
      }
    } catch {
      prefetched.delete(name);
    }
  });
}

/** What a scene shows and where it leads. @param {import("./runtime/types.js").Scene} scene */
function reach(scene) {
  /** @type {Set<string>} */
  const files = new Set();
  /** @type {Set<string>} */
  const next = new Set(scene.next ? [scene.next] : []);
  const walk = (/** @type {any} */ value) => {
    if (!value || typeof value !== "object") return;
    if (typeof value.to === "string") next.add(value.to.split("#")[0]);
    const file = shown(value);
    if (file) files.add(file);
    Object.values(value).forEach(walk);
  };
  walk([scene.enter, scene.sections]);
  return { files: [...files], next: [...next].filter((name) => name in index.scenes) };
}

/** The picture that an op shows, if it does. @param {any} op */
function shown(op) {
  if (op.op === "scene") return backgroundOf(op);
  if (op.op === "picture") return asset("picture", op.asset);
  if (op.op !== "show") return undefined;
  const look = program.characters[op.what]?.look;
  return spriteOf({
    ...op,
    look: { expression: look?.expressions?.[0], pose: look?.poses?.[0], outfit: look?.outfits?.[0], ...op.look },
  });
}
