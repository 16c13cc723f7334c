// @ts-check
/** The screen after an ending. */

import { $, announce, h } from "../dom.js";
import { program } from "../loader.js";
import { game, turnBack } from "../reader.js";
import { human, t } from "../strings.js";
import { openScreen } from "./open.js";
import { openTitle } from "./title.js";

/** @param {{ t: string, name?: string, title?: string }} ending `t` is `stuck` where the story found no way on */
export function openEnding({ t: kind, name, title }) {
  const stuck = kind === "stuck";
  const all = program.endings ?? [];
  const found = all.filter((/** @type {any} */ one) => game.persistent.endings.includes(one.name)).length;
  const words = stuck ? t("stuck") : title || (name ? human(name) : t("the_end"));
  const back = h("button.primary", { type: "button", onclick: () => (close(), openTitle()) }, t("to_title"));
  const mayTurn = stuck && game.past.length > 0 && program.about?.features?.rollback !== false;
  const turn = mayTurn && h("button.primary", { type: "button", onclick: () => (close(), turnBack()) }, t("back"));
  const panel = h(
    "section.ending",
    { id: "ending", "aria-labelledby": "ending-title" },
    h("p.kicker", null, name ? t("ending") : ""),
    h("h1", { id: "ending-title", tabIndex: -1 }, words),
    all.length && !stuck ? h("p.count", null, `${t("ending_found")}: ${found} / ${all.length}`) : null,
    h("div.row", null, turn, back, h("button", { type: "button", onclick: () => openScreen("load") }, t("load")), h("button", { type: "button", onclick: () => openScreen("extras") }, t("extras"))),
  );
  const close = () => panel.remove();
  document.body.dataset.screen = "ending";
  $("game").append(panel);
  announce(stuck ? words : `${t("ending")}: ${words}`);
  (turn || back).focus();
}
