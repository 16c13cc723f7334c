"""The manifest: what the last build saw and left, so that a null build says so at once.

A null build looks at every source and every output by one `stat` each, compares, and leaves; this
module imports nothing that takes longer than that. Stamps are compared for equality, never for
"newer" (https://apenwarr.ca/log/20181113). A file that was younger than `SAFETY` when it was looked
at may change again without a change of its stamp, so its stamp is not kept.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
from array import array
from collections.abc import Iterable, Iterator

from blake3 import blake3

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

STATE = ".comfyvn"
FILE = "manifest"
SAFETY = 3_000_000_000
"""Nanoseconds within which a second change of a file may keep its stamp, as esbuild has it."""
MAGIC = f"comfyvn manifest 2 {sys.version_info[0]}.{sys.version_info[1]}\n".encode()
UNSURE = (-1, -1, -1)
_MOMENT = 500_000_000
"""Nanoseconds for which what was looked at is as good as looked at now."""

Stamp = tuple[int, int, int]
"""Modification time in nanoseconds, size, inode."""
Folders = dict[str, dict[str, Stamp]]
"""Folder, as a path from the project's, to the stamps of its files by name."""
_Packed = dict[str, tuple[list[str], bytes]]
"""The same on disk: names, and three numbers each, of which no object is made before it is used."""
_MASK = (1 << 64) - 1
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Where the system allows it, a name is looked up in its folder, not from the root on.
_AT = os.stat in os.supports_dir_fd


class Manifest:
    """What one build saw.

    Attributes:
        build: the build's id, which the store holds too when it is of the same build.
        settings: what `vn.yaml` says of builds: `targets`, built when none is named, and `cache`.
        tool: the stamp of ComfyVN's own files, and their digest.
        folders: where sources are: each with everything below.
        files: sources in the project's own folder, those that may come to be included.
        sources: the stamps of all sources.
        digests: the digest of each source by path.
        outputs: for each target the stamps of its files; under "" those of no target.
        summary: for each target built since the sources changed, what there is to say of it.
    """

    __slots__ = (
        "build", "digests", "files", "folders", "outputs", "settings", "sources", "summary",
        "tool",
    )  # fmt: skip

    def __init__(self) -> None:
        self.build = ""
        self.settings: dict[str, Any] = {}
        self.tool: tuple[str, str] = ("", "")
        self.folders: list[str] = []
        self.files: list[str] = []
        self.sources: Folders = {}
        self.digests: dict[str, str] = {}
        self.outputs: dict[str, Folders] = {}
        self.summary: dict[str, dict[str, object]] = {}

    @classmethod
    def load(cls, root: str, notes: list[str] | None = None, state: str = STATE) -> Manifest | None:
        """Return the manifest of the project at `root`; None if there is none that can be read.

        Args:
            root: the project's folder.
            notes: gets a sentence for the user if there is a damaged one.
            state: the folder that it is in, from there.
        """
        found = _Stored.load(root, notes, state)
        return None if found is None else found.unpacked()

    def save(self, root: str, state: str = STATE) -> None:
        """Write the manifest of the project at `root` into its folder `state`.

        Raises:
            OSError: it cannot be written; the old one is then still there.
        """
        body = marshal.dumps(
            (
                (self.build, self.settings, self.tool, self.folders, self.files, self.summary),
                _pack(self.sources),
                {target: _pack(folders) for target, folders in self.outputs.items()},
                marshal.dumps(self.digests),
            )
        )
        path = os.path.join(root, state, FILE)
        temporary = os.path.join(root, state, "tmp", f"{FILE}.{os.getpid()}")
        try:
            with open(temporary, "wb") as file:
                file.write(MAGIC + blake3(body).digest() + body)
            os.replace(temporary, path)
        except OSError as error:
            # What a full disk says when something is written names no file.
            raise OSError(error.errno, error.strerror, path) from error


class _Stored:
    """A manifest as it is on disk."""

    __slots__ = ("digests", "head", "outputs", "sources")

    def __init__(self, body: bytes) -> None:
        self.head, self.sources, self.outputs, self.digests = marshal.loads(body)

    @classmethod
    def load(cls, root: str, notes: list[str] | None = None, state: str = STATE) -> _Stored | None:
        try:
            with open(os.path.join(root, state, FILE), "rb") as file:
                data = file.read()
        except OSError:
            return None
        start = len(MAGIC) + 32
        body = data[start:]
        if data[: len(MAGIC)] != MAGIC or blake3(body).digest() != data[len(MAGIC) : start]:
            if notes is not None and (data[: len(MAGIC)] == MAGIC or data[:8] != MAGIC[:8]):
                notes.append(f"`{state}/{FILE}` was damaged; every step was looked at")
            return None
        return cls(body)

    def unpacked(self) -> Manifest:
        made = Manifest()
        made.build, made.settings, made.tool, made.folders, made.files, made.summary = self.head
        made.sources = _unpack(self.sources)
        made.outputs = {target: _unpack(packed) for target, packed in self.outputs.items()}
        made.digests = marshal.loads(self.digests)
        return made


def _pack(folders: Folders) -> _Packed:
    packed = {}
    for folder, files in folders.items():
        numbers = array("Q", [number & _MASK for stamp in files.values() for number in stamp])
        packed[folder] = (list(files), numbers.tobytes())
    return packed


def _unpack(packed: _Packed) -> Folders:
    found: Folders = {}
    for folder, (names, data) in packed.items():
        numbers = iter(array("Q", data))
        stamps = zip(numbers, numbers, numbers, strict=True)
        found[folder] = {
            name: stamp if stamp[0] != _MASK else UNSURE
            for name, stamp in zip(names, stamps, strict=True)
        }
    return found


def _is_as_packed(found: Folders, packed: _Packed) -> bool:
    if found.keys() != packed.keys():
        return False
    for folder, files in found.items():
        names, data = packed[folder]
        numbers = iter(array("Q", data))
        if len(names) != len(files) or any(
            files.get(name) != stamp
            for name, stamp in zip(names, zip(*[numbers] * 3, strict=True), strict=True)
        ):
            return False
    return True


def _is_left(root: str, packed: _Packed) -> bool:
    """Whether all of some outputs are as they were left."""
    for folder, (names, data) in packed.items():
        numbers = iter(array("Q", data))
        path = os.path.join(root, folder)
        try:
            place = os.open(path, os.O_RDONLY) if _AT else None
        except OSError:
            return False
        before = "" if _AT else path + "/"
        stat = os.stat
        try:
            for name, changed, size, inode in zip(names, numbers, numbers, numbers, strict=True):
                state = stat(before + name, dir_fd=place, follow_symlinks=False)
                if state.st_mtime_ns != changed or state.st_size != size or state.st_ino != inode:
                    return False
        except OSError:
            return False
        finally:
            if place is not None:
                os.close(place)
    return True


def scan(root: str, folders: Iterable[str], files: Iterable[str]) -> Folders:
    """Return the stamps of all files below `folders`, and of those of `files` that are there.

    Names that begin with a full stop are left out, and so are links to folders.

    Raises:
        OSError: a folder cannot be read.
    """
    found: Folders = {"": {}}
    for name in files:
        try:
            state = os.stat(os.path.join(root, name))
        except OSError:
            continue
        folder, _, last = name.rpartition("/")
        found.setdefault(folder, {})[last] = (state.st_mtime_ns, state.st_size, state.st_ino)
    waiting = list(folders)
    while waiting:
        folder = waiting.pop()
        here = {}
        path = os.path.join(root, folder)
        try:
            entries = os.scandir(path)
        except (FileNotFoundError, NotADirectoryError):
            continue
        with entries:
            for entry in entries:
                name = entry.name
                if not name.isascii():
                    from comfyvn.source.files import decoded

                    name = decoded(name)
                if name[0] == ".":
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{folder}/{name}")
                    continue
                try:
                    state = entry.stat()
                except OSError:
                    here[name] = UNSURE
                    continue
                if state.st_mode & 0o170000 == 0o040000:
                    continue
                here[name] = (state.st_mtime_ns, state.st_size, state.st_ino)
        found[folder] = here
    return found


def changed_outputs(root: str, outputs: Folders) -> Iterator[str]:
    """Yield each output that is not as it was left, by path."""
    for folder, known in outputs.items():
        seen = {}
        try:
            with os.scandir(os.path.join(root, folder)) as entries:
                for entry in entries:
                    if entry.name in known:
                        state = entry.stat(follow_symlinks=False)
                        seen[entry.name] = (state.st_mtime_ns, state.st_size, state.st_ino)
        except OSError:
            pass
        if seen != known:
            for name, stamp in known.items():
                if seen.get(name) != stamp:
                    yield f"{folder}/{name}"


def settled(found: Folders, edge: int) -> Folders:
    """Return stamps with those of files too young to be sure of made unequal to any.

    Args:
        found: the stamps.
        edge: `SAFETY` before they were looked at.
    """
    return {
        folder: {name: stamp if stamp[0] < edge else UNSURE for name, stamp in files.items()}
        for folder, files in found.items()
    }


def tool_stamp(package: str) -> str:
    """Return what tells whether ComfyVN's own files are as they were: a digest of their stamps."""
    parts = []
    folders = [
        package,
        *(os.path.join(os.path.dirname(package), n) for n in ("rules", "templates")),
    ]
    while folders:
        try:
            entries = sorted(os.scandir(folders.pop()), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir():
                if entry.name != "__pycache__":
                    folders.append(entry.path)
            else:
                state = entry.stat()
                parts.append(f"{entry.path}\0{state.st_mtime_ns}\0{state.st_size}\0{state.st_ino}")
    return blake3("\n".join(parts).encode()).hexdigest()


class Look:
    """What a null build saw that came to nothing: the build that follows need not look again.

    Attributes:
        root: the project's folder.
        manifest: what the last build saw and left.
        found: the stamps of the sources, as `scan` returns them.
        edge: `SAFETY` before they were looked at.
    """

    __slots__ = ("edge", "found", "manifest", "root")

    def __init__(self, root: str, manifest: Manifest, found: Folders, edge: int) -> None:
        self.root, self.manifest, self.found, self.edge = root, manifest, found, edge

    def holds(self, root: str) -> bool:
        """Whether it is of this project, and was but a moment ago."""
        return self.root == root and 0 <= time.time_ns() - SAFETY - self.edge < _MOMENT


def null_build(
    root: str, targets: Iterable[str], looks: list[Look] | None = None, state: str = STATE
) -> dict[str, dict[str, object]] | None:
    """Return what to say of each target if nothing is to be done for any; else None.

    No target means those that are built by default. A source that was touched and says what it
    said is nothing to do: its new stamp is kept.

    Args:
        root: the project's folder.
        targets: their names.
        looks: gets what was seen of the sources, if they are not as they were.
        state: the folder that the manifest is in.

    Raises:
        OSError: a folder cannot be read.
    """
    stored = _Stored.load(root, None, state)
    if stored is None:
        return None
    _, settings, tool, folders, files, summary = stored.head
    wanted = list(targets) or list(settings.get("targets", ()))
    if not wanted or not all(name in summary for name in wanted):
        return None
    if tool[0] != tool_stamp(_PACKAGE):
        return None
    for target in ("", *wanted):
        if not _is_left(root, stored.outputs.get(target, {})):
            return None
    edge = time.time_ns() - SAFETY
    found = scan(root, folders, files)
    if not _is_as_packed(found, stored.sources):
        manifest = stored.unpacked()
        if not _same_content(root, manifest, found):
            if looks is not None:
                looks.append(Look(root, manifest, found, edge))
            return None
        manifest.sources = settled(found, edge)
        try:  # noqa: SIM105 (contextlib takes longer to import than a null build has)
            manifest.save(root, state)
        except OSError:
            pass
    return {name: summary[name] for name in wanted}


def _same_content(root: str, manifest: Manifest, found: Folders) -> bool:
    """Whether files whose stamps differ say what they said, and none came or went."""
    known = manifest.sources
    if found.keys() != known.keys():
        return False
    from comfyvn.engine.digest import digest_file, unread

    for folder, files in found.items():
        old = known[folder]
        if files == old:
            continue
        if files.keys() != old.keys():
            return False
        for name, stamp in files.items():
            if stamp != old[name]:
                path = f"{folder}/{name}" if folder else name
                try:
                    digest = digest_file(os.path.join(root, path))
                except OSError as error:
                    digest = unread(error)
                if digest != manifest.digests.get(path):
                    return False
    return True
