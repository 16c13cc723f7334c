// @ts-check
/** What is to be seen and heard. */

/** @import { Op, Stage } from "./types.js" */

/** The ops that only change the stage. */
export const STAGE_OPS = new Set(
  "scene show hide move camera play stop voice pause speed time weather theme picture".split(" "),
);

/**
 * An object without the keys that are undefined.
 * @template {object} T
 * @param {T} object
 * @returns {T}
 */
const compact = (object) =>
  /** @type {T} */ (Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)));

/**
 * The stage after an op; the given one stays as it is.
 * @param {Stage} stage
 * @param {Op} op
 * @returns {Stage}
 */
export function applyStage(stage, op) {
  switch (op.op) {
    case "scene":
      return compact({
        ...stage,
        location: op.location,
        time: op.time ?? stage.time,
        weather: op.weather ?? stage.weather,
        sprites: [],
        picture: undefined,
      });
    case "show": {
      const old = stage.sprites.find((sprite) => sprite.what === op.what);
      const sprite = compact({
        what: op.what,
        kind: op.kind,
        look: op.kind === "sprite" ? undefined : (op.look ?? old?.look),
        at: op.at ?? old?.at ?? "center",
        z: op.z ?? old?.z ?? 0,
      });
      const sprites = old
        ? stage.sprites.map((other) => (other === old ? sprite : other))
        : [...stage.sprites, sprite];
      return { ...stage, sprites };
    }
    case "hide": {
      const sprites = stage.sprites.filter((sprite) => sprite.what !== op.what);
      const picture = stage.picture?.asset === op.what ? undefined : stage.picture;
      return compact({ ...stage, sprites, picture });
    }
    case "move": {
      const sprites = stage.sprites.map((sprite) =>
        sprite.what === op.what ? { ...sprite, at: op.at } : sprite,
      );
      return { ...stage, sprites };
    }
    case "camera": {
      const whole = op.zoom === undefined && op.at === undefined;
      if (whole && op.with === "shake") return stage;
      const camera = whole
        ? undefined
        : { zoom: op.zoom ?? stage.camera?.zoom ?? 1, at: op.at ?? stage.camera?.at ?? [0.5, 0.5] };
      return compact({ ...stage, camera });
    }
    case "play": {
      if (op.channel === "sfx" && !op.loop) return stage;
      return { ...stage, [op.channel]: compact({ name: op.name, volume: op.volume, once: op.once }) };
    }
    case "stop":
      return compact({ ...stage, [op.channel]: undefined });
    case "picture":
      return { ...stage, picture: { id: op.id, asset: op.asset, alt: op.alt } };
    case "speed":
      return compact({ ...stage, speed: op.factor === 1 ? undefined : op.factor });
    case "time":
    case "weather":
    case "theme":
      return { ...stage, [op.op]: op.value };
    default:
      return stage;
  }
}
