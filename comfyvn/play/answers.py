"""What the answers of a route mean where they are given: choices by number, id or text."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any

from comfyvn.source.nearest import nearest
from comfyvn.story.interpreter import State

_ID = re.compile(r"[a-z][a-z0-9]{7}")


class RefusedAnswerError(Exception):
    """An answer that the story cannot take where it is given; the message says why.

    Attributes:
        help: what to write instead; None if nothing is near.
    """

    def __init__(self, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.help = help


def plain(markup: str) -> str:
    """Return a text in neutral markup as it is read, without the readings of ruby."""
    return html.unescape(re.sub(r"<rt>.*?</rt>|<[^>]*>", "", markup))


def shown_texts(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the texts of the choices of the last menu of a transcript by id."""
    menu = next((each for each in reversed(records) if each["t"] == "menu"), None)
    return {each["id"]: plain(each["text"]) for each in menu["choices"]} if menu else {}


def meant(state: State, texts: Mapping[str, str], given: int | str) -> int | str:
    """Return an answer as every runtime takes it: a number at a menu, a text at an input.

    Args:
        state: the story where it waits, at a menu or an input.
        texts: what the menu's choices say, by id.
        given: the answer.

    Raises:
        RefusedAnswerError: there is no such choice, or it cannot be taken.
    """
    if not state["menu"]:
        return str(given)
    choices = state["menu"]["choices"]
    enabled = [each["id"] for each in choices if each["enabled"]]
    if isinstance(given, int):
        return given % len(enabled)
    wanted = given.strip()
    found = [id for id, text in texts.items() if wanted in (id, text)]
    found = found or [id for id, text in texts.items() if text.casefold() == wanted.casefold()]
    if not found:
        offered = ", ".join(f"`{texts[id]}`" for id in enabled)
        near = nearest(wanted, texts.values())
        raise RefusedAnswerError(
            f"the menu that is open then has no choice `{given}`",
            f"did you mean `{near}`?" if near else f"it offers {offered}",
        )
    free = [id for id in found if id in enabled]
    if not free:
        offered = ", ".join(f"`{texts[id]}`" for id in enabled)
        raise RefusedAnswerError(f"the choice `{given}` is locked there", f"open are {offered}")
    return enabled.index(free[0])
