// @ts-check
/** Saves: slots, quick saves, autosaves, files. */

import { program } from "./loader.js";
import { MissingScene, load, plain, view } from "./runtime/index.js";
import * as storage from "./storage.js";

/**
 * One kept game.
 * @typedef {{ save: any, when: string, stage: any, title: string, name: string, line: string }} Slot
 */

const KEPT = { auto: 6, quick: 6 };

/** @param {import("./runtime/index.js").Game} game @param {any} view @returns {Slot} */
function slotOf(game, view) {
  return {
    save: game.save(),
    when: new Date().toISOString(),
    stage: view.stage,
    title: view.scene.chapter ?? view.scene.title ?? "",
    name: view.line?.name ?? "",
    line: view.line ? plain(view.line.text) : "",
  };
}

/** @param {string} page `auto`, `quick` or a number @param {number} n */
export const slotKey = (page, n) => `save ${page} ${n}`;

/** Resolves to whether the save outlives the page. @param {string} key @param {import("./runtime/index.js").Game} game */
export const saveTo = (key, game) => storage.set(key, slotOf(game, game.view()));

/** All slots that are taken. @returns {Promise<Map<string, Slot>>} */
export const slots = async () => new Map(await storage.list("save "));

/** @param {string} key @returns {Promise<Slot | undefined>} */
export const slot = (key) => storage.get(key);

export const removeSlot = storage.remove;

/**
 * The newest of some slots; with a game, of those that it can read.
 * @param {string} prefix
 * @param {import("./runtime/index.js").Game} [game]
 */
export async function newest(prefix, game) {
  const all = [...(await storage.list(prefix))].sort(([, a], [, b]) => (a?.when < b?.when ? 1 : -1));
  for (const [, slot] of all) if (!game || (await isReadable(slot, game))) return slot;
}

/** Save over the oldest of a page that fills itself. @param {"auto" | "quick"} page @param {import("./runtime/index.js").Game} game @param {any} view */
async function rotate(page, game, view) {
  const slot = slotOf(game, view);
  const taken = new Map(await storage.list(`save ${page} `));
  let oldest = slotKey(page, 1);
  for (let n = 1; n <= KEPT[page]; n++) {
    const key = slotKey(page, n);
    const there = taken.get(key);
    if (!there) return storage.set(key, slot);
    // The same wait twice, as when going back and on, is one autosave.
    if (page === "auto" && there.save.at.id === slot.save.at.id) return storage.set(key, slot);
    if (there.when < taken.get(oldest).when) oldest = key;
  }
  return storage.set(oldest, slot);
}

/** @type {Promise<unknown>} */
let latest = Promise.resolve();

/** @param {import("./runtime/index.js").Game} game @param {any} view */
export function autosave(game, view) {
  latest = latest.then(() => rotate("auto", game, view)).catch(() => undefined);
}

/** Resolves to whether the save outlives the page. @param {import("./runtime/index.js").Game} game */
export const quickSave = (game) => rotate("quick", game, game.view());

/** Every save as a text to keep elsewhere. */
export async function exported() {
  return JSON.stringify({ comfyvn: 1, game: program.id, persistent: await storage.get("persistent"), saves: Object.fromEntries(await slots()) });
}

/**
 * Take in the readable saves of a file; returns what is wrong with it, if anything is.
 * @param {string} text
 * @param {import("./runtime/index.js").Game} game
 * @returns {Promise<"" | "bad_file" | "bad_saves">}
 */
export async function takeIn(text, game) {
  /** @type {any} */
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    return "bad_file";
  }
  if (file?.comfyvn !== 1 || file.game !== program.id || typeof file.saves !== "object") return "bad_file";
  const entries = Object.entries(Object(file.saves)).filter(([key]) => /^save (auto|quick|\d+) \d+$/.test(key));
  /** @type {"" | "bad_saves"} */
  let wrong = "";
  for (const [key, value] of entries) {
    if (await isReadable(value, game)) await storage.set(key, value);
    else wrong = "bad_saves";
  }
  return wrong;
}

/** Whether a slot can be shown and continued. @param {any} slot @param {import("./runtime/index.js").Game} game */
async function isReadable(slot, game) {
  for (;;) {
    try {
      if (!Array.isArray(slot.stage.sprites) || Number.isNaN(Date.parse(slot.when))) return false;
      const { state } = load(game.story, slot.save, game.persistent, game.language);
      view(game.story, state, game.persistent, game.language);
      return true;
    } catch (error) {
      if (!(error instanceof MissingScene)) return false;
      await game.prefetch(error.scene);
    }
  }
}
