// @ts-check
/** Music, ambience, effects and voice, by media elements: they need no cross-origin grant in a frame. */

import { toast } from "./dom.js";
import { asset } from "./loader.js";
import { onSettings, settings } from "./settings.js";
import { human } from "./strings.js";

/** @typedef {"music" | "ambience" | "sfx" | "voice"} Channel */

/** A sound: `gain` is its own volume, `level` where its fade is. @typedef {{ element: HTMLAudioElement, channel: Channel, name: string, gain: number, level: number, target: number, rate: number, file: string }} Sound */

/** @type {Set<Sound>} */
const sounds = new Set();
/** What loops on each channel. @type {Partial<Record<Channel, Sound>>} */
const looping = {};
/** Those that the browser would not start before a gesture. @type {Set<Sound>} */
const blocked = new Set();
let ticking = 0;

/** @param {Sound} sound */
function volume({ channel, gain, level }) {
  if (settings.mute) return 0;
  const speaking = channel !== "voice" && [...sounds].some((one) => one.channel === "voice" && !one.element.paused);
  return Math.min(1, (settings.master / 100) * (settings[channel] / 100) * gain * level * (speaking ? 0.45 : 1));
}

/** @param {Sound} sound */
function sing(sound) {
  sound.element.volume = volume(sound);
  sound.element.play().catch(() => blocked.add(sound));
}

/** Start what was held back: to be called from a gesture. */
export function unlock() {
  for (const sound of blocked) if (sounds.has(sound)) sing(sound);
  blocked.clear();
}

function tick() {
  let moving = false;
  for (const sound of sounds) {
    if (sound.level !== sound.target) {
      const way = sound.target - sound.level;
      sound.level = Math.abs(way) <= sound.rate ? sound.target : sound.level + Math.sign(way) * sound.rate;
      moving = true;
    }
    sound.element.volume = volume(sound);
    if (sound.level === 0 && sound.target === 0) end(sound);
  }
  if (!moving) {
    clearInterval(ticking);
    ticking = 0;
  }
}

/** @param {Sound} sound @param {number} target @param {number} seconds */
function fade(sound, target, seconds) {
  sound.target = target;
  sound.rate = seconds > 0 ? 0.05 / seconds : 1;
  ticking ||= window.setInterval(tick, 50);
}

/** @param {Sound} sound */
function end(sound) {
  sound.element.pause();
  sound.element.removeAttribute("src");
  sounds.delete(sound);
  blocked.delete(sound);
}

/**
 * @param {Channel} channel
 * @param {string} name
 * @param {{ loop: boolean, fade?: number, volume?: number }} how
 */
function start(channel, name, how) {
  const file = asset(channel, name);
  if (settings.captions && channel !== "voice") toast(`${channel === "sfx" ? "🔊" : "♪"} ${human(name)}`, "caption");
  if (!file) return undefined;
  const element = new Audio(file);
  element.loop = how.loop;
  /** @type {Sound} */
  const sound = { element, channel, name, gain: how.volume ?? 1, level: how.fade ? 0 : 1, target: 1, rate: 1, file };
  sounds.add(sound);
  element.addEventListener("ended", () => {
    end(sound);
    if (channel === "voice") tick();
  });
  if (how.fade) fade(sound, 1, how.fade);
  if (!document.hidden) sing(sound);
  return sound;
}

/** Play or stop as an op says. @param {any} op @param {boolean} quick effects are left out */
export function sound(op, quick) {
  const { channel, name } = op;
  if (op.op === "stop") return halt(channel, op.fade ?? 0);
  const loop = channel === "sfx" ? Boolean(op.loop) : !op.once;
  if (channel === "sfx" && !loop) return void (quick || start(channel, name, { loop, volume: op.volume }));
  const old = looping[/** @type {Channel} */ (channel)];
  if (loop && old?.name === name && old?.file === asset(channel, name)) return;
  halt(channel, op.fade ?? 0.8);
  looping[/** @type {Channel} */ (channel)] = start(channel, name, { loop, fade: op.fade ?? 0.4, volume: op.volume });
}

/** @param {Channel} channel @param {number} seconds */
function halt(channel, seconds) {
  const old = looping[channel];
  delete looping[channel];
  if (old) fade(old, 0, seconds);
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

/** Whether a voice is speaking. */
export const speaking = () => [...sounds].some((one) => one.channel === "voice" && !one.element.paused);

/** Silence, as on the title screen. */
export function silence() {
  for (const channel of /** @type {const} */ (["music", "ambience", "sfx"])) halt(channel, 1);
  speakLine(undefined);
}

onSettings(() => {
  for (const sound of sounds) sound.element.volume = volume(sound);
});

document.addEventListener("visibilitychange", () => {
  for (const sound of sounds) {
    if (document.hidden) sound.element.pause();
    else sing(sound);
  }
});
