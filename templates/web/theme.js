// @ts-check
/** Palettes: the theme of the scene, in the variant that the player wants. */

/** @type {Record<string, any>} */
let themes = {};
let current = "";
let variant = "base";

/** @param {Record<string, any>} all @param {string} first */
export function setThemes(all, first) {
  themes = all;
  current = first;
}

/** Show a theme, or the same one in another variant. @param {string} colours @param {string} [name] */
export function applyTheme(colours = variant, name = current) {
  variant = colours;
  current = name;
  const theme = themes[name];
  if (!theme) return;
  const root = document.documentElement;
  const palette = { ...theme.palette, ...clean(theme.variants?.[colours]) };
  for (const key of ["background", "surface", "text", "muted", "accent", "accent_text"]) {
    if (palette[key]) root.style.setProperty(`--${key.replace("_", "-")}`, palette[key]);
  }
  root.dataset.colours = colours;
  root.dataset.body = theme.type?.body ?? "serif";
  root.dataset.interface = theme.type?.interface ?? "sans";
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", palette.background ?? "");
}

/** @param {Record<string, any>} [object] */
const clean = (object = {}) => Object.fromEntries(Object.entries(object).filter(([, value]) => value));

/** WCAG 2 relative luminance. @param {number[]} rgb 0 to 255 */
function luminance(rgb) {
  const [r, g, b] = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} hex */
const parse = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

/**
 * A colour brought towards the text colour until it reads on the panel (contrast 4.5 at least).
 * @param {string} colour
 */
export function legible(colour) {
  const style = document.documentElement.style;
  const ground = style.getPropertyValue("--surface") || "#1e2330";
  const text = parse(style.getPropertyValue("--text") || "#ffffff");
  const back = luminance(parse(ground));
  let rgb = parse(colour);
  for (let step = 0; step < 20; step++) {
    const [high, low] = [luminance(rgb), back].sort((a, b) => b - a);
    if ((high + 0.05) / (low + 0.05) >= 4.5) break;
    rgb = rgb.map((c, i) => Math.round(c + (text[i] - c) * 0.15));
  }
  return `rgb(${rgb.join(" ")})`;
}
