// @ts-check
/** Spoken lines: a clip begins as soon as its bytes are there, while the rest of its scene comes. */

import { speakFile, speakLine, speaking as sounding } from "./audio.js";
import { index, json } from "./loader.js";
import { plain } from "./runtime/text.js";
import { settings } from "./settings.js";

/** A scene's first clip, the one behind its last, and the clips of its lines, by text where that varies. @typedef {[number, number, Record<string, number | Record<string, number>>]} Cues */
/** The clips of some scenes in one language: of each, offset and length as Opus and as AAC, and seconds. @typedef {{ opus?: string, m4a?: string, clips: number[][], scenes: Record<string, Cues> }} Pack */

const opus = new Audio().canPlayType('audio/ogg; codecs="opus"');
const codec = opus ? "opus" : "m4a";
const type = opus ? "audio/ogg" : "audio/mp4";
const at = opus ? 0 : 2;
/** A clip that is so many bytes away from what is there is asked for by itself. */
const FAR = 200_000;
/** Milliseconds that a clip may be late. */
const LATE = 4000;

/** By the file of their index. @type {Map<string, Record<string, Pack>>} */
const packs = new Map();
/** The last few. @type {Map<string, Reel>} */
const reels = new Map();
/** Counts lines, so that a clip that comes late is not heard. */
let turn = 0;
let coming = false;

/** The clips of one scene, while they come. */
class Reel {
  /** @param {string} file @param {Pack} pack @param {Cues} cues */
  constructor(file, pack, cues) {
    this.file = file;
    const last = pack.clips[cues[1] - 1];
    this.from = pack.clips[cues[0]][at];
    this.bytes = new Uint8Array(last[at] + last[at + 1] - this.from);
    this.have = 0;
    const end = pack.clips[pack.clips.length - 1];
    /** @type {(() => void)[]} */
    this.waiting = [];
    this.coming = this.fetch(this.bytes.length < end[at] + end[at + 1]).catch(() => undefined).finally(() => this.wake());
  }

  wake() {
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** @param {boolean} part whether it is only a part of its pack */
  async fetch(part) {
    const response = await ask(this.file, part && this.from, this.bytes.length);
    let before = response.status === 206 ? 0 : this.from;
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    while (this.have < this.bytes.length) {
      const { done, value } = await reader.read();
      if (done) return;
      const news = value.subarray(before, before + this.bytes.length - this.have);
      before = Math.max(0, before - value.length);
      this.bytes.set(news, this.have);
      this.have += news.length;
      this.wake();
    }
    reader.cancel();
  }

  /** @param {number} start @param {number} length @returns {Promise<BlobPart | undefined>} */
  async take(start, length) {
    const begin = start - this.from;
    if (begin - this.have > FAR) {
      const response = await ask(this.file, start, length);
      if (response.status === 206) return response.arrayBuffer();
      response.body?.cancel();
    }
    let over = false;
    this.coming.then(() => (over = true));
    while (this.have < begin + length && !over) {
      await Promise.race([this.coming, new Promise((resolve) => this.waiting.push(() => resolve(undefined)))]);
    }
    return this.have < begin + length ? undefined : this.bytes.slice(begin, begin + length);
  }
}

/** @param {string} file @param {number | false} from false: all of it @param {number} length */
async function ask(file, from, length) {
  const response = await fetch(file, from === false ? {} : { headers: { Range: `bytes=${from}-${from + length - 1}` } });
  if (!response.ok) throw new Error(`${file}: ${response.status}`);
  return response;
}

/** Where the clips of a scene are listed. @param {string} scene */
const listed = (scene) => index.fragments[index.scenes[scene]]?.voice;

/** @param {string} scene @returns {Promise<Pack | undefined>} */
async function open(scene) {
  const file = listed(scene);
  if (!file) return undefined;
  if (!packs.has(file)) packs.set(file, await json(file));
  return packs.get(file)?.[settings.language];
}

/** @param {Pack | undefined} pack @param {string} scene @param {any} line */
function numberOf(pack, scene, line) {
  const found = pack?.scenes[scene]?.[2][line.id];
  return typeof found === "object" ? found[plain(line.text)] : found;
}

/** Have the clips of a scene come. @param {string} scene @param {Pack} pack */
function reel(scene, pack) {
  const file = pack[codec];
  if (!file || !pack.scenes[scene]) return undefined;
  const key = `${file} ${scene}`;
  const found = reels.get(key) ?? new Reel(file, pack, pack.scenes[scene]);
  reels.delete(key);
  reels.set(key, found);
  if (reels.size > 2) reels.delete(/** @type {string} */ (reels.keys().next().value));
  return found;
}

/** @param {string} scene @param {any} line @returns {Promise<Blob | undefined>} */
async function clip(scene, line) {
  const pack = await open(scene);
  const number = numberOf(pack, scene, line);
  if (!pack || number === undefined) return undefined;
  const [start, length] = pack.clips[number].slice(at, at + 2);
  const bytes = length && (await reel(scene, pack)?.take(start, length));
  return bytes ? new Blob([bytes], { type }) : undefined;
}

/** Speak a line, if it has a voice that is wanted; what was spoken before stops. @param {string} scene @param {any} line */
export async function say(scene, line) {
  const mine = ++turn;
  coming = false;
  const silent = (line.who.length ? line.who : [""]).every((/** @type {string} */ who) => settings.silent.includes(who));
  if (line.voice || silent || !settings.sustain) speakLine(silent ? undefined : line.voice);
  if (line.voice || silent || !listed(scene)) return;
  coming = true;
  const late = new Promise((resolve) => setTimeout(resolve, LATE));
  const sound = await Promise.race([clip(scene, line).catch(() => undefined), late]);
  if (mine !== turn) return;
  coming = false;
  if (!sound) return;
  speakLine(undefined);
  speakFile(URL.createObjectURL(sound));
}

/** Be silent. */
export function hush() {
  turn += 1;
  coming = false;
  speakLine(undefined);
}

/** Whether a voice is speaking, or about to. */
export const speaking = () => coming || sounding();

/** Whether a line that was shown can be heard again. @param {string} scene @param {any} line */
export const isHeard = (scene, line) => Boolean(line.voice) || numberOf(packs.get(listed(scene) ?? "")?.[settings.language], scene, line) !== undefined;

/** Whether the story has voices. */
export const isVoiced = () => index.fragments.some((part) => part.voice);
