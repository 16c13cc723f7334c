"""What keeps players from reading: texts that stand for pictures, colours, timers, flashes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from comfyvn.advisory.colours import DEFICIENCIES, contrast, difference
from comfyvn.explore.statistics import READING
from comfyvn.explore.words import longest, words_of
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Related, Severity, Span
from comfyvn.story.compiler.flow import walk

KeyAt = Callable[..., Span]
"""Where a key stands: the path of a YAML source, and the steps to the key."""
Places = Mapping[str, Sequence[int]]
"""Line and column of each id."""
Op = Mapping[str, Any]

_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|webp|gif|avif|bmp|svg)\b|\S*(?:[a-z]_[a-z0-9]|_\d)\S*")
_PLACEHOLDER = re.compile(
    r"(?:alt(?: text)?|cg|image|img|photo|pic|picture|placeholder|prop|tbd|temp|test|text|todo|"
    r"untitled|xxx)[\s\d.:#-]*|\W*",
    re.IGNORECASE,
)
_OPENING = re.compile(
    r"(?:(?:an? |the )?(?:image|picture|graphic|illustration|cg) (?:of|showing)|"
    r"(?:una? )?(?:imagen|ilustración) de|(?:ein )?bild von|(?:une )?image d[e'’])\b",
    re.IGNORECASE,
)
_FLASHES = 3
"""How many flashes a second may hold: WCAG 2.2, success criterion 2.3.1."""
_DECIDING = 2.0
"""Seconds to choose after reading."""
_TOLD_APART, _CONFUSED = 20.0, 8.0
"""ΔE of colours that are clearly two, and of those that are nearly one."""

_PAIRS = (
    ("text", "surface", 4.5),
    ("text", "background", 4.5),
    ("muted", "surface", 4.5),
    ("muted", "background", 4.5),
    ("accent", "surface", 4.5),
    ("accent", "background", 3.0),
    ("accent_text", "accent", 4.5),
)
"""What is read or seen upon what, and the contrast it needs by WCAG 2.2: 4.5 for text (1.4.3), 3
for controls and what has the focus (1.4.11)."""
_ENHANCED = 7.0
"""What text needs for those who ask for more: WCAG 2.2, success criterion 1.4.6."""


def check_scene(path: str, part: Mapping[str, Any], places: Places, out: Diagnostics) -> None:
    """Report alt texts that say nothing, timers that are too short and flashes in a row.

    Args:
        path: the scene's file.
        part: the scene, as in the Program.
        places: where its ids stand.
        out: where findings go.
    """

    def at(id: str) -> Span:
        if id not in places:
            return Span.whole_file(path)
        line, column = places[id]
        return Span.on_line(path, line, column, column + 1)

    bodies = [part.get("enter", ()), *(each["body"] for each in part.get("sections", ()))]
    for body in bodies:
        for op in walk(body):
            if op["op"] == "picture":
                check_alt(op["alt"], op["asset"], at(op["id"]), out)
            elif op["op"] == "menu":
                _check_timer(op, at, out)
        for id in _flashing(body):
            out.warning(
                "VN1823",
                f"more than {_FLASHES} flashes fall within one second",
                at(id),
                help="leave some out, or let `pause` part them: they can set off seizures",
            )


def check_alt(alt: str, name: str, span: Span, out: Diagnostics) -> None:
    """Report a text that stands for a picture and tells nothing of it; `name` is the picture's."""
    told = " ".join(alt.split())
    what = ""
    severity: Severity = "warning"
    if _FILE_NAME.fullmatch(told):
        what = "is the name of a file"
    elif _PLACEHOLDER.fullmatch(told):
        what = "says nothing"
    elif found := _OPENING.match(told):
        severity, what = "note", f"begins with `{found[0]}`, which is said anyway"
    elif told.casefold() == name.casefold() and not name.isalpha():
        what = "is the picture's own name"
    if what:
        out.append(
            Diagnostic(
                "VN1820",
                severity,
                f"the alt text `{_short(told)}` {what}",
                span,
                "say what is seen, as one would tell it to somebody on the telephone",
            )
        )


def _short(text: str) -> str:
    return (text if len(text) <= 40 else text[:39] + "…").replace("`", "'")


def _check_timer(menu: Op, at: Callable[[str], Span], out: Diagnostics) -> None:
    timed = next((each for each in menu["choices"] if "timeout" in each), None)
    if timed is None:
        return
    words = sum(
        words_of(longest(each.get(key, ())))
        for each in menu["choices"]
        for key in ("text", "locked")
    )
    needed = words / READING * 60 + _DECIDING
    if timed["timeout"] < needed:
        out.warning(
            "VN1822",
            f"{timed['timeout']:g} s are too short: to read {words} words and choose takes about "
            f"{needed:.0f}",
            at(timed["id"]),
            help=f"give it {_rounded(needed)} s or more, or word the choices shorter",
        )


def _rounded(seconds: float) -> int:
    return int(-(-seconds // 1))


def _flashing(body: Iterable[Op]) -> Iterator[str]:
    """Yield the id of what follows each run of more than `_FLASHES` flashes within a second."""
    starts: list[float] = []
    time, over, last = 0.0, False, ""
    for op in body:
        if op.get("with") == "flash":
            starts.append(time)
            over = over or len([start for start in starts if time - start < 1]) > _FLASHES
        if op["op"] == "pause" and "seconds" in op:
            time += op["seconds"]
        elif op.get("wait"):
            time += op.get("seconds", 0)
        if "id" in op:
            if over:
                yield op["id"]
            starts, over, last = [], False, op["id"]
        for inner in ("branches", "choices", "items"):
            for each in op.get(inner, ()):
                yield from _flashing(each["body"])
        if "body" in op:
            yield from _flashing(op["body"])
    if over:
        yield last


def check_places(
    worlds: Mapping[str, Any],
    props: Mapping[str, Any],
    shown: Collection[str],
    key_at: KeyAt,
    out: Diagnostics,
) -> None:
    """Report places and props that a screen reader has little or nothing to say of.

    Args:
        worlds: what `worlds/` says.
        props: what `props/` says.
        shown: the places that the story shows.
        key_at: where keys of YAML sources stand.
        out: where findings go.
    """
    for world, said in worlds.items():
        path = f"worlds/{world}.yaml"
        for id, place in (said.get("locations") or {}).items():
            if place.get("alt"):
                check_alt(place["alt"], id, key_at(path, "locations", id, "alt"), out)
            elif id in shown:
                name = place.get("name")
                only = f"only its name, `{name}`" if name else "nothing"
                out.append(
                    Diagnostic(
                        "VN1821",
                        "note" if name else "warning",
                        f"`{id}` has no `alt`: of its picture a screen reader says {only}",
                        key_at(path, "locations", id),
                        "write `alt:` with what is seen there",
                    )
                )
    for id, prop in props.items():
        check_alt(prop.get("alt", ""), id, key_at(f"props/{id}.yaml", "alt"), out)


def _palettes(theme: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the palettes of a theme as players see them, by the names of its variants."""
    base = theme["palette"]
    yield "", base
    for variant, change in theme.get("variants", {}).items():
        yield variant, {**base, **{key: value for key, value in change.items() if value}}


def check_themes(themes: Mapping[str, Any], key_at: KeyAt, out: Diagnostics) -> None:
    """Report colours of themes that are hard to read upon each other.

    `themes` are those of the Program, with all their colours.
    """
    for id, theme in themes.items():
        weak: dict[str, tuple[float, float, str]] = {}
        for variant, colours in _palettes(theme):
            for above, below, needed in _PAIRS:
                least = _ENHANCED if variant == "high_contrast" and needed > 3 else needed
                found = contrast(colours[above], colours[below])
                key = f"{variant}.{above}"
                if round(found, 2) < least and found / least < weak.get(key, (1.0, 1.0, ""))[0]:
                    weak[key] = (found / least, least, below)
        for key, (share, least, below) in weak.items():
            variant, _, above = key.partition(".")
            in_variant = f" of its variant `{variant}`" if variant else ""
            steps = ("variants", variant, above) if variant else ("palette", above)
            out.warning(
                "VN1830",
                f"`{above}` on `{below}`{in_variant} has a contrast of {share * least:.1f}:1, and "
                f"needs {least:g}:1",
                key_at(f"themes/{id}.yaml", *steps),
                help="let one be darker or the other lighter",
            )


def check_names(
    head: Mapping[str, Any],
    together: Collection[tuple[str, str]],
    targets: Collection[str],
    key_at: KeyAt,
    out: Diagnostics,
) -> None:
    """Report colours of names that are hard to read, or alike for colour-blind players.

    Args:
        head: the Program, without its scenes.
        together: pairs of characters, in the order of their ids, who share a scene.
        targets: what is built; the site makes pale names readable itself.
        key_at: where keys of YAML sources stand.
        out: where findings go.
    """
    colours = {id: each["colour"] for id, each in head["characters"].items()}
    if "renpy" in targets:
        for id, colour in colours.items():
            found, theme, variant = min(
                (contrast(colour, palette["surface"]), theme, variant)
                for theme, said in head["themes"].items()
                for variant, palette in _palettes(said)
            )
            if round(found, 2) < 4.5:
                where = f"`{theme}`" + (f", variant `{variant}`," if variant else "")
                out.warning(
                    "VN1831",
                    f"the name of `{id}` has a contrast of {found:.1f}:1 to the text box of the "
                    f"theme {where} in Ren'Py, and needs 4.5:1",
                    key_at(f"characters/{id}.yaml", "colour"),
                    help="write a lighter `colour`, or a darker one on a light text box",
                )
    for left, right in combinations(sorted(colours), 2):
        one, other = colours[left], colours[right]
        if (left, right) not in together or difference(one, other) < _TOLD_APART:
            continue
        near, deficiency = min((difference(one, other, each), each) for each in DEFICIENCIES)
        if near < _CONFUSED:
            out.append(
                Diagnostic(
                    "VN1832",
                    "note",
                    f"the names of `{left}` and `{right}` have nearly one colour for players with "
                    f"{deficiency}",
                    key_at(f"characters/{right}.yaml", "colour"),
                    "let one be clearly lighter than the other",
                    (Related(key_at(f"characters/{left}.yaml", "colour"), "the other one"),),
                )
            )
