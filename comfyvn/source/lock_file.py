"""`vn.lock` as a file: one record a line, sorted as bytes, which is document order.

A record has eight fields parted by tabs: scene, order key, id, revision, depth, label, fixed name,
text. The revision counts the wordings a line has had; a minus sign marks a line that was deleted,
whose id is kept so that what hangs on it has somewhere to go. Pins of takes stand before the
records (`comfyvn.source.lock_pins`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.lock_pins import pin_lines, pin_of, pins_in

LOCK_FILE = "vn.lock"
HEADER = "# vn.lock 1"

_RECORDS = re.compile(
    r"^([^\t\n]*)\t([0-9a-z]+)\t([a-z][0-9a-z]{7})\t(-?[1-9]\d*)\t(\d+)"
    r"\t([^\t\n]*)\t([^\t\n]*)\t([^\t\n]*)$",
    re.MULTILINE,
)
# What follows the depth is in the sources too; editors strip it where it is empty.
_PARTIAL = re.compile(
    r"([^\t]*)\t([0-9a-z]+)\t([a-z][0-9a-z]{7})\t(-?[1-9]\d*)\t(\d+)"
    r"(?:\t([^\t]*))?(?:\t([^\t]*))?(?:\t([^\t]*))?.*"
)
_LINE_ENDS = re.compile(r"\r+\n?")
_MARKER = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?: .*)?")
_UNESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class Anchor(NamedTuple):
    """Something in a scene that has an id, as the source has it now.

    `kind` is the letter of its kind, `label` the slug of its section (`""` for the first), `text`
    what tells it apart, `name` its fixed name. `depth` counts the choices and picks it stands in; a
    choice or a pick's item stands as deep as its body does.
    """

    kind: str
    label: str
    text: str
    name: str | None
    depth: int = 0


class Record(NamedTuple):
    """An anchor as the lock knows it. A negative revision: it was deleted."""

    order: str
    id: str
    revision: int
    anchor: Anchor

    @property
    def alive(self) -> bool:
        """Whether the line is in the source."""
        return self.revision > 0


@dataclass(slots=True)
class Lock:
    """All records, by scene, in document order.

    `rivals` are further versions of records that a merge left behind, by id and with their scene.
    `text` is the file as it was read, when it was sound. `pins` are the takes that are used where
    that is not the first, by the names of what is made.
    """

    scenes: dict[str, list[Record]] = field(default_factory=dict)
    rivals: dict[str, list[tuple[str, Record]]] = field(default_factory=dict)
    text: str | None = None
    pins: dict[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str, out: Diagnostics) -> Lock:
        """Read the file; what a merge or an editor broke is mended and reported.

        Where that cannot be done without losing an id, it is an error.
        """
        lines = text.split("\n")
        if lines[-1] == "":
            lines.pop()
        if HEADER in lines and text[-1:] == "\n" and "\r" not in text:
            found = _RECORDS.findall(text)
            ids = {fields[2] for fields in found}
            pins = pins_in(text)
            count = len(lines) - 1 - len(pins)
            if len(found) == len(ids) == count and lines == sorted(lines):
                return cls(_by_scene(found), text=text, pins=pins)
        return _repaired(text, out)

    def write(self) -> str:
        """Return the file's text."""
        if self.text is not None:
            return self.text
        lines = [HEADER, *pin_lines(self.pins)]
        for scene, records in self.scenes.items():
            start = _escaped(scene)
            lines += [f"{start}\t{_line(record)}" for record in records]
        return "\n".join(sorted(lines)) + "\n"


class Excerpt:
    """The records of some scenes in a lock that `Lock.write` gave, without those of the others."""

    def __init__(self, text: str, scenes: Iterable[str]) -> None:
        lines = text.removesuffix("\n").split("\n")
        self._others: list[str] = []
        own: list[str] = []
        last = 0
        for start in sorted(f"{_escaped(scene)}\t" for scene in scenes):
            first = bisect_left(lines, start, last)
            self._others += lines[last:first]
            # The lines are sorted, and a line feed is what comes after a tab.
            last = bisect_left(lines, f"{start[:-1]}\n", first)
            own += lines[first:last]
        self._others += lines[last:]
        self.scenes = _by_scene(_RECORDS.findall("\n".join(own)))

    def write(self, scenes: Mapping[str, Sequence[Record]]) -> str:
        """Return the text of the whole lock with other records for these scenes."""
        lines = list(self._others)
        for scene, records in scenes.items():
            start = _escaped(scene)
            lines += [f"{start}\t{_line(record)}" for record in records]
        return "\n".join(sorted(lines)) + "\n"


def _line(record: Record) -> str:
    anchor = record.anchor
    fields = (
        record.order,
        record.id,
        str(record.revision),
        str(anchor.depth),
        _escaped(anchor.label),
        _escaped(anchor.name or ""),
        _escaped(anchor.text),
    )
    return "\t".join(fields)


def _by_scene(found: list[tuple[str, ...]]) -> dict[str, list[Record]]:
    scenes: dict[str, list[Record]] = {}
    last, records = None, []
    for scene, order, name, revision, depth, label, fixed, text in found:
        if scene != last:
            last = scene
            records = scenes.setdefault(_unescaped(scene), [])
        if "\\" in label or "\\" in text or "\\" in fixed:
            label, text, fixed = _unescaped(label), _unescaped(text), _unescaped(fixed)  # noqa: PLW2901
        anchor = Anchor(name[0], label, text, fixed or None, int(depth))
        records.append(Record(order, name, int(revision), anchor))
    return scenes


def _repaired(text: str, out: Diagnostics) -> Lock:
    """Read what can be read of a file that is not as it was written."""
    if not text.strip():
        # Even a story without lines has a header, so it was not us who left nothing.
        _refuse("`vn.lock` is empty", Span.whole_file(LOCK_FILE), out)
        return Lock()
    lost: list[int] = []
    pins: dict[str, int] = {}
    versions: dict[str, list[tuple[str, Record]]] = {}
    lines = _LINE_ENDS.sub("\n", text.removeprefix("\ufeff")).split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.rstrip() == HEADER or _MARKER.fullmatch(line):
            continue
        if newer := re.fullmatch(r"# vn\.lock (\d+)\s*", line):
            out.error(
                "VN0902",
                f"`vn.lock` has format {newer[1]}, which this version cannot read",
                Span.on_line(LOCK_FILE, number, 1, len(line) + 1),
                help="install a newer comfyvn: `pip install --upgrade comfyvn`",
            )
            return Lock(text=text)
        if (pin := pin_of(line)) is not None:
            _add_pin(pin, pins, number, out)
            continue
        found = _PARTIAL.fullmatch(line)
        if found is None:
            lost.append(number)
            continue
        [(scene, [record])] = _by_scene([tuple(part or "" for part in found.groups())]).items()
        known = versions.setdefault(record.id, [])
        if (scene, record) not in known:
            known.append((scene, record))
    scenes: dict[str, list[Record]] = {}
    rivals: dict[str, list[tuple[str, Record]]] = {}
    for name, known in versions.items():
        # The wording that was changed most often, and what lives before what was deleted.
        known.sort(key=lambda item: (-abs(item[1].revision), -item[1].revision, item))
        scenes.setdefault(known[0][0], []).append(known[0][1])
        if len(known) > 1:
            rivals[name] = known[1:]
    if lost:
        span = Span.on_line(LOCK_FILE, lost[0], 1, 2)
        _refuse(f"`vn.lock` is damaged: no id could be read from {_lines(lost)}", span, out)
    else:
        _report_mended(rivals, bool(lines[-1]), out)
    ordered = {scene: sorted(records) for scene, records in sorted(scenes.items())}
    return Lock(ordered, rivals, pins=pins)


def _add_pin(pin: tuple[str, int], pins: dict[str, int], number: int, out: Diagnostics) -> None:
    """Add a pin; of two takes that a merge left, the later one, which was found better."""
    name, take = pin
    known = pins.setdefault(name, take)
    if known != take:
        pins[name] = max(known, take)
        out.warning(
            "VN0901",
            f"a merge left takes {min(known, take)} and {pins[name]} of `{name}` in `vn.lock`",
            Span.on_line(LOCK_FILE, number, 1, 2),
            help=f"take {pins[name]} is used; `comfyvn assets review` pins another one",
        )


def _refuse(message: str, span: Span, out: Diagnostics) -> None:
    # An error, since what is built from here would replace the ids that cannot be read.
    help = (
        "take the last good one from git: `git checkout vn.lock`; what is deleted from it, or the "
        "whole file, gets new ids"
    )
    out.error("VN0904", message, span, help=help)


def _report_mended(
    rivals: dict[str, list[tuple[str, Record]]], is_cut: bool, out: Diagnostics
) -> None:
    help = "the next build or `comfyvn fmt` writes it anew; no id is lost"
    if rivals:
        ids = "1 id" if len(rivals) == 1 else f"{len(rivals)} ids"
        message = f"a merge left {ids} twice in `vn.lock`"
    elif is_cut:
        message = "the last line of `vn.lock` has no end"
        help = "if more was cut off, take it from git: `git checkout vn.lock`; else build"
    else:
        message = "`vn.lock` was not as it was written"
    out.warning("VN0901", message, Span.whole_file(LOCK_FILE), help=help)


def _lines(numbers: list[int]) -> str:
    """Return `line 2`, `lines 2 and 3`, `lines 2, 3, 4, 5, 6 and 9 more`."""
    shown = [str(number) for number in numbers[:5]]
    if len(numbers) > 6:
        shown.append(f"{len(numbers) - 5} more")
    elif len(numbers) == 6:
        shown.append(str(numbers[5]))
    if len(shown) == 1:
        return f"line {shown[0]}"
    return f"lines {', '.join(shown[:-1])} and {shown[-1]}"


def _escaped(text: str) -> str:
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        text = text.replace("\\", "\\\\").replace("\n", "\\n")
        text = text.replace("\t", "\\t").replace("\r", "\\r")
    return text


def _unescaped(text: str) -> str:
    return _UNESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), text)
