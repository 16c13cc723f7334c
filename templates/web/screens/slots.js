// @ts-check
/** Save and load: pages of slots with pictures. */

import { confirm, download, h, screen, toast } from "../dom.js";
import { program } from "../loader.js";
import { game, isReading, resumeGame } from "../reader.js";
import { exported, removeSlot, saveTo, slotKey, slots, takeIn } from "../saves.js";
import { settings } from "../settings.js";
import { thumbnail } from "../stage.js";
import { t } from "../strings.js";

const PER_PAGE = 6;
let page = "1";

/** @param {"save" | "load"} mode */
export async function openSlots(mode) {
  if (mode === "save" && (!isReading() || page === "auto")) page = "1";
  const grid = h("div.slots", { role: "list" });
  const tabs = h("nav.pages", { "aria-label": t("page") });
  const tools = h("div.tools", null,
    h("button", { type: "button", onclick: async () => download(`${program.id}-saves.json`, await exported()) }, t("export")),
    h("button", { type: "button", onclick: pickFile }, t("import")));
  const dialog = screen("slots-screen", t(mode), tabs, grid, tools);
  await draw();
  (grid.querySelector("button") ?? grid).focus();

  async function draw() {
    const taken = await slots();
    const used = Math.max(0, ...[...taken.keys()].map((key) => Number(key.split(" ")[1])).filter(Number.isFinite));
    const names = [...(mode === "load" ? ["auto", "quick"] : ["quick"]), ...Array.from({ length: Math.max(9, used + 1) }, (_, i) => String(i + 1))];
    tabs.replaceChildren(...names.map((name) =>
      h("button", { type: "button", "aria-pressed": String(name === page), onclick: () => ((page = name), draw()) }, { auto: t("autosaves"), quick: t("quicksaves") }[name] ?? name)));
    grid.replaceChildren(...Array.from({ length: PER_PAGE }, (_, i) => card(slotKey(page, i + 1), i + 1, taken.get(slotKey(page, i + 1)))));
  }

  /** @param {string} key @param {number} number @param {import("../saves.js").Slot | undefined} slot */
  function card(key, number, slot) {
    const when = slot && new Date(slot.when).toLocaleString(settings.language || undefined, { dateStyle: "medium", timeStyle: "short" });
    const label = slot ? [when, slot.title, slot.name && `${slot.name}:`, slot.line].filter(Boolean).join(" ") : `${t("slot")} ${number}: ${t("empty")}`;
    const body = h(
      "button.slot",
      { type: "button", "aria-label": label, "aria-disabled": !slot && mode === "load" ? "true" : null, onclick: () => use(key, slot) },
      slot ? thumbnail(slot.stage) : h("div.thumbnail.empty", null, h("span", null, t("empty"))),
      h("span.slot-title", null, slot ? slot.title || `${t("slot")} ${number}` : `${t("slot")} ${number}`),
      slot && h("time", { dateTime: slot.when }, when),
      slot && h("span.slot-line", null, slot.line),
    );
    return h("div.slot-cell", { role: "listitem" }, body, slot &&
      h("button.delete", { type: "button", "aria-label": `${t("delete")}: ${label}`, onclick: () => erase(key) }, "×"));
  }

  /** @param {string} key @param {import("../saves.js").Slot | undefined} slot */
  async function use(key, slot) {
    if (mode === "save") {
      if (slot && !(await confirm(t("overwrite"), t("overwrite_yes")))) return;
      if (await saveTo(key, game)) toast(t("saved"));
      else toast(t("kept_here"), "warning");
      await draw();
    } else if (slot) {
      dialog.close();
      await resumeGame(slot.save);
    }
  }

  /** @param {string} key */
  async function erase(key) {
    if (!(await confirm(t("delete_ask"), t("delete")))) return;
    await removeSlot(key);
    await draw();
    grid.querySelector("button")?.focus();
  }

  function pickFile() {
    const field = h("input", { type: "file", accept: "application/json,.json" });
    field.addEventListener("change", async () => {
      const file = field.files?.[0];
      if (!file) return;
      const wrong = await takeIn(await file.text(), game);
      toast(t(wrong || "imported"), wrong ? "warning" : "note");
      await draw();
    });
    field.click();
  }
}
