// @ts-check
/** A scene's bodies as a flat list of nodes, made once for each scene. */

/** @import { Linked, Node, Op, Scene } from "./types.js" */

/** In place of a node: the end of the scene, and the end of the game. */
export const END = -1;
export const OVER = -2;

/**
 * @param {string} name
 * @param {Scene} scene
 * @returns {Linked}
 */
export function link(name, scene) {
  /** @type {Node[]} */
  const nodes = [];
  const labels = new Map();
  const titles = new Map();
  const ids = new Map();
  const ends = new Map();

  /** @param {Op} op @param {number} next @param {number[]} bodies @param {boolean} page */
  const add = (op, next, bodies, page) => nodes.push({ op, next, bodies, page }) - 1;

  // From the last op to the first, so that where an op goes on is known when it is reached.
  /** @param {Op[]} body @param {number} next @param {boolean} page @returns {number} */
  const build = (body, next, page) => {
    for (let i = body.length - 1; i >= 0; i--) {
      const op = body[i];
      /** @type {number[]} */
      let bodies = [];
      if (op.op === "page") {
        bodies = [build(op.body, add({ op: "page_end" }, next, [], page), true)];
      } else {
        const parts = op.choices ?? op.items ?? op.branches ?? [];
        for (const part of parts) {
          const start = build(part.body, next, page);
          bodies.push(start);
          if (part.id) {
            ends.set(part.id, next);
            if (op.op === "menu") ids.set(part.id, start);
          }
        }
      }
      next = add(op, next, bodies, page);
      if (op.id) ids.set(op.id, next);
    }
    return next;
  };

  let start = END;
  for (const section of [...scene.sections].reverse()) {
    const after = start;
    start = add({ op: "section", ...section, body: [] }, build(section.body, after, false), [], false);
    labels.set(section.label, start);
    titles.set(section.label, section.label ? section.title : (scene.title ?? name));
    ends.set(section.id, after);
  }
  return { name, scene, nodes, start, labels, titles, ids, ends };
}
