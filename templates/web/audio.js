// @ts-check
/** Music, ambience, effects and voice: what plays on which channel. */

import { toast } from "./dom.js";
import { soundOf } from "./loader.js";
import { duck, fade, mixer } from "./mixer.js";
import { settings } from "./settings.js";
import { human } from "./strings.js";

/** @typedef {import("./mixer.js").Channel} Channel */

/** Loops up to so many seconds are decoded whole: only then is there no gap where they begin again. */
const WHOLE = 90;
/** Seconds of the fades where the story says none: alone, and from one sound into another. */
const ALONE = 0.4, ACROSS = 0.8;

/** @typedef {import("./loader.js").SoundFile & { channel: Channel, name: string, loops: boolean, fade: number, level: number, node?: GainNode, element?: HTMLAudioElement, source?: AudioBufferSourceNode }} Sound */

/** All that sound, or wait for the first gesture. @type {Set<Sound>} */
const sounds = new Set();
/** What goes on on each channel. @type {Partial<Record<Channel, Sound>>} */
const current = {};
/** The last few that were decoded, by file. @type {Map<string, Promise<AudioBuffer>>} */
const decoded = new Map();

/** Start what was held back: to be called from a gesture. */
export function unlock() {
  const context = mixer()?.context;
  if (context?.state === "suspended" && !document.hidden) context.resume();
  for (const sound of sounds) {
    if (!sound.node) begin(sound);
    else if (!document.hidden) sound.element?.play().catch(() => undefined);
  }
}

/** @param {Sound} sound */
async function begin(sound) {
  const mix = mixer();
  if (!mix) return;
  const node = (sound.node = mix.context.createGain());
  node.gain.value = 0;
  node.connect(mix.channels[sound.channel]);
  try {
    if (sound.loops && (sound.loop || (sound.seconds ?? Infinity) <= WHOLE)) await repeat(sound, mix.context, node);
    else await stream(sound, mix.context, node);
  } catch {
    return end(sound);
  }
  if (!sounds.has(sound)) return;
  fade(node, sound.level, sound.fade);
  if (sound.channel === "voice") duck(true);
}

/** @param {Sound} sound @param {AudioContext} context @param {GainNode} to */
async function repeat(sound, context, to) {
  const buffer = await decode(sound.file, context);
  if (!sounds.has(sound)) return;
  const source = (sound.source = new AudioBufferSourceNode(context, { buffer, loop: true }));
  [source.loopStart, source.loopEnd] = sound.loop ?? [0, buffer.duration];
  source.connect(to);
  source.start();
}

/** @param {string} file @param {AudioContext} context */
function decode(file, context) {
  let promise = decoded.get(file);
  if (!promise) {
    promise = fetch(file).then((response) => response.arrayBuffer()).then((data) => context.decodeAudioData(data));
    promise.catch(() => decoded.delete(file));
    decoded.set(file, promise);
    if (decoded.size > 4) decoded.delete(/** @type {string} */ (decoded.keys().next().value));
  }
  return promise;
}

/** @param {Sound} sound @param {AudioContext} context @param {GainNode} to */
async function stream(sound, context, to) {
  const element = (sound.element = new Audio(sound.file));
  element.loop = sound.loops;
  for (const over of ["ended", "error"]) element.addEventListener(over, () => end(sound));
  context.createMediaElementSource(element).connect(to);
  // Some browsers want a gesture for each element: `unlock` tries again.
  if (!document.hidden) element.play().catch(() => undefined);
}

/** @param {Sound} sound */
function end(sound) {
  if (!sounds.delete(sound)) return;
  sound.element?.pause();
  sound.element?.removeAttribute("src");
  if (sound.file.startsWith("blob:")) URL.revokeObjectURL(sound.file);
  sound.source?.stop();
  sound.node?.disconnect();
  if (current[sound.channel] === sound) delete current[sound.channel];
  if (sound.channel === "voice" && !speaking()) duck(false);
}

/**
 * @param {Channel} channel
 * @param {string} name
 * @param {{ loop: boolean, fade?: number, volume?: number }} how
 */
function start(channel, name, { loop, fade = 0, volume = 1 }) {
  const file = soundOf(channel, name);
  if (settings.captions && channel !== "voice") toast(`${channel === "sfx" ? "🔊" : "♪"} ${human(name)}`, "caption");
  if (!file) return undefined;
  /** @type {Sound} */
  const sound = { ...file, channel, name, loops: loop, fade, level: file.gain * volume };
  sounds.add(sound);
  begin(sound);
  return sound;
}

/** Play or stop as an op says. @param {any} op @param {boolean} quick effects are left out */
export function sound(op, quick) {
  const { channel, name, volume } = op;
  if (op.op === "stop") return halt(channel, op.fade ?? 0);
  const loop = channel === "sfx" ? Boolean(op.loop) : !op.once;
  if (channel === "sfx" && !loop) return void (quick || start(channel, name, { loop, volume }));
  const old = current[/** @type {Channel} */ (channel)];
  if (loop && old?.loops && old.name === name && old.file === soundOf(channel, name)?.file) return;
  halt(channel, op.fade ?? ACROSS);
  current[/** @type {Channel} */ (channel)] = start(channel, name, { loop, fade: op.fade ?? (old ? ACROSS : ALONE), volume });
}

/** @param {Channel} channel @param {number} seconds */
function halt(channel, seconds) {
  const old = current[channel];
  delete current[channel];
  if (!old) return;
  old.level = 0;
  if (old.node) fade(old.node, 0, seconds);
  setTimeout(() => end(old), 1000 * seconds);
}

/** Make the loops those of a stage. @param {import("./runtime/types.js").Stage} stage */
export function settleSound(stage) {
  for (const channel of /** @type {const} */ (["music", "ambience", "sfx"])) {
    const wanted = stage[channel];
    if (!wanted) halt(channel, 0.6);
    else if (!wanted.once) sound({ op: "play", channel, loop: true, ...wanted }, false);
  }
}

/** Speak a line; what was spoken before stops. @param {string | undefined} name */
export function speakLine(name) {
  for (const one of sounds) if (one.channel === "voice") end(one);
  if (name) start("voice", name, { loop: false });
}

/** Speak from a clip. @param {string} file */
export function speakFile(file) {
  /** @type {Sound} */
  const sound = { file, gain: 1, channel: "voice", name: "", loops: false, fade: 0, level: 1 };
  sounds.add(sound);
  begin(sound);
}

/** Whether a voice is speaking. */
export const speaking = () => [...sounds].some((one) => one.channel === "voice" && one.node);

/** Silence, as on the title screen. */
export function silence() {
  for (const channel of /** @type {const} */ (["music", "ambience", "sfx"])) halt(channel, 1);
  speakLine(undefined);
}

document.addEventListener("visibilitychange", () => {
  const context = mixer()?.context;
  if (document.hidden) context?.suspend();
  else context?.resume();
  for (const { element } of sounds) {
    if (document.hidden) element?.pause();
    else element?.play().catch(() => undefined);
  }
});
