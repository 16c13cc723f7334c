// @ts-check
/** Numbers and how they are written; `docs/determinism.md` is the specification. */

/** @import { Value } from "./types.js" */

export const LIMIT = 2 ** 53;

/** Bring a result into ±2^53 and make a negative zero zero. @param {number} x */
export const clamp = (x) => (x > LIMIT ? LIMIT : x < -LIMIT ? -LIMIT : x === 0 ? 0 : x);

/** `a // b` and `a % b` of integers, exact. @param {number} a @param {number} b */
export function divide(a, b) {
  if (b === 0) return [0, 0];
  let rest = a % b;
  let quotient = (a - rest) / b;
  if (rest !== 0 && rest < 0 !== b < 0) {
    rest += b;
    quotient -= 1;
  }
  return [clamp(quotient), clamp(rest)];
}

/** `a // b` and `a % b` of numbers. @param {number} a @param {number} b */
export function divideNumbers(a, b) {
  if (b === 0) return [0, 0];
  const quotient = clamp(Math.floor(clamp(a / b)));
  return [quotient, clamp(a - clamp(quotient * b))];
}

/** To the nearest integer, halves to the even one. @param {number} x */
export function round(x) {
  const below = Math.floor(x);
  const rest = x - below;
  return clamp(rest < 0.5 || (rest === 0.5 && below % 2 === 0) ? below : below + 1);
}

/** The shortest digits that read back as `x`, without an exponent. @param {number} x */
export function print(x) {
  const text = String(x);
  const e = text.indexOf("e-");
  if (e < 0) return text;
  const digits = text.slice(0, e).replace(/[-.]/g, "");
  return `${x < 0 ? "-" : ""}0.${"0".repeat(Number(text.slice(e + 2)) - 1)}${digits}`;
}

/**
 * Exactly `digits` digits after the point, from the double's exact value, halves to even.
 * @param {number} x
 * @param {number} digits
 */
export function fixed(x, digits) {
  const sign = x < 0 ? "-" : "";
  const size = Math.abs(x);
  let text = size.toFixed(digits);
  // `toFixed` is exact but takes halves up. Only a double with at most digits + 1 binary places
  // can stand in the middle, and then one more decimal shows all of it.
  if (Number.isInteger(size * 2 ** (digits + 1))) {
    const exact = size.toFixed(digits + 1);
    const kept = exact.slice(0, -1).replace(/\.$/, "");
    if (exact.endsWith("5") && "02468".includes(kept.slice(-1))) text = kept;
  }
  return /[1-9]/.test(text) ? sign + text : text;
}

/**
 * A value as text shows it.
 * @param {Value} value
 * @param {number} [digits]
 */
export function printValue(value, digits) {
  if (typeof value === "number") return digits === undefined ? print(value) : fixed(value, digits);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/**
 * JSON with sorted keys and numbers printed without exponent: a transcript's and a comparison's.
 * @param {any} value
 * @returns {string}
 */
export function canonical(value) {
  if (typeof value === "number") return print(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const pairs = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${pairs.join(",")}}`;
}
