// @ts-check
/** The text: the box, the page, and the typewriter. */

import { $, h } from "./dom.js";
import { program } from "./loader.js";
import { markChoices } from "./choices.js";
import { onSettings, settings } from "./settings.js";
import { t } from "./strings.js";
import { legible } from "./theme.js";

/** @typedef {import("./runtime/types.js").Inline} Inline */
/** @typedef {import("./runtime/types.js").LineView} LineView */

const graphemes = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

/** A stretch of text that appears letter by letter. @typedef {{ shown: Text, ghost: HTMLElement, cuts: number[], text: string }} Run */
/** What the typewriter meets, in order. @typedef {{ run: Run } | { ops: any[] }} Part */

/**
 * Build a line's nodes; all of the text takes its place at once, still transparent.
 * @param {Inline[]} nodes
 * @param {ParentNode} into
 * @param {Part[]} parts
 */
function build(nodes, into, parts) {
  for (const node of nodes) {
    if (typeof node === "string") {
      node.split("\n").forEach((text, i) => {
        if (i) into.append(h("br"));
        if (!text) return;
        const shown = document.createTextNode("");
        const ghost = h("span.ghost", null, text);
        into.append(shown, ghost);
        const cuts = graphemes ? [...graphemes.segment(text)].map((one) => one.index + one.segment.length) : [...text].map((_, k, all) => all.slice(0, k + 1).join("").length);
        parts.push({ run: { shown, ghost, cuts, text } });
      });
    } else if (node.tag === "fx") parts.push({ ops: node.ops });
    else {
      const element = h(node.tag);
      into.append(element);
      build(node.children, element, parts);
      if (node.tag === "ruby") element.append(h("rt", null, node.reading));
    }
  }
}

/** @param {Run} run @param {number} count */
function reveal(run, count) {
  const end = count ? run.cuts[Math.min(count, run.cuts.length) - 1] : 0;
  run.shown.data = run.text.slice(0, end);
  run.ghost.textContent = run.text.slice(end);
  if (end === run.text.length) run.ghost.remove();
}

/** One line being typed. */
export class Typing {
  /**
   * @param {Part[]} parts
   * @param {(ops: any[], quick: boolean) => Promise<void>} effect fires effects; resolves when the text may go on
   * @param {number} speed factor of the typewriter
   */
  constructor(parts, effect, speed) {
    this.parts = parts;
    this.effect = effect;
    this.speed = speed;
    this.quick = false;
  }

  /** Show the rest at once. */
  finish() {
    this.quick = true;
  }

  async run() {
    for (const part of this.parts) {
      if ("ops" in part) {
        for (const op of part.ops) if (op.op === "speed") this.speed = op.factor;
        await this.effect(part.ops, this.quick);
      } else await this.type(part.run);
    }
  }

  /** @param {Run} run */
  async type(run) {
    let count = 0;
    let due = 0;
    let last = performance.now();
    while (count < run.cuts.length) {
      const rate = settings.textSpeed >= 100 || settings.motion ? Infinity : settings.textSpeed * this.speed;
      if (this.quick || rate === Infinity) break;
      const now = await new Promise((resolve) => requestAnimationFrame(resolve));
      due += (Math.min(now - last, 100) / 1000) * rate;
      last = now;
      while (due >= 1 && count < run.cuts.length) {
        count += 1;
        due -= 1;
        const letter = run.text[run.cuts[count - 1] - 1];
        // A breath at the end of a phrase reads better than an even rattle.
        if (/[.!?…。！？]/.test(letter) && count < run.cuts.length) due -= 9;
        else if (/[,;:—、，；：]/.test(letter)) due -= 4;
      }
      reveal(run, count);
      follow(run.ghost);
    }
    reveal(run, run.cuts.length);
  }
}

/** Keep what is being typed in sight. @param {HTMLElement} ghost */
function follow(ghost) {
  const place = holder();
  if (place.scrollHeight <= place.clientHeight + 4 || !ghost.isConnected) return;
  const { top } = ghost.getClientRects()[0] ?? ghost.getBoundingClientRect();
  const over = top + 60 - place.getBoundingClientRect().bottom;
  if (over > 0) place.scrollTop += over;
}

/** @param {string[]} who */
const colourOf = (who) => program.characters[who[0]]?.colour;

/**
 * Put a line into the box or onto the page; returns what the typewriter has to go through.
 * @param {LineView} line
 * @param {LineView[] | null} page all lines of the page, this one last
 * @returns {Part[]}
 */
export function place(line, page) {
  /** @type {Part[]} */
  const parts = [];
  $("box").hidden = Boolean(page);
  $("page").hidden = !page;
  if (page) {
    $("page-lines").replaceChildren(...page.map((each, i) => pageLine(each, i === page.length - 1 ? parts : null)));
    // A line that is longer than the page is read from its beginning.
    const row = /** @type {HTMLElement} */ ($("page-lines").lastElementChild);
    const tall = row.offsetHeight > $("page").clientHeight * 0.8;
    row.scrollIntoView({ block: tall ? "start" : "nearest" });
    markMore();
    return parts;
  }
  const text = h("p");
  build(line.text, text, parts);
  const box = $("box");
  box.dataset.manner = line.manner ?? (line.who.length ? "speech" : "narration");
  const colour = colourOf(line.who);
  box.style.setProperty("--voice", colour ? legible(colour) : "var(--accent)");
  $("name").textContent = line.name;
  $("name").hidden = !line.name;
  $("text").replaceChildren(text);
  $("text").scrollTop = 0;
  markMore();
  return parts;
}

/** @param {LineView} line @param {Part[] | null} parts */
function pageLine(line, parts) {
  const row = h("p", { "data-manner": line.manner ?? "" });
  if (line.name) {
    const name = h("span.page-name", null, line.name);
    const colour = colourOf(line.who);
    if (colour) name.style.color = legible(colour);
    row.append(name, " ");
  }
  /** @type {Part[]} */
  const all = [];
  build(line.text, row, all);
  if (parts) parts.push(...all);
  else for (const part of all) if ("run" in part) reveal(part.run, part.run.cuts.length);
  return row;
}

/** Show all of it at once. @param {Part[]} parts */
export function showAll(parts) {
  for (const part of parts) if ("run" in part) reveal(part.run, part.run.cuts.length);
}

/** What holds the text now. @returns {HTMLElement} */
const holder = () => ($("page").hidden ? $("text") : $("page"));

/** How much of the text is out of sight below, in pixels. */
const below = () => holder().scrollHeight - holder().clientHeight - holder().scrollTop;

/** Show whether more of the text follows below. */
function markMore() {
  const more = below() >= 6;
  $("reader").classList.toggle("more", more);
  $("next").setAttribute("aria-label", t(more ? "more" : "next"));
}

/** What part of the text is seen at once, at most 1. */
export const seenPart = () => Math.min(1, holder().clientHeight / (holder().scrollHeight || 1));

/** Show the next part of a text that is longer than its place; returns whether there was one. */
export function scrollOn() {
  if (below() < 6) return false;
  const place = holder();
  const line = parseFloat(getComputedStyle($("page").hidden ? place : $("page-lines")).lineHeight);
  // A line of what was read stays, and no line is cut at the top of the box.
  const lines = Math.max(1, Math.floor(place.clientHeight / line) - 1);
  place.scrollTop += lines * line;
  markMore();
  return true;
}

/** Keep the sign of more text right, whatever scrolls or changes its size. */
export function watchText() {
  const watcher = new ResizeObserver(() => (markMore(), markChoices()));
  for (const id of ["text", "page", "page-lines"]) watcher.observe($(id));
  for (const id of ["text", "page"]) $(id).addEventListener("scroll", markMore, { passive: true });
  watcher.observe($("choices"));
  $("choices").addEventListener("scroll", markChoices, { passive: true });
  onSettings(markMore);
}

/** Take the text away. */
export function clearText() {
  $("box").hidden = $("page").hidden = true;
  $("name").textContent = "";
  $("text").replaceChildren();
  markMore();
}
