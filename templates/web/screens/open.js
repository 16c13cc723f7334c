// @ts-check
/** Opens screens, each loaded when it is first asked for. */

import { toast } from "../dom.js";
import { game, isReading, resumeGame } from "../reader.js";
import { t } from "../strings.js";

/** @param {string} name */
export async function openScreen(name) {
  try {
    if (name === "history") (await import("./history.js")).openHistory();
    else if (name === "save" || name === "load") await (await import("./slots.js")).openSlots(name);
    else if (name === "settings") (await import("./preferences.js")).openSettings();
    else if (name === "extras") await (await import("./extras.js")).openExtras();
    else if (name === "about") (await import("./about.js")).openAbout();
    else if (name === "menu") (await import("./menu.js")).openMenu();
    else if (name === "quick_save" && isReading()) {
      if (await (await import("../saves.js")).quickSave(game)) toast(t("quick_saved"));
      else toast(t("kept_here"), "warning");
    } else if (name === "quick_load") {
      const slot = await (await import("../saves.js")).newest("save quick ");
      if (slot) await resumeGame(slot.save);
      else toast(t("no_quick"));
    }
  } catch (error) {
    fail(error);
  }
}

/** @param {{ t: string, name?: string, title?: string }} ending */
export const showEnding = async (ending) => (await import("./ending.js")).openEnding(ending);

/** Say that something broke. @param {unknown} error */
export async function fail(error) {
  console.error(error);
  (await import("./error.js")).openError(error);
}
