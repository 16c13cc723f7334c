// @ts-check
/**
 * What is wrong with the sources, over the page and apart from it: nothing of the page styles it,
 * and the story below stays playable. Errors open it; of warnings a small badge tells.
 */

/** @import { Finding, News, Place } from "./socket.js" */

/** @param {string} tag with classes @param {Record<string, any>} [props] @param {...(string | Node | undefined)} children @returns {any} */
function el(tag, props = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value);
  }
  element.append(.../** @type {Node[]} */ (children.filter((child) => child !== undefined)));
  return element;
}

const live = el("p.unseen", { "aria-live": "assertive", role: "status" });
const badge = el("button.badge", { type: "button", "aria-expanded": "false", "aria-controls": "panel", hidden: "", onclick: () => open(panel.hidden) });
const heading = el("h2");
const list = el("ol");
const panel = el("section.panel", { id: "panel", "aria-labelledby": "heading", hidden: "" },
  el("header", {}, heading,
    el("p.keys", {}, el("kbd", {}, "F8"), " to here, ", el("kbd", {}, "Esc"), " away"),
    el("button.close", { type: "button", "aria-label": "Fold away", onclick: () => open(false) }, "×")),
  list);
heading.id = "heading";

const host = el("aside", { "aria-label": "Findings in the sources", popover: "manual", id: "comfyvn-findings" });
const root = host.attachShadow({ mode: "open" });

/** @type {Finding[]} */
let findings = [];
/** The news that is shown, since most builds find what the one before found. */
let latest = "";
/** What the errors are, to see whether they are others. */
let known = "";
let there = true;
let lost = 0;
/** @type {HTMLElement | null} */
let from = null;

async function begin() {
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets = [sheet];
  root.append(live, badge, panel);
  document.body.append(host);
  // The keys and clicks of the findings are not the player's.
  for (const kind of ["keydown", "keyup", "pointerdown", "click", "wheel"]) {
    host.addEventListener(kind, (/** @type {Event} */ event) => event.stopPropagation());
  }
  addEventListener("keydown", (event) => {
    const away = event.key === "Escape" && !panel.hidden;
    if (!away && (event.key !== "F8" || badge.hidden)) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // What lies on top goes first; the player's menu is below.
    if (away || root.activeElement) open(false);
    else {
      open(true);
      /** @type {HTMLElement | null} */ (panel.querySelector("a, button"))?.focus();
    }
  }, true);
  await sheet.replace(await (await fetch(new URL("overlay.css", import.meta.url))).text());
}

/** Show what a build found. @param {News} news */
export function show({ ok, findings: found, said, story }) {
  const news = JSON.stringify([ok, found, said, story !== null]);
  if (news === latest) return;
  latest = news;
  const before = findings.filter(({ severity }) => severity === "error").length;
  findings = said ? [...found, { code: "", severity: "error", message: said, place: { path: "", line: 0, column: 0 }, related: [] }] : found;
  const errors = findings.filter(({ severity }) => severity === "error");
  const now = JSON.stringify(errors.map(({ code, message, place }) => [code, message, place]));
  draw(ok, story !== null);
  if (now !== known) {
    known = now;
    if (errors.length) {
      open(true);
      live.textContent = `${counted()}. ${errors[0].message}${placed(errors[0].place, ", in ", " line ")}`;
    } else if (before) {
      open(false);
      live.textContent = "The errors are mended.";
    }
  }
  if (!findings.length) open(false);
  mark();
}

/** Show whether the server is there. @param {boolean} is */
export function showLine(is) {
  there = is;
  clearTimeout(lost);
  if (is) mark();
  else lost = window.setTimeout(mark, 700);
}

function mark() {
  const worst = findings.some(({ severity }) => severity === "error") ? "error" : "warning";
  badge.dataset.kind = there ? worst : "lost";
  badge.hidden = there && !findings.length;
  badge.textContent = there ? counted() : "comfyvn serve is not there; waiting for it";
  badge.disabled = !findings.length;
  // The latest to come into the top layer is above the player's own dialogs.
  if (host.matches(":popover-open")) host.hidePopover();
  if (!badge.hidden) host.showPopover();
}

/** @param {boolean} is */
function open(is) {
  is &&= findings.length > 0;
  if (is && panel.hidden) from = /** @type {HTMLElement | null} */ (document.activeElement);
  const inside = panel.contains(root.activeElement);
  panel.hidden = !is;
  badge.setAttribute("aria-expanded", String(is));
  if (!is && inside) (from?.isConnected ? from : badge).focus({ preventScroll: true });
}

/** How many there are of each kind. */
function counted() {
  const parts = ["error", "warning", "note"].map((kind) => {
    const n = findings.filter(({ severity }) => severity === kind).length;
    return n ? `${n} ${kind}${n === 1 ? "" : "s"}` : "";
  });
  return parts.filter(Boolean).join(", ");
}

/** @param {boolean} ok @param {boolean} playing */
function draw(ok, playing) {
  const at = [...panel.querySelectorAll("a, button")].indexOf(/** @type {any} */ (root.activeElement));
  heading.replaceChildren(counted(), el("small", {}, ok ? "" : playing ? "playing the last good build" : "nothing is built yet"));
  list.replaceChildren(...findings.map(item));
  for (const box of list.querySelectorAll(".source")) {
    const spot = box.querySelector("mark");
    if (spot) box.scrollLeft = Math.max(0, spot.offsetLeft - box.clientWidth / 2);
  }
  if (at >= 0) /** @type {HTMLElement | undefined} */ (panel.querySelectorAll("a, button")[at])?.focus();
}

/** @param {Finding} finding */
const item = ({ code, severity, message, help, place, related }) =>
  el("li", { "data-kind": severity },
    el("p.what", {}, el("b", {}, severity), code ? el("span.code", {}, code) : undefined),
    el("p.message", {}, ...words(message)),
    ...spot(place),
    ...related.flatMap((other) => [el("p.note", {}, ...words(other.message)), ...spot(other)]),
    help ? el("p.help", {}, el("b", {}, "help"), el("span", {}, ...words(help))) : undefined);

/** Text with what stands between backticks as code. @param {string} text */
const words = (text) => text.split(/`([^`]*)`/).map((part, i) => (i % 2 ? el("code", {}, part) : part));

/** @param {Place} place @param {string} before @param {string} [between] */
const placed = ({ path, line, column }, before, between) =>
  path && before + path + (line ? (between ? between + line : `:${line}:${column}`) : "");

/** Where it is, and the line with what is meant. @param {Place} place @returns {Node[]} */
function spot(place) {
  const where = placed(place, "");
  if (!where) return [];
  const copy = el("button.copy", { type: "button", "aria-label": `Copy ${where}`, onclick: () => copied(copy, where) }, "Copy");
  const link = place.href ? el("a", { href: place.href, title: "Open in the editor" }, where) : el("span", {}, where);
  const row = el("p.where", {}, link, copy);
  if (place.source === undefined) return [row];
  const letters = [...place.source];
  const { start = 0, end = 0 } = place;
  const meant = letters.slice(start, end).join("") || "\u00a0";
  return [row, el("pre.source", { tabindex: "0", "aria-label": `Line ${place.line}` },
    el("span.number", { "aria-hidden": "true" }, String(place.line)),
    letters.slice(0, start).join(""), el("mark", {}, meant), letters.slice(Math.max(start, end)).join(""))];
}

/** @param {HTMLElement} button @param {string} text */
async function copied(button, text) {
  await navigator.clipboard.writeText(text);
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

begin();
