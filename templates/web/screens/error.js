// @ts-check
/** Something broke: what to do about it. */

import { h, screen, toast } from "../dom.js";
import { program } from "../loader.js";
import { isReading } from "../reader.js";
import { t } from "../strings.js";
import { openTitle } from "./title.js";

/** @param {unknown} error */
export function openError(error) {
  if (document.querySelector("dialog.error")) return;
  const problem = /** @type {any} */ (error);
  const report = [
    `${program?.title ?? document.title} ${program?.version ?? ""}`,
    navigator.userAgent,
    `${problem?.name ?? "Error"}: ${problem?.message ?? error}`,
    problem?.stack ?? "",
  ].join("\n");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(report);
      toast(t("copied"));
    } catch {
      getSelection()?.selectAllChildren(box);
    }
  };
  const box = h("pre", { tabIndex: 0 }, report);
  const dialog = screen("error", t("error"), h("p", null, t("error_text")), box,
    h("div.row.end", null,
      h("button", { type: "button", onclick: copy }, t("copy")),
      h("button.primary", { type: "button", onclick: () => location.reload() }, t("reload"))));
  // What broke while nothing else was shown leaves nothing to go back to.
  dialog.done.then(() => {
    if (document.body.classList.contains("ready") && !isReading()) openTitle();
  });
}
