// @ts-check
/** What changed in a build's index, as `comfyvn/serve/patch.py` writes it. */

/** New values, and where they go. @typedef {[path: (string | number)[], value: any][]} Patch */

/**
 * The value with the changes in it. What does not change is shared with the old one, which stays as it was.
 * @template T
 * @param {T} value
 * @param {Patch} patch
 * @returns {T}
 */
export const patched = (value, patch) => patch.reduce((whole, [path, part]) => put(whole, path, part), value);

/** @param {any} whole @param {(string | number)[]} path @param {any} part @returns {any} */
function put(whole, [key, ...rest], part) {
  if (key === undefined) return part;
  const copy = Array.isArray(whole) ? [...whole] : { ...whole };
  copy[key] = put(whole[key], rest, part);
  return copy;
}
