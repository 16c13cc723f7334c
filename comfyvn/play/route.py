"""Routes: how a story is to be played without asking."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field

from comfyvn.model.base import Source
from comfyvn.model.playtest import Answer, Given
from comfyvn.model.validate import validate
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.files import read_file
from comfyvn.source.text import read_source
from comfyvn.source.yaml import load_yaml

_ANSWER = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|([^",]*?))\s*(,|\Z)')


class Route(Source):
    """A play-through."""

    seed: Annotated[int | None, Field(ge=0, le=2**53, description="0 to 2^53")] = None
    language: Annotated[str | None, Field(description="One of the story's languages")] = None
    start: Annotated[
        str | None,
        Field(
            description="Where it begins, `scene` or `scene#heading`, if not where the story does"
        ),
    ] = None
    given: dict[str, Given] = Field(
        default={}, description="Variables with other values than those they begin with"
    )
    choices: tuple[Answer, ...] = Field(
        default=(),
        strict=False,
        description="In turn: the text, the id or the fixed name of a choice (`^name`), or its "
        "number among those that can be taken, from 0; a text answers an input",
    )


class RouteError(ValueError):
    """A route that cannot be read; the message says what to write."""


def parse_answers(text: str) -> tuple[int | str, ...]:
    """Return the answers of `0,2,"Ana"`. Raises `RouteError`."""
    answers: list[int | str] = []
    position = 0
    while position < len(text):
        match = _ANSWER.match(text, position)
        if match is None or (match[1] is None and not match[2]):
            raise RouteError(f'`{text[position:]}` begins with no number and no "text"')
        if match[1] is not None:
            answers.append(re.sub(r"\\(.)", r"\1", match[1]))
        elif re.fullmatch("[0-9]{1,15}", match[2]):
            answers.append(int(match[2]))
        else:
            raise RouteError(
                f"`{match[2]}` is no answer; write a number from 0 for a choice, or "
                f'"{match[2]}" in quotes for a text'
            )
        position = match.end()
        if match[3] and position == len(text):
            raise RouteError("the answers end in a comma")
    return tuple(answers)


def read_route(path: Path, out: Diagnostics) -> Route | None:
    """Return a route's file, or None with what is wrong in `out`. Raises `OSError`."""
    text = read_source(read_file(path), str(path), out)
    node = load_yaml(text, str(path), out)
    route = validate(Route, node, out) if node else None
    return None if out.has_errors else route
