// @ts-check
/** Who made it, what it is, what it holds. */

import { h, screen } from "../dom.js";
import { program } from "../loader.js";
import { t } from "../strings.js";

/** Open it. */
export function openAbout() {
  const about = program.about ?? {};
  const fact = (/** @type {string} */ key, /** @type {any} */ value) => value && [h("dt", null, t(key)), h("dd", null, value)];
  screen(
    "about",
    program.title,
    about.subtitle && h("p.lead", null, about.subtitle),
    about.description && h("p", null, about.description),
    h("dl", null,
      fact("by", (about.authors ?? []).join(", ")),
      fact("version", program.version),
      fact("rating", about.rating && t(about.rating)),
      fact("notes", (about.content_notes ?? []).join(", ")),
      fact("licence", about.licence)),
    h("p.small", null, t("made_with")),
  );
}
