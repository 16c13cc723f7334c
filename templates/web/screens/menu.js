// @ts-check
/** The game menu: everything the bar has, and the way out. */

import { h, confirm, screen } from "../dom.js";
import { actions } from "../input.js";
import { program } from "../loader.js";
import { t } from "../strings.js";
import { openTitle } from "./title.js";

/** Open it. */
export function openMenu() {
  /** @type {any} */
  let dialog = null;
  const item = (/** @type {string} */ key, /** @type {() => void} */ run) =>
    h("button", { type: "button", onclick: () => (dialog.close(), run()) }, t(key));
  const close = () => undefined;
  dialog = screen(
    "menu",
    program.title,
    h("div.menu-list", null,
      item("resume", close),
      item("save", actions.save),
      item("load", actions.load),
      item("history", actions.history),
      item("settings", actions.settings),
      item("quick_save", actions.quick_save),
      item("quick_load", actions.quick_load),
      item("hide", actions.hide),
      item("fullscreen", actions.fullscreen),
      item("to_title", async () => (await confirm(t("leave"), t("leave_yes"))) && openTitle())),
  );
  dialog.querySelector(".menu-list button").focus();
}
