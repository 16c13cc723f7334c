// @ts-check
/** The title screen. */

import { $, h } from "../dom.js";
import { program, prefetch } from "../loader.js";
import { game, leave, resumeGame, startGame } from "../reader.js";
import { t } from "../strings.js";
import { openScreen } from "./open.js";

/** Show it; `Continue` comes when there is something to continue. */
export async function openTitle() {
  leave();
  document.body.dataset.screen = "title";
  const title = $("title");
  title.hidden = false;
  const item = (/** @type {string} */ key, /** @type {() => void} */ onclick) => h("button", { type: "button", onclick, "data-item": key }, t(key));
  const menu = $("title-menu");
  const seed = new URLSearchParams(location.search).get("seed");
  const start = item("start", () => startGame(seed && /^\d{1,16}$/.test(seed) ? Number(seed) : undefined));
  menu.setAttribute("aria-label", t("title_menu"));
  menu.replaceChildren(
    start,
    item("load", () => openScreen("load")),
    item("settings", () => openScreen("settings")),
    item("extras", () => openScreen("extras")),
    item("about", () => openScreen("about")),
  );
  const notes = program.about?.content_notes ?? [];
  $("title-notes").textContent = notes.length ? `${t("notes")}: ${notes.join(", ")}` : "";
  start.focus({ preventScroll: true });
  prefetch(program.start);
  const { newest } = await import("../saves.js");
  const saved = await newest("save ", game).catch(() => undefined);
  if (!saved || title.hidden) return;
  const resume = item("continue", () => resumeGame(saved.save));
  menu.prepend(resume);
  if (document.activeElement === start || document.activeElement === document.body) resume.focus({ preventScroll: true });
}
