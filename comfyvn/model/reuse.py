"""Licences as the REUSE specification has them: `REUSE.toml`, and `FILE.license` beside a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from comfyvn.source.diagnostics import Diagnostics, Span

REUSE_FILE = "REUSE.toml"
ENDING = ".license"


class Told(NamedTuple):
    """What is said of a file: an SPDX expression and who holds the copyright, as far as known."""

    licence: str | None = None
    author: str | None = None


class Reuse(NamedTuple):
    """`REUSE.toml`: patterns of paths with what is said of the files; the last that fits counts."""

    annotations: tuple[tuple[tuple[str, ...], Told], ...] = ()

    def of(self, path: str) -> Told:
        """Return what is said of a file."""
        for patterns, told in reversed(self.annotations):
            if any(_pattern(each).fullmatch(path) for each in patterns):
                return told
        return Told()


def read_reuse(text: str, out: Diagnostics) -> Reuse:
    """Read `REUSE.toml`; one that is no TOML is reported, and says nothing."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        out.error(
            "VN1909",
            f"`{REUSE_FILE}` is no TOML: {str(error).rstrip('.')}",
            Span.whole_file(REUSE_FILE),
            help="look at <https://reuse.software/spec-3.3/#reusetoml>",
        )
        return Reuse()
    found = data.get("annotations", [])
    entries = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return Reuse(
        tuple(
            (
                tuple(_texts(each.get("path"))),
                Told(
                    " AND ".join(_texts(each.get("SPDX-License-Identifier"))) or None,
                    _holders(_texts(each.get("SPDX-FileCopyrightText"))),
                ),
            )
            for each in entries
        )
    )


def read_beside(text: str) -> Told:
    """Read `FILE.license`."""
    return Told(
        " AND ".join(re.findall(r"SPDX-License-Identifier:[ \t]*(\S.*?)[ \t]*$", text, re.M))
        or None,
        _holders(re.findall(r"SPDX-FileCopyrightText:[ \t]*(\S.*?)[ \t]*$", text, re.M)),
    )


def _texts(value: Any) -> Sequence[str]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, str)]


def _holders(lines: Sequence[str]) -> str | None:
    """Return who holds the copyright: `2024 Jane Doe <jane@…>` says `Jane Doe`."""
    plain = (
        re.sub(r"^(?:(?:©|\(c\)|copyright|[\d,\s–-])+\s)?|\s*<[^>]*>", "", line, flags=re.I)
        for line in lines
    )
    return ", ".join(dict.fromkeys(filter(None, map(str.strip, plain)))) or None


@lru_cache(maxsize=1024)
def _pattern(glob: str) -> re.Pattern[str]:
    r"""Return a path pattern: `*` within a folder, `**` in all below, `\*` a star."""
    parts = re.split(r"(\\.|\*\*|\*)", glob)
    meant = {"*": "[^/]*", "**": ".*"}
    return re.compile(
        "".join(
            meant.get(part) or re.escape(part[1:] if part.startswith("\\") else part)
            for part in parts
        )
    )
