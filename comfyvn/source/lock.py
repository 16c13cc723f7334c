"""Identity: the id of every line, choice, label and scene, kept through edits.

`identify` compares what the sources have now with what the lock knew and is pure: `check` calls it
and throws the new lock away, `build` writes it. Ids of new lines are made from their content, so
that everyone who has the same sources gets the same ones.
"""

from __future__ import annotations

from base64 import b32encode
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from blake3 import blake3

from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.files import read_file
from comfyvn.source.lock_file import LOCK_FILE, Anchor, Lock, Record
from comfyvn.source.lock_match import match_all
from comfyvn.source.lock_matches import SECTION_KINDS, Matches
from comfyvn.source.lock_order import keys_for

__all__ = [
    "LOCK_FILE",
    "Anchor",
    "Identity",
    "Lock",
    "Record",
    "identify",
    "lock_of",
    "read_lock",
    "report_changes",
]

_NO_WAITING_PLACE = frozenset("ci")
"""Choices and a pick's items: nothing can land on one, since it is its menu that waits."""
_STOOD_ON = frozenset("bmxneg")
"""Kinds that a save can stand on."""


@dataclass(slots=True)
class Identity:
    """The ids of each scene's anchors in their order, the lock that goes with them, and for each
    deleted line a save may stand on, the id of where it lands."""

    ids: dict[str, list[str]]
    lock: Lock
    gone: dict[str, str]


def read_lock(root: Path, out: Diagnostics) -> Lock:
    """Return the lock of the project at `root`; an empty one when there is none yet."""
    path = root / LOCK_FILE
    try:
        data = read_file(path)
    except FileNotFoundError:
        return Lock()
    except OSError as error:
        out.error("VN0151", f"cannot be read: {error.strerror}", Span.whole_file(LOCK_FILE))
        return Lock()
    return lock_of(data, out)


def lock_of(data: bytes, out: Diagnostics) -> Lock:
    """Return the lock that a file's content is; what is wrong with it is mended and reported."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
        return _read_recoded(text, "`vn.lock` is in UTF-16, not UTF-8", 1, out)
    try:
        return Lock.read(data.decode(), out)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        text = data.decode("utf-8", "replace")
        return _read_recoded(text, f"line {line} of `vn.lock` is not UTF-8", line, out)


def _read_recoded(text: str, message: str, line: int, out: Diagnostics) -> Lock:
    """Read a file that was in another encoding, which is the one thing to say unless ids are lost.

    Bytes that are no text are in `text` as U+FFFD.
    """
    found = Diagnostics()
    lock = Lock.read(text, found)
    if found.has_errors:
        out += found
        return lock
    lock.text = None  # so that it is written anew
    out.warning(
        "VN0901",
        message,
        Span.on_line(LOCK_FILE, line, 1, 2),
        help="the next build or `comfyvn fmt` writes it anew; no id is lost",
    )
    return lock


def identify(
    lock: Lock, scenes: Mapping[str, Sequence[Anchor]], taken: Container[str] = ()
) -> Identity:
    """Match the anchors of all scenes, in document order, with the lock.

    What is unchanged costs one comparison; only scenes that differ are matched. Scenes that did not
    change and have no deleted lines may be left out of both, and their ids be given as `taken`.
    """
    old = _with_fitting_rivals(lock, scenes) if lock.rivals else lock.scenes
    ids: dict[str, list[str]] = {}
    changed: dict[str, Sequence[Anchor]] = {}
    for scene, anchors in scenes.items():
        alive = [record for record in old.get(scene, ()) if record.revision > 0]
        if [record.anchor for record in alive] == anchors:
            ids[scene] = [record.id for record in alive]
        else:
            changed[scene] = anchors
    left = {
        name: records
        for name, records in old.items()
        if name in changed or (name not in scenes and any(record.alive for record in records))
    }
    if not changed and not left:
        kept = lock if old is lock.scenes else Lock(dict(old), pins=lock.pins)
        return Identity(ids, kept, _landing_places(old))
    identity = _Update(old, left, changed, ids, taken).run()
    identity.lock.pins = lock.pins
    return identity


def _with_fitting_rivals(
    lock: Lock, scenes: Mapping[str, Sequence[Anchor]]
) -> dict[str, list[Record]]:
    """Of several versions of a record take the one whose text the sources have."""
    present = {
        (scene, anchor.kind, anchor.text) for scene, anchors in scenes.items() for anchor in anchors
    }

    def fits(scene: str, record: Record) -> bool:
        return (scene, record.anchor.kind, record.anchor.text) in present

    records = {
        record.id: (scene, record) for scene, items in lock.scenes.items() for record in items
    }
    for name, rivals in lock.rivals.items():
        if not fits(*records[name]):
            records[name] = next((rival for rival in rivals if fits(*rival)), records[name])
    chosen: dict[str, list[Record]] = {}
    for scene, record in sorted(records.values()):
        chosen.setdefault(scene, []).append(record)
    return chosen


class _Update:
    """Builds the new lock from the old one and the scenes that changed."""

    def __init__(
        self,
        old: Mapping[str, list[Record]],
        left: Mapping[str, list[Record]],
        changed: Mapping[str, Sequence[Anchor]],
        ids: dict[str, list[str]],
        taken: Container[str],
    ) -> None:
        self.taken = taken
        self.old = old
        self.changed = changed
        self.ids = ids
        # Deleted lines of unchanged scenes take part too: theirs may have come back elsewhere.
        self.pool: dict[str, list[Record]] = dict(left)
        for scene, records in old.items():
            dead = [record for record in records if not record.alive]
            if scene not in left and dead:
                self.pool[scene] = dead
        self.matches = Matches(
            {s: [(r.anchor, r.alive) for r in records] for s, records in self.pool.items()},
            changed,
        )
        self.records = [record for records in self.pool.values() for record in records]
        self.used = {record.id for records in old.values() for record in records}

    def run(self) -> Identity:
        """Return the ids and the lock that follow from the matches."""
        match_all(self.matches)
        scenes = dict(self.old)
        self._bury()
        for scene, numbers in self.matches.old_range.items():
            if scene not in self.changed:
                free = {self.records[i].id for i in numbers if self.matches.new_of[i] is None}
                free -= self.moved_graves
                kept = [record for record in scenes[scene] if record.alive or record.id in free]
                if scene not in self.ids:  # the scene is gone
                    kept = [_dead(record) for record in kept if record.id in free]
                scenes[scene] = kept
        for scene in self.changed:
            scenes[scene] = self._scene(scene)
            self.ids[scene] = [record.id for record in scenes[scene] if record.alive]
        lock = Lock({scene: records for scene, records in sorted(scenes.items()) if records})
        return Identity(self.ids, lock, _landing_places(lock.scenes))

    def _bury(self) -> None:
        """Give every deleted line its place among the lines that are left.

        It follows the line it followed, in its section if that is still there, else precedes the
        one it preceded; a section that was moved or renamed takes its deleted lines along.
        """
        match = self.matches
        home = {before: scene for scene, before in match.scene_before.items()}
        sections = {(before, ""): (scene, "") for before, scene in home.items()}
        heading: dict[tuple[str, str], int] = {}
        for i, j in enumerate(match.new_of):
            if j is not None and match.new[j].kind in SECTION_KINDS:
                place = (match.new_scene[j], match.new[j].label)
                sections[match.old_scene[i], match.old[i].label] = place
                heading[place] = j
        self.after: dict[int, list[Record]] = {}
        self.before: dict[int, list[Record]] = {}
        self.start: dict[str, list[Record]] = {}
        self.moved_graves: set[str] = set()
        for scene, numbers in match.old_range.items():
            if scene in self.ids:
                continue  # unchanged, so its graves stay where they are
            dead = [i for i in numbers if match.new_of[i] is None]
            earlier = self._survivors(numbers)
            later = self._survivors(reversed(numbers))
            for i in dead:
                section = sections.get((scene, match.old[i].label))
                record = _dead(self.records[i])
                if section is not None:
                    anchor = record.anchor._replace(label=section[1])
                    record = record._replace(anchor=anchor)
                house = home.get(scene)
                previous = earlier[i].get(section) if section else None
                following = later[i].get(section) if section else None
                if previous is None and following is None and house is not None:
                    previous, following = earlier[i].get(house), later[i].get(house)
                if previous is None and following is None and section is not None:
                    previous = heading.get(section)
                if previous is not None:
                    self.after.setdefault(previous, []).append(record)
                elif following is not None:
                    self.before.setdefault(following, []).append(record)
                elif house is not None:
                    self.start.setdefault(house, []).append(record)
                else:
                    continue
                self.moved_graves.add(record.id)

    def _survivors(self, numbers: Iterable[int]) -> dict[int, dict[str | tuple[str, str], int]]:
        """Return for each deleted line the nearest line passed so far in each section and scene."""
        match = self.matches
        nearest: dict[str | tuple[str, str], int] = {}
        found = {}
        fresh = False
        for i in numbers:
            j = match.new_of[i]
            if j is None:
                if not fresh:
                    shared = dict(nearest)
                    fresh = True
                found[i] = shared
            else:
                scene = match.new_scene[j]
                nearest[scene] = nearest[scene, match.new[j].label] = j
                fresh = False
        return found

    def _scene(self, scene: str) -> list[Record]:
        """Return a changed scene's records, living and dead, in document order with their keys."""
        match = self.matches
        entries: list[tuple[Record | None, Anchor | None]] = [
            (record, None) for record in self.start.get(scene, ())
        ]
        seen: Counter[tuple[str, str, str]] = Counter()
        fresh: dict[int, str] = {}
        for j in match.new_range[scene]:
            anchor = match.new[j]
            i = match.old_of[j]
            occurrence = seen[anchor[:3]]
            seen[anchor[:3]] += 1
            entries += [(record, None) for record in self.before.get(j, ())]
            if i is None:
                fresh[len(entries)] = self._new_id(scene, anchor, occurrence)
            entries.append((None if i is None else self.records[i], anchor))
            entries += [(record, None) for record in self.after.get(j, ())]
        origin = match.scene_before.get(scene)
        mine = {self.records[i].id for i in match.old_range[origin]} if origin else set()
        keys = keys_for(
            [record.order if record and record.id in mine else None for record, _ in entries]
        )
        made = []
        for k, (record, current) in enumerate(entries):
            if record is None and current is not None:
                made.append(Record(keys[k], fresh[k], 1, current))
            elif record is not None and current is None:
                made.append(record._replace(order=keys[k]))
            elif record is not None and current is not None:
                revision = abs(record.revision) + (record.anchor.text != current.text)
                made.append(Record(keys[k], record.id, revision, current))
        return made

    def _new_id(self, scene: str, anchor: Anchor, occurrence: int) -> str:
        """Return an id made of the line's content, or of its fixed name when it has one."""
        told = ("^", anchor.name) if anchor.name else (anchor.label, anchor.text, str(occurrence))
        attempt = 0
        while True:
            content = "\0".join((scene, anchor.kind, *told, str(attempt)))
            made = anchor.kind + b32encode(blake3(content.encode()).digest(5)).decode()[:7].lower()
            if made not in self.used and made not in self.taken:
                self.used.add(made)
                return made
            attempt += 1


def _dead(record: Record) -> Record:
    return record._replace(revision=-abs(record.revision))


def _landing_places(scenes: Mapping[str, Sequence[Record]]) -> dict[str, str]:
    """Return where each deleted line that a save may stand on lands.

    That is the next line of its section that its own body, or what follows the choice it stood in,
    would have reached; at the section's end the last line or menu before it, from which the story
    goes on as it would have; for a section that is gone, the next line of the scene.
    """
    gone: dict[str, str] = {}
    for records in scenes.values():
        if any(not record.alive for record in records):
            _land(records, gone)
    return gone


def _land(records: Sequence[Record], gone: dict[str, str]) -> None:
    deepest = max(record.anchor.depth for record in records)
    # For each depth, where a line that stands there goes on: in the section, in the scene.
    section: list[str | None] = [None] * (deepest + 1)
    scene: list[str | None] = [None] * (deepest + 1)
    label: str | None = None
    lost: dict[int, str | None] = {}  # lines at the end of their section, with the scene's next
    for k in range(len(records) - 1, -1, -1):
        record = records[k]
        kind, depth = record.anchor.kind, record.anchor.depth
        if record.anchor.label != label:
            label = record.anchor.label
            section = [None] * (deepest + 1)
        if not record.alive:
            if section[depth] is not None:
                _note(record, section[depth], gone)
            else:
                lost[k] = scene[depth]
        for after in (section, scene):
            if kind in _NO_WAITING_PLACE and depth > 0:
                after[depth:] = [after[depth - 1]] * (deepest + 1 - depth)
            elif record.alive and kind not in _NO_WAITING_PLACE:
                after[depth:] = [record.id] * (deepest + 1 - depth)
    last: list[str | None] = [None] * (deepest + 1)  # the last line passed, at each depth
    for k, record in enumerate(records):
        kind, depth = record.anchor.kind, record.anchor.depth
        if k and record.anchor.label != records[k - 1].anchor.label:
            last = [None] * (deepest + 1)
        if kind in _NO_WAITING_PLACE:
            last[depth:] = [None] * (deepest + 1 - depth)
        elif record.alive:
            last[depth:] = [record.id] + [None] * (deepest - depth)
        elif k in lost:
            _note(record, next(filter(None, last[depth::-1]), lost[k]), gone)
    ends = [record.id for record in records if record.alive]
    if ends:
        for k in lost:
            if records[k].id not in gone:
                _note(records[k], ends[0], gone)


def _note(record: Record, landing: str | None, gone: dict[str, str]) -> None:
    if landing is not None and record.anchor.kind in _STOOD_ON:
        gone[record.id] = landing


def report_changes(old: Lock, new: Lock, out: Diagnostics) -> bool:
    """Report, for `--locked`, that `new` is not what `old` says; return whether it is."""
    if old.write() == new.write():
        return True
    before = {record.id: record for records in old.scenes.values() for record in records}
    after = {record.id: record for records in new.scenes.values() for record in records}
    alive = {name for name, record in before.items() if record.alive}
    still = {name for name, record in after.items() if record.alive}
    reworded = sum(before[name].revision != after[name].revision for name in alive & still)
    out.error(
        "VN0903",
        f"`{LOCK_FILE}` is not up to date: {len(still - alive)} lines are new, "
        f"{len(alive - still)} gone, {reworded} reworded",
        Span.whole_file(LOCK_FILE),
        help="run `comfyvn build` or `comfyvn fmt` and commit the file",
    )
    return False
