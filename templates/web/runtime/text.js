// @ts-check
/** Texts with their slots filled in: a tree for the screen, neutral markup for transcripts. */

import { evaluate } from "./expressions.js";
import { LIMIT, print, printValue } from "./numbers.js";

/** @import { Expr, Inline, Text, Value } from "./types.js" */

/** @typedef {[string, Expr][]} PluralRules */

/**
 * The plural category of a number.
 * @param {number} x
 * @param {PluralRules} rules
 */
export function category(x, rules) {
  const n = Math.abs(x);
  const fraction = print(n).split(".")[1] ?? "";
  const digits = Math.min(Number(fraction), LIMIT);
  /** @type {Record<string, number>} */
  const operands = { n, i: Math.floor(n), f: digits, t: digits, c: 0, e: 0 };
  operands.v = operands.w = fraction.length;
  const nothing = () => 0;
  const world = { variable: (/** @type {string} */ name) => operands[name], draw: nothing, times: nothing, title: String };
  return rules.find(([, condition]) => evaluate(condition, world))?.[0] ?? "other";
}

/**
 * Fill in the slots.
 * @param {Text} text
 * @param {Value[]} values
 * @param {PluralRules} rules of the text's language
 * @returns {Inline[]}
 */
export function render(text, values, rules) {
  /** @type {Inline[]} */
  const out = [];
  const push = (/** @type {Inline[]} */ ...parts) => {
    for (const part of parts) {
      const last = out.length - 1;
      if (typeof part !== "string") out.push(part);
      else if (typeof out[last] === "string") out[last] += part;
      else if (part) out.push(part);
    }
  };
  const inner = (/** @type {Text} */ part) => render(part, values, rules);
  const form = (/** @type {Record<string, Text>} */ forms, /** @type {string} */ key) =>
    Object.hasOwn(forms, key) ? forms[key] : forms.other;
  for (const part of text) {
    if (typeof part === "string") push(part);
    else if ("v" in part) push(printValue(values[part.v], part.digits));
    else if ("em" in part) push({ tag: "em", children: inner(part.em) });
    else if ("strong" in part) push({ tag: "strong", children: inner(part.strong) });
    else if ("del" in part) push({ tag: "del", children: inner(part.del) });
    else if ("ruby" in part) push({ tag: "ruby", children: inner(part.ruby), reading: part.rt });
    else if ("wording" in part) {
      push(...inner(part.of[Math.floor(Number(values[part.wording]) * part.of.length)]));
    } else if ("plural" in part) {
      push(...inner(form(part.forms, category(Number(values[part.plural]), rules))));
    } else if ("select" in part) {
      push(...inner(form(part.forms, printValue(values[part.select]))));
    } else push({ tag: "fx", ops: part.fx });
  }
  return out;
}

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/**
 * Neutral markup, as transcripts have it. Effects leave nothing.
 * @param {Inline[]} nodes
 * @returns {string}
 */
export function markup(nodes) {
  return nodes
    .map((node) => {
      if (typeof node === "string") return escape(node);
      if (node.tag === "fx") return "";
      const body = markup(node.children);
      if (node.tag === "ruby") return `<ruby>${body}<rt>${escape(node.reading)}</rt></ruby>`;
      return `<${node.tag}>${body}</${node.tag}>`;
    })
    .join("");
}

/**
 * The words alone, for screen readers and lists; a reading follows its base in parentheses.
 * @param {Inline[]} nodes
 * @returns {string}
 */
export function plain(nodes) {
  return nodes
    .map((node) => {
      if (typeof node === "string") return node;
      if (node.tag === "fx") return "";
      return node.tag === "ruby" ? `${plain(node.children)} (${node.reading})` : plain(node.children);
    })
    .join("");
}
