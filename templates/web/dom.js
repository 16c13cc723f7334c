// @ts-check
/** Elements, and the few things every screen says or asks. */

import { t } from "./strings.js";

/** @typedef {string | Node | null | undefined | false} Child */

/**
 * An element. Properties whose name begins with `on` are listeners; those with a hyphen, `role`
 * and `for` are attributes; the rest are properties.
 * @param {string} tag with classes: `div.card.wide`
 * @param {Record<string, any> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {any}
 */
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key.includes("-") || key === "role" || key === "for") element.setAttribute(key, value === true ? "" : String(value));
    else /** @type {any} */ (element)[key] = value;
  }
  element.append(.../** @type {(string | Node)[]} */ (children.flat().filter((child) => child || child === "")));
  return element;
}

/** @param {string} id @returns {any} */
export const $ = (id) => document.getElementById(id);

/**
 * Rendered text as nodes; effects leave nothing.
 * @param {import("./runtime/types.js").Inline[]} nodes
 * @returns {Node[]}
 */
export function inline(nodes) {
  return nodes.flatMap((node) => {
    if (typeof node === "string") return node.split("\n").flatMap((line, i) => (i ? [h("br"), document.createTextNode(line)] : [document.createTextNode(line)]));
    if (node.tag === "fx") return [];
    if (node.tag === "ruby") return [h("ruby", null, inline(node.children), h("rt", null, node.reading))];
    return [h(node.tag, null, inline(node.children))];
  });
}

/** Say something to a screen reader. @param {string} text */
export function announce(text) {
  if (text) $("live").append(h("p", null, text));
  while ($("live").childElementCount > 4) $("live").firstElementChild.remove();
}

/** Show a short notice. @param {Child | Child[]} content @param {string} [kind] */
export function toast(content, kind = "note") {
  const note = h("div.toast", { "data-kind": kind }, content);
  for (const same of $("toasts").children) if (same.textContent === note.textContent) same.remove();
  $("toasts").append(note);
  setTimeout(() => {
    note.classList.add("gone");
    setTimeout(() => note.remove(), 500);
  }, { caption: 2600, warning: 9000 }[kind] ?? 4200);
}

/**
 * Open a screen as a modal dialog; focus goes back to where it was when it closes.
 * @param {string} kind its class
 * @param {string} title
 * @param {(Child | Child[])[]} content
 * @returns {HTMLDialogElement & { done: Promise<string> }}
 */
export function screen(kind, title, ...content) {
  const heading = `h-${kind}`;
  const dialog = h(
    `dialog.screen.${kind}`,
    { "aria-labelledby": heading },
    h("header", null, h("h2", { id: heading, tabIndex: -1 }, title), closeButton()),
    h("div.content", null, ...content),
  );
  return open(dialog);
}

const closeButton = () =>
  h("button.close", { type: "button", "aria-label": t("close"), onclick: (/** @type {any} */ e) => e.currentTarget.closest("dialog").close() }, "×");

/** @param {any} dialog */
function open(dialog) {
  const from = /** @type {HTMLElement | null} */ (document.activeElement);
  document.body.append(dialog);
  dialog.showModal();
  dialog.addEventListener("click", (/** @type {MouseEvent} */ event) => event.target === dialog && dialog.close());
  dialog.done = new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue);
      dialog.remove();
      if (!document.querySelector("dialog[open]")) from?.focus({ preventScroll: true });
    }),
  );
  return dialog;
}

/** Whether a screen or question is open. */
export const isOpen = () => Boolean(document.querySelector("dialog[open]"));

/** Ask; resolves to whether the answer is yes. @param {string} question @param {string} yes */
export async function confirm(question, yes) {
  const close = (/** @type {string} */ value) => (/** @type {any} */ e) => e.currentTarget.closest("dialog").close(value);
  const dialog = h(
    "dialog.ask",
    { role: "alertdialog", "aria-labelledby": "ask-text" },
    h("p", { id: "ask-text" }, question),
    h("div.row", null,
      h("button", { type: "button", onclick: close(""), autofocus: true }, t("cancel")),
      h("button.primary", { type: "button", onclick: close("yes") }, yes)),
  );
  return (await open(dialog).done) === "yes";
}

/** Let the player keep a text as a file. @param {string} name @param {string} text @param {string} [type] */
export function download(name, text, type = "application/json") {
  const url = URL.createObjectURL(new Blob([text], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
