// @ts-check
/** The line to `comfyvn serve`, which mends itself. */

/**
 * What the server says of the newest build.
 *
 * - `ok`: whether the sources have no error; else the rest is of the last build without one.
 * - `story`: the file of the index, null before a first build. `patch` leads to it from `from`.
 * - `shell`: changes when the page has to be loaded again. `page`: when anything in it changed.
 * - `said`: why there is no build, where no finding says so.
 * @typedef {object} News
 * @property {boolean} ok
 * @property {string | null} story
 * @property {string} shell
 * @property {string} page
 * @property {string} [from]
 * @property {import("./patch.js").Patch} [patch]
 * @property {Finding[]} findings
 * @property {string} [said]
 */

/**
 * @typedef {object} Finding
 * @property {string} code
 * @property {"error" | "warning" | "note"} severity
 * @property {string} message
 * @property {string} [help]
 * @property {Place} place
 * @property {(Place & { message: string })[]} related
 */

/**
 * `line` is 0 where it is the whole file. `source` is the line's text; `start` and `end` are the
 * columns in it, from 0, in code points. `href` opens an editor there.
 * @typedef {{ path: string, line: number, column: number, href?: string, source?: string, start?: number, end?: number }} Place
 */

const WAITS = [100, 200, 400, 800, 1500];

/**
 * Returns what tells the server which scene is read, so that what it shows is made first; an empty
 * name while none is.
 * @param {(news: News) => void} hear
 * @param {(there: boolean) => void} state whether the server is there
 */
export function connect(hear, state) {
  let tries = 0;
  let scene = "";
  /** @type {WebSocket | null} */
  let socket = null;
  const tell = () => socket?.readyState === WebSocket.OPEN && socket.send(scene);
  const open = () => {
    socket = new WebSocket(`ws://${location.host}/_dev/socket`);
    socket.onopen = () => {
      tries = 0;
      tell();
      state(true);
    };
    socket.onmessage = ({ data }) => hear(JSON.parse(data));
    socket.onclose = () => {
      state(false);
      setTimeout(open, WAITS[Math.min(tries++, WAITS.length - 1)]);
    };
  };
  open();
  return (/** @type {string} */ name) => {
    if (name === scene) return;
    scene = name;
    tell();
  };
}
