// @ts-check
/** What an expression is worth. Every operation is total. */

import { LIMIT, clamp, divide, divideNumbers, round } from "./numbers.js";

/** @import { Expr, Value } from "./types.js" */

/**
 * What an expression may ask about.
 * @typedef {object} World
 * @property {(name: string) => Value} variable
 * @property {(stream: string) => number} draw from 0 to 1, without 1
 * @property {(id: string, ever: boolean) => number} times
 * @property {(place: string) => string} title
 */

export const TEXT_LIMIT = 65536;

/** Cut to a number of code points. @param {string} text @param {number} limit */
export function cut(text, limit) {
  if (text.length <= limit) return text;
  return Array.from(text).slice(0, limit).join("");
}

/** The order by code point, which UTF-16 units do not have. @param {string} a @param {string} b */
export function compare(a, b) {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  // A surrogate stands for a code point above all others.
  const lift = (/** @type {number} */ unit) => ((unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit);
  return (i < a.length ? lift(a.charCodeAt(i)) : -1) - (i < b.length ? lift(b.charCodeAt(i)) : -1);
}

/** @param {any} a @param {any} b @returns {boolean} */
export function equal(a, b) {
  if (!Array.isArray(a)) return a === b;
  return a.length === b.length && a.every((member) => b.includes(member));
}

/** @type {Record<string, (e: any[], w: World) => any>} */
const OPERATORS = {
  int: (e) => e[1],
  num: (e) => e[1],
  text: (e) => e[1],
  bool: (e) => e[1],
  set: (e) => e[1],
  label: (e) => e[1],
  var: (e, w) => w.variable(e[1]),
  neg: (e, w) => clamp(-evaluate(e[2], w)),
  "+": (e, w) => {
    const sum = evaluate(e[2], w) + evaluate(e[3], w);
    return e[1] === "t" ? cut(sum, TEXT_LIMIT) : clamp(sum);
  },
  "-": (e, w) => clamp(evaluate(e[2], w) - evaluate(e[3], w)),
  "*": (e, w) => clamp(evaluate(e[2], w) * evaluate(e[3], w)),
  "/": (e, w) => {
    const [a, b] = [evaluate(e[1], w), evaluate(e[2], w)];
    return b === 0 ? 0 : clamp(a / b);
  },
  "//": (e, w) => (e[1] === "i" ? divide : divideNumbers)(evaluate(e[2], w), evaluate(e[3], w))[0],
  "%": (e, w) => (e[1] === "i" ? divide : divideNumbers)(evaluate(e[2], w), evaluate(e[3], w))[1],
  union: (e, w) => [...new Set([...evaluate(e[1], w), ...evaluate(e[2], w)])],
  minus: (e, w) => {
    const [a, b] = [evaluate(e[1], w), evaluate(e[2], w)];
    return a.filter((/** @type {string} */ member) => !b.includes(member));
  },
  "==": (e, w) => equal(evaluate(e[1], w), evaluate(e[2], w)),
  "!=": (e, w) => !equal(evaluate(e[1], w), evaluate(e[2], w)),
  "<": (e, w) => order(e, w) < 0,
  "<=": (e, w) => order(e, w) <= 0,
  ">": (e, w) => order(e, w) > 0,
  ">=": (e, w) => order(e, w) >= 0,
  not: (e, w) => !evaluate(e[1], w),
  and: (e, w) => evaluate(e[1], w) && evaluate(e[2], w),
  or: (e, w) => evaluate(e[1], w) || evaluate(e[2], w),
  if: (e, w) => (evaluate(e[1], w) ? evaluate(e[2], w) : evaluate(e[3], w)),
  in: (e, w) => {
    const member = evaluate(e[1], w);
    return evaluate(e[2], w).includes(member);
  },
  title: (e, w) => w.title(evaluate(e[1], w)),
  truth: (e, w) => {
    const value = evaluate(e[1], w);
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  },
  min: (e, w) => Math.min(...e.slice(2).map((part) => evaluate(part, w))),
  max: (e, w) => Math.max(...e.slice(2).map((part) => evaluate(part, w))),
  abs: (e, w) => Math.abs(evaluate(e[2], w)),
  round: (e, w) => round(evaluate(e[1], w)),
  len: (e, w) => {
    const value = evaluate(e[1], w);
    return Array.isArray(value) ? value.length : Array.from(value).length;
  },
  chance: (e, w) => {
    const limit = evaluate(e[1], w);
    return w.draw("story") < limit;
  },
  roll: (e, w) => {
    let sum = e[3];
    for (let i = 0; i < e[1]; i++) sum += 1 + Math.floor(w.draw("story") * e[2]);
    return clamp(sum);
  },
  pick: (e, w) => {
    const members = evaluate(e[1], w);
    return members.length ? members[Math.floor(w.draw("story") * members.length)] : "";
  },
  wording: (_, w) => w.draw("cosmetics"),
  visited: (e, w) => w.times(e[1], e[2]) > 0,
  seen: (e, w) => w.times(e[1], e[2]) > 0,
  chose: (e, w) => w.times(e[1], e[2]) > 0,
  times: (e, w) => Math.min(w.times(e[1], e[2]), LIMIT),
};

/** @param {any[]} e @param {World} w @returns {number} */
function order(e, w) {
  const [a, b] = [evaluate(e[2], w), evaluate(e[3], w)];
  return e[1] === "t" ? compare(a, b) : a - b;
}

/**
 * @param {Expr} e
 * @param {World} w
 * @returns {any}
 */
export function evaluate(e, w) {
  return OPERATORS[e[0]](e, w);
}
