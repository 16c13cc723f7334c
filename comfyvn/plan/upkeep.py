"""The upkeep of `vn.lock`, before a build's first step.

It compares the scenes with the lock as `identify` does over all of them, but looks only at those
that changed since it last looked: what it knew then is in `.comfyvn/upkeep`, and holds as long as
nobody else wrote `vn.lock`. It also gives the front the values that no step makes.
"""

from __future__ import annotations

import marshal
import re
import sys
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from blake3 import blake3

from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.engine.findings import as_json
from comfyvn.engine.objects import write_file
from comfyvn.model.listing import list_sources
from comfyvn.plan.readings import READINGS
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.lock import (
    LOCK_FILE,
    Anchor,
    Identity,
    Lock,
    identify,
    lock_of,
    report_changes,
)
from comfyvn.source.lock_file import Excerpt
from comfyvn.source.lock_pins import pins_in
from comfyvn.story.canonical import packed
from comfyvn.story.compiler.names import spoken_names

MEMORY = "upkeep"
_MAGIC = f"comfyvn upkeep 1 {sys.version_info[0]}.{sys.version_info[1]}\n".encode()


class Files(Protocol):
    """The project's files, as they were when the build began."""

    def paths(self) -> Iterable[str]:
        """Return the paths of all files."""

    def digest(self, path: str) -> str:
        """Return the digest of a file; `ABSENT` if there is none."""

    def read(self, path: str) -> bytes:
        """Return the content of a file.

        Raises:
            OSError: it cannot be read.
        """


class Memory(NamedTuple):
    """What was known when the lock was looked at last.

    Attributes:
        tool: the stamp of ComfyVN itself, whose parser decides what a line is.
        lock: the digest of `vn.lock`.
        cast: the digest of the sources of the cast.
        spoken: the names that may speak.
        scenes: the path and digest of each scene that is sound, and the JSON of its ids.
        unsound: the other scenes, which are looked at again.
        graves: the scenes that have deleted lines in the lock.
        gone: where each deleted line lands.
    """

    tool: str
    lock: str
    cast: str
    spoken: list[str]
    scenes: dict[str, tuple[str, str, str]]
    unsound: list[str]
    graves: list[str]
    gone: dict[str, str]


@dataclass(slots=True)
class Kept:
    """What the upkeep found.

    Attributes:
        values: `@scenes`, `@sources`, `@gone`, `@takes` and `@lock/SCENE`.
        lock_text: what `vn.lock` should be; None if it is that, or if something is so wrong that
            lines may be missing.
        old: the lock as it was.
        new: the lock as it should be.
    """

    values: dict[str, bytes]
    lock_text: str | None
    old: str
    new: str

    def report_changes(self, out: Diagnostics) -> bool:
        """Report, for `--locked`, a lock that is not up to date; return whether it is."""
        if self.new == self.old:
            return True
        before, after = (
            Lock.read(text, Diagnostics()) if text else Lock() for text in (self.old, self.new)
        )
        return report_changes(before, after, out)


class Upkeep:
    """Keeps up the lock of one project; what one run knows the next one need not find out."""

    def __init__(self, state: Path) -> None:
        """Begin with what was kept in the folder `state`."""
        self.path = state / MEMORY
        self.memory: Memory | None = None

    def run(self, files: Files, tool: str, out: Diagnostics, *, keep: bool = True) -> Kept:
        """Compare scenes and lock; report what is wrong with the lock.

        What is known then is remembered, if `keep`, as long as the stamp of the `tool` is the same.
        """
        if self.memory is None:
            self.memory = _recall(self.path)
        known = self.memory
        lock = files.digest(LOCK_FILE)
        if known is None or (known.tool, known.lock) != (tool, lock):
            known = Memory(tool, lock, "", [], {}, [], [], {})
        run = _Run(known, files, out)
        kept = run.run()
        if keep and run.now is not None and run.now != self.memory:
            self.memory = run.now
            _keep(self.path, run.now)
        return kept


class _Run:
    """One comparison. `now` is what is known after it; None if that is not worth keeping."""

    def __init__(self, known: Memory, files: Files, out: Diagnostics) -> None:
        self.known, self.files, self.out = known, files, out
        self.findings = Diagnostics()
        self.listing = list_sources(files.paths(), self.findings)
        self.damaged = False
        self.unsound: set[str] = set()
        self.now: Memory | None = None

    def run(self) -> Kept:
        known, files, paths = self.known, self.files, self.listing.scenes
        cast, spoken = self._cast()
        old = self._text()
        digests = {scene: files.digest(path) for scene, path in paths.items()}
        scenes = {
            scene: said
            for scene, said in known.scenes.items()
            if cast == known.cast and paths.get(scene) == said[0] and digests[scene] == said[1]
        }
        changed = [scene for scene in paths if scene not in scenes]
        departed = {*known.scenes, *known.unsound} - paths.keys()
        new, graves, gone = old, known.graves, known.gone
        ids = {scene: said[2] for scene, said in scenes.items()}
        if changed or departed or not known.scenes:
            anchors = self._anchors(changed, spoken)
            identity, new = self._identify(old, anchors, scenes, {*changed, *departed})
            gone = identity.gone
            graves = [
                scene
                for scene, records in identity.lock.scenes.items()
                if any(not record.alive for record in records)
            ]
            ids |= {scene: packed(identity.ids[scene]) for scene in anchors}
        is_sound = not self.damaged and not self.unsound
        if new == old or is_sound:
            now = {
                scene: (paths[scene], digests[scene], said)
                for scene, said in ids.items()
                if scene not in self.unsound
            }
            digest = known.lock if new == old else digest_of(new.encode())
            unsound = sorted(self.unsound)
            self.now = Memory(known.tool, digest, cast, sorted(spoken), now, unsound, graves, gone)
        values = {f"@lock/{scene}": ids.get(scene, "[]").encode() for scene in paths}
        values["@scenes"] = packed(list(paths)).encode()
        values["@gone"] = packed(dict(sorted(gone.items()))).encode()
        values["@takes"] = packed(dict(sorted(pins_in(new).items()))).encode()
        values["@sources"] = packed(self._sources()).encode()
        return Kept(values, new if new != old and is_sound else None, old, new)

    def _cast(self) -> tuple[str, frozenset[str]]:
        """Return the digest of the sources of the cast, and the names that may speak."""
        listed = self.listing.kinds["characters"]
        each = [f"{id}\0{path}\0{self.files.digest(path)}" for id, path in listed.items()]
        digest = digest_of("\n".join(each).encode())
        if digest == self.known.cast:
            return digest, frozenset(self.known.spoken)
        from comfyvn.model.load import load_cast

        return digest, spoken_names(load_cast(self.listing, self.files.read))

    def _text(self) -> str:
        """Return the text of the lock as it is; `""` if there is none or none can be read."""
        self.lock = Lock()
        if self.files.digest(LOCK_FILE) == ABSENT:
            return ""
        try:
            data = self.files.read(LOCK_FILE)
        except OSError as error:
            self.damaged = True
            message = f"cannot be read: {error.strerror or error}"
            self.out.error("VN0151", message, Span.whole_file(LOCK_FILE))
            return ""
        if self.known.scenes:
            return data.decode()
        before = len(self.out)
        self.lock = lock_of(data, self.out)
        self.damaged = any(item.severity == "error" for item in self.out[before:])
        return data.decode("utf-8", "replace")

    def _anchors(
        self, scenes: Iterable[str], spoken: frozenset[str]
    ) -> dict[str, Sequence[Anchor]]:
        """Read scenes; return the anchors of those that can be read."""
        anchors: dict[str, Sequence[Anchor]] = {}
        for scene in scenes:
            path = self.listing.scenes[scene]
            reading, findings = READINGS.read(path, scene, spoken, self.files.read)
            if any(item.severity == "error" for item in findings):
                self.unsound.add(scene)
            if reading is not None:
                anchors[scene] = reading.found.anchors
        return anchors

    def _identify(
        self,
        text: str,
        anchors: Mapping[str, Sequence[Anchor]],
        scenes: Mapping[str, tuple[str, str, str]],
        touched: Collection[str],
    ) -> tuple[Identity, str]:
        """Return the ids of the scenes that were read, and the text of the new lock.

        `scenes` are those that are as they were, `touched` all others, those that are no more too.
        """
        if not self.known.scenes:
            identity = identify(self.lock, anchors)
            return identity, identity.lock.write()
        concerned = {*touched, *self.known.graves}
        excerpt = Excerpt(text, concerned)
        lock = Lock(dict(sorted(excerpt.scenes.items())))
        unchanged = {
            scene: [record.anchor for record in records if record.alive]
            for scene, records in lock.scenes.items()
            if scene in scenes
        }
        given = dict(sorted({**anchors, **unchanged}.items()))
        others = (said[2] for scene, said in scenes.items() if scene not in concerned)
        identity = identify(lock, given, _Taken(others))
        return identity, excerpt.write(identity.lock.scenes)

    def _sources(self) -> dict[str, Any]:
        return {
            "state": self.listing.state,
            "kinds": self.listing.kinds,
            "catalogues": self.listing.catalogues,
            "findings": [as_json(item) for item in self.findings],
            "lock": not self.damaged,
        }


class _Taken(Container[str]):
    """The ids in the JSON lists of some scenes, gathered when first one is asked for."""

    def __init__(self, lists: Iterable[str]) -> None:
        self.lists = lists
        self.ids: set[str] | None = None

    def __contains__(self, id: object) -> bool:
        if self.ids is None:
            # Ids hold nothing that JSON writes in another way.
            self.ids = set(re.findall(r'"([^"]*)"', "\n".join(self.lists)))
        return id in self.ids


def _recall(path: Path) -> Memory | None:
    """Return what was kept; None if there is nothing, or not what was written."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    start = len(_MAGIC) + 32
    body = data[start:]
    if data[:start] != _MAGIC + blake3(body).digest():
        return None
    return Memory(*marshal.loads(body))


def _keep(path: Path, memory: Memory) -> None:
    """Write down what is known, if that can be done: it only saves time."""
    body = marshal.dumps(tuple(memory))
    with suppress(OSError):
        write_file(path, _MAGIC + blake3(body).digest() + body, temporary=path.parent / "tmp")
