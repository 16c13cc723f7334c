// @ts-check
/** Settings. */

import { confirm, h, screen } from "../dom.js";
import { program } from "../loader.js";
import { forget, readIn } from "../reader.js";
import { change, resetSettings, settings } from "../settings.js";
import { list, remove } from "../storage.js";
import { languageName, t } from "../strings.js";
import { isVoiced } from "../voice.js";

/** Open them. */
export function openSettings() {
  const groups = h("div.groups");
  draw(groups, screen("settings", t("settings"), groups));
  groups.querySelector("input, select")?.focus();
}

/** @param {HTMLElement} into @param {any} dialog */
function draw(into, dialog) {
  const features = program.about?.features ?? {};
  const languages = program.languages?.length > 1 ? program.languages : null;
  const again = () => draw(into, dialog);
  into.replaceChildren(
    group("reading",
      languages && select("interface", "language", languages.map((/** @type {string} */ tag) => [tag, languageName(tag)]), async (tag) => {
        change({ language: tag });
        dialog.querySelector("h2").textContent = t("settings");
        again();
        await readIn(tag);
      }),
      slider("text_speed", "textSpeed", 10, 100, 5, (value) => (value >= 100 ? t("instant") : `${value}`)),
      slider("auto_speed", "autoSpeed", 0, 100, 5),
      features.skip !== false && toggle("skip_unread", "skipUnread"),
      features.skip !== false && toggle("skip_choices", "skipChoices"),
      features.skip !== false && toggle("tab_skips", "tabSkips")),
    group("sound",
      ...["master", "music", "ambience", "sfx", "voice"].map((name) => slider(name, name, 0, 100, 5, (value) => `${value} %`)),
      toggle("mute", "mute"), toggle("mono", "mono"), toggle("sustain", "sustain")),
    isVoiced() && group("silent", ...[["", t("narration")], ...Object.entries(program.characters).map(([id, { name }]) => [id, name])].map(voiceOf)),
    group("display",
      slider("text_size", "textSize", 80, 200, 10, (value) => `${value} %`),
      slider("spacing", "spacing", 90, 160, 10, (value) => `${value} %`),
      slider("box", "box", 40, 100, 5, (value) => `${value} %`),
      select("font", "font", ["theme", "serif", "sans", "readable"].map((name) => [name, t(`font_${name}`)]), (font) => change({ font })),
      select("colours", "colours", ["base", "high_contrast", "colour_blind"].map((name) => [name, t(`colours_${name}`)]), (colours) => change({ colours }))),
    group("access",
      toggle("motion", "motion"), toggle("shake", "shake"), toggle("timers", "timers"), toggle("captions", "captions"),
      toggle("describe", "describe"), "speechSynthesis" in window && toggle("speak", "speak")),
    h("section.keys", null, h("h3", null, t("keys")), h("p", null, t("keys_text"))),
    h("div.row.end", null,
      h("button", { type: "button", onclick: () => (resetSettings(), again()) }, t("reset")),
      h("button.danger", { type: "button", onclick: eraseAll }, t("reset_all"))),
  );
}

/** @param {string} title @param {...any} rows */
const group = (title, ...rows) => h("fieldset", null, h("legend", null, t(title)), rows.flat());

/**
 * @param {string} label
 * @param {string} key
 * @param {number} min
 * @param {number} max
 * @param {number} step
 * @param {(value: number) => string} [format]
 */
function slider(label, key, min, max, step, format = String) {
  const value = Number(/** @type {any} */ (settings)[key]);
  const output = h("output", null, format(value));
  const field = h("input", { type: "range", min, max, step, id: `set-${key}`, "aria-valuetext": format(value) });
  field.value = String(value);
  field.addEventListener("input", () => {
    output.textContent = format(Number(field.value));
    field.setAttribute("aria-valuetext", format(Number(field.value)));
    change({ [key]: Number(field.value) });
  });
  return h("div.setting", null, h("label", { for: field.id }, t(label)), field, output);
}

/** @param {string} label @param {string} key */
const toggle = (label, key) => flip(t(label), key, /** @type {any} */ (settings)[key], (on) => change({ [key]: on }));

/** Whether somebody is heard. @param {string[]} who id and name */
const voiceOf = ([id, name]) =>
  flip(name, `voice-${id}`, settings.silent.includes(id), (on) => change({ silent: [...settings.silent.filter((one) => one !== id), ...(on ? [id] : [])] }));

/** @param {string} label @param {string} key @param {boolean} checked @param {(on: boolean) => void} done */
function flip(label, key, checked, done) {
  const field = h("input.switch", { type: "checkbox", role: "switch", id: `set-${key}`, checked });
  field.addEventListener("change", () => done(field.checked));
  return h("div.setting.short", null, h("label", { for: field.id }, label), field);
}

/** @param {string} label @param {string} key @param {string[][]} options @param {(value: string) => void} choose */
function select(label, key, options, choose) {
  const field = h("select", { id: `set-${key}` }, options.map(([value, words]) => h("option", { value }, words)));
  field.value = String(/** @type {any} */ (settings)[key]);
  field.addEventListener("change", () => choose(field.value));
  return h("div.setting", null, h("label", { for: field.id }, t(label)), field);
}

async function eraseAll() {
  if (!(await confirm(t("reset_ask"), t("erase")))) return;
  for (const [key] of await list("save ")) await remove(key);
  await remove("persistent");
  await remove("pictures");
  forget();
  location.reload();
}
