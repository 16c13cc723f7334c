// @ts-check
/** What was found so far: endings and pictures. */

import { h, screen } from "../dom.js";
import { asset, index, program } from "../loader.js";
import { game } from "../reader.js";
import { get } from "../storage.js";
import { human, t } from "../strings.js";

/** Open them. */
export async function openExtras() {
  const { endings, unlocks } = game.persistent;
  const known = (await get("pictures").catch(() => null)) ?? [];
  const all = program.endings ?? [];
  const found = all.filter((/** @type {any} */ one) => endings.includes(one.name));
  const pictures = index.gallery.map(([name, alt]) => ({ name, alt, seen: known.includes(name) || unlocks.includes(name) }));
  screen(
    "extras",
    t("extras"),
    h("section", null,
      h("h3", null, `${t("endings")} `, h("small", null, `${found.length} / ${all.length}`)),
      h("ul.endings", null, all.map((/** @type {any} */ one) =>
        endings.includes(one.name) ? h("li.found", null, one.title || human(one.name)) : h("li", null, h("span", { "aria-label": t("locked") }, "· · ·"))))),
    pictures.length ? h("section", null,
      h("h3", null, `${t("gallery")} `, h("small", null, `${pictures.filter((one) => one.seen).length} / ${pictures.length}`)),
      h("div.gallery", null, pictures.map(({ name, alt, seen }) =>
        seen
          ? h("button", { type: "button", "aria-label": alt, onclick: () => enlarge(name, alt) }, h("img", { src: asset("picture", name) ?? "", alt: "", loading: "lazy" }))
          : h("div.locked", { role: "img", "aria-label": t("locked") }, "?")))) : null,
  );
}

/** @param {string} name @param {string} alt */
function enlarge(name, alt) {
  screen("picture", human(name), h("img", { src: asset("picture", name) ?? "", alt }), h("p", null, alt));
}
