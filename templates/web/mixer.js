// @ts-check
/**
 * The mix: a sound runs through its channel, music and ambience then give way to voices, and all of it
 * goes through the master. By Web Audio, as Apple's phones let no page set the volume of an element.
 */

import { onSettings, settings } from "./settings.js";

/** @typedef {"music" | "ambience" | "sfx" | "voice"} Channel */
/** @typedef {{ context: AudioContext, master: GainNode, bed: GainNode, channels: Record<Channel, GainNode> }} Mixer */

/** How far music and ambience go down under a voice, and the time constants of the way down and up, in seconds. */
export const DUCKING = { gain: 10 ** (-9 / 20), attack: 0.045, release: 0.16 };

const CHANNELS = /** @type {const} */ (["music", "ambience", "sfx", "voice"]);
/** @type {Mixer | undefined} */
let made;

/** The mixer; none before the first gesture, when nothing may sound. @returns {Mixer | undefined} */
export function mixer() {
  if (!made && (navigator.userActivation?.hasBeenActive ?? true)) {
    const context = new AudioContext({ latencyHint: "balanced" });
    const gain = (/** @type {AudioNode} */ to) => {
      const node = context.createGain();
      node.connect(to);
      return node;
    };
    const master = gain(context.destination);
    master.channelCountMode = "explicit";
    const bed = gain(master);
    made = {
      context, master, bed,
      channels: { music: gain(bed), ambience: gain(bed), sfx: gain(master), voice: gain(master) },
    };
    set(0);
  }
  return made;
}

/** Make the mix what the settings say. @param {number} smoothing seconds */
function set(smoothing) {
  if (!made) return;
  const { context, master, channels } = made;
  const to = (/** @type {AudioParam} */ gain, /** @type {number} */ value) => {
    if (smoothing) gain.setTargetAtTime(value, context.currentTime, smoothing);
    else gain.value = value;
  };
  to(master.gain, settings.mute ? 0 : settings.master / 100);
  for (const channel of CHANNELS) to(channels[channel].gain, settings[channel] / 100);
  master.channelCount = settings.mono ? 1 : 2;
}

/** Let music and ambience give way to a voice, or come back. @param {boolean} down */
export function duck(down) {
  if (!made) return;
  const { gain } = made.bed;
  gain.cancelScheduledValues(made.context.currentTime);
  gain.setTargetAtTime(down ? DUCKING.gain : 1, made.context.currentTime, down ? DUCKING.attack : DUCKING.release);
}

/**
 * Fade to a level from the present one. Two fades of one length, out and in, keep the power of sounds
 * that have nothing in common.
 * @param {GainNode} node @param {number} level @param {number} seconds
 */
export function fade({ gain, context }, level, seconds) {
  const [from, now] = [gain.value, context.currentTime];
  gain.cancelScheduledValues(now);
  if (seconds <= 0) return void gain.setValueAtTime(level, now);
  const rising = level > from;
  const curve = Float32Array.from({ length: 33 }, (_, i) => {
    const turn = (i / 32) * (Math.PI / 2);
    return rising ? from + (level - from) * Math.sin(turn) : level + (from - level) * Math.cos(turn);
  });
  gain.setValueCurveAtTime(curve, now, seconds);
}

onSettings(() => set(0.02));
