// @ts-check
/** A page without a player: there has been no build without an error yet. */

import { show, showLine } from "./overlay.js";
import { connect } from "./socket.js";

connect((news) => {
  if (news.story !== null) location.reload();
  show(news);
  if (news.ok) return;
  /** @type {HTMLElement} */ (document.querySelector("h1")).textContent = "No story to play yet";
  /** @type {HTMLElement} */ (document.querySelector("p")).textContent = "It begins here as soon as the sources have no error. Leave this page open.";
}, showLine);
