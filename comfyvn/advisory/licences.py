"""What the licences of files and models ask for, held against what a project does with them.

It is our reading (`rules/lists/licences.yaml`), and advice: no lawyer has a part in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import PurePosixPath
from typing import NamedTuple

from comfyvn.model.licence import licence_help
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span

LIST = "lists/licences.yaml"


class Terms(NamedTuple):
    """What a licence asks for and grants."""

    attribution: bool = True
    commercial: bool = True
    share_alike: bool = False
    changes: bool = True
    free: bool = True


class Work(NamedTuple):
    """Something that somebody made, and that goes into the game or makes what does.

    Attributes:
        name: a file's path, or a model's name.
        licence: an SPDX expression; None if nobody says.
        author: who made it; None if nobody says.
        model: whether it is a model: what it makes goes into the game, and not itself.
        span: where findings about it are placed.
    """

    name: str
    licence: str | None
    author: str | None
    model: bool
    span: Span


class Use(NamedTuple):
    """What a project does with what others made: its own licence, and whether it earns money."""

    licence: str | None
    commercial: bool


def terms_of(licence: str) -> Terms | None:
    """Return what one licence asks for, without `WITH …`; None for one we have not read."""
    name = licence.partition(" WITH ")[0].rstrip("+")
    for patterns, terms in _table():
        if any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns):
            return terms
    return None


def ways(expression: str) -> list[tuple[str, ...]]:
    """Return the ways in which an SPDX expression can be met: all licences of one of them.

    An expression that is none counts as the name of a licence.
    """
    found, rest = _either(_tokens(expression))
    return found if not rest else [(expression,)]


def check_works(works: Iterable[Work], use: Use, out: Diagnostics) -> None:
    """Report what is wrong with how a project uses works."""
    unknown: dict[str, list[Work]] = {}
    for work in works:
        if work.licence is not None:
            _check_work(work, work.licence, use, out)
        elif not work.model:
            unknown.setdefault(str(PurePosixPath(work.name).parent), []).append(work)
    for folder, found in unknown.items():
        more = f", and {len(found) - 1} more in `{folder}`" if len(found) > 1 else ""
        out.append(
            _said(
                found[0],
                "VN1910",
                "note",
                f"nobody says under which licence `{found[0].name}` may be used{more}",
                "write `licence:` in its sidecar, or say it for whole folders in REUSE.toml",
            )
        )


def _check_work(work: Work, licence: str, use: Use, out: Diagnostics) -> None:
    """Report what is wrong with the use of a work under its licence; of several ways the best."""
    found = min(
        (list(_faults(work, way, use)) for way in ways(licence)),
        key=lambda faults: (len([each for each in faults if each.severity != "note"]), len(faults)),
    )
    out.extend(found)


def _faults(work: Work, licences: Sequence[str], use: Use) -> Iterator[Diagnostic]:
    """Yield what is wrong if a work is used under all of some licences."""
    own = {name for way in ways(use.licence) for name in way} if use.licence else set()
    attribution = False
    for name in licences:
        terms = terms_of(name)
        if terms is None:
            mistyped = licence_help(name)
            what = "is no SPDX licence" if mistyped else "is not in our table"
            yield _said(
                work,
                "VN1910",
                "note",
                f"`{name}` {what}, and `{work.name}` is under it",
                mistyped or "read what it asks for, and waive this with what you found",
            )
            continue
        attribution |= terms.attribution
        if use.commercial and not terms.commercial:
            yield _said(
                work,
                "VN1911",
                "warning",
                f"`{work.name}` is under `{name}`, which forbids to earn money with it, and "
                "`commercial` is true in vn.yaml",
                "take another work, or ask who made it for other terms",
            )
        if not terms.changes and not work.model:
            yield _said(
                work,
                "VN1911",
                "warning",
                f"`{work.name}` is under `{name}`, which forbids to pass on changed copies, and "
                "builds convert files",
                "take another work, or ask who made it for other terms",
            )
        free = all((known := terms_of(each)) is not None and known.free for each in own)
        if not terms.free and own and free and name not in own and not work.model:
            yield _said(
                work,
                "VN1911",
                "warning",
                f"the project is given to everyone under `{use.licence}`, and `{work.name}` is "
                f"under `{name}`, which grants less",
                f"write `licence: {use.licence} AND {name}` in vn.yaml, or take another work",
            )
        if terms.share_alike and not work.model and not _same_family(name, own):
            yield _said(
                work,
                "VN1913",
                "note",
                f"`{work.name}` is under `{name}`, which wants what is made from it to be given "
                "on under the same terms",
                "find out whether that means the whole game",
            )
    if attribution and not work.author and not work.model:
        yield _said(
            work,
            "VN1912",
            "warning",
            f"`{work.licence}` wants whoever made `{work.name}` to be named, and nobody says who",
            "write `author:` in its sidecar, or `SPDX-FileCopyrightText` in REUSE.toml",
        )


def _said(work: Work, code: str, severity: str, message: str, help: str) -> Diagnostic:
    assert severity in ("note", "warning")
    return Diagnostic(code, "note" if severity == "note" else "warning", message, work.span, help)


def _same_family(name: str, own: Iterable[str]) -> bool:
    """Whether a project is under a licence of the same kind, of whatever version."""

    def family(licence: str) -> str:
        return re.sub(r"-[\d.]+(-only|-or-later)?\+?$", "", licence.partition(" WITH ")[0])

    return family(name) in map(family, own)


_Ways = list[tuple[str, ...]]


def _tokens(expression: str) -> list[str]:
    return re.findall(r"[()]|[^\s()]+", expression)


def _either(tokens: list[str]) -> tuple[_Ways, list[str]]:
    found, tokens = _all(tokens)
    while tokens and tokens[0].upper() == "OR":
        more, tokens = _all(tokens[1:])
        found = found + more
    return found, tokens


def _all(tokens: list[str]) -> tuple[_Ways, list[str]]:
    found, tokens = _one(tokens)
    while tokens and tokens[0].upper() == "AND":
        more, tokens = _one(tokens[1:])
        found = [(*left, *right) for left in found for right in more]
    return found, tokens


def _one(tokens: list[str]) -> tuple[_Ways, list[str]]:
    if not tokens:
        return [()], tokens
    first, rest = tokens[0], tokens[1:]
    if first == "(":
        found, rest = _either(rest)
        return found, rest[1:] if rest[:1] == [")"] else rest
    if len(rest) > 1 and rest[0].upper() == "WITH":
        return [(f"{first} WITH {rest[1]}",)], rest[2:]
    return [(first,)], rest


@cache
def _table() -> tuple[tuple[tuple[str, ...], Terms], ...]:
    from comfyvn.data import data_folder
    from comfyvn.source.yaml import load_yaml

    path = data_folder("rules") / LIST
    node = load_yaml(path.read_text(encoding="utf-8"), LIST, Diagnostics())
    assert node is not None
    entries: list[Mapping[str, bool | list[str]]] = node.plain()
    return tuple(
        (
            tuple(each["licences"]) if isinstance(each["licences"], list) else (),
            Terms(**{key: bool(value) for key, value in each.items() if key != "licences"}),
        )
        for each in entries
    )
