"""Scenes that were read in this process, kept until they are lowered.

A scene is read to keep up `vn.lock`, to find what it declares, and to be lowered. What is kept here
depends on nothing but the bytes of its file and on who may speak, and is compared with both.
"""

from __future__ import annotations

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.text import Read, read_text
from comfyvn.story.compiler.reading import Reading, read_scene

ROOM = 4_000_000
"""How many bytes of source may be kept as trees; a tree takes about thirty times its source."""


class Readings:
    """The scenes read so far, by path.

    `advised` says that texts are looked at after scenes are lowered, as a check does.
    """

    def __init__(self) -> None:
        self.advised = False
        self.kept: dict[str, tuple[bytes, frozenset[str], Reading]] = {}
        self.room = ROOM

    def read(
        self, path: str, scene: str, spoken: frozenset[str], read: Read, *, last: bool = False
    ) -> tuple[Reading | None, Diagnostics]:
        """Return a scene, None if its file cannot be read, and what was wrong with it so far.

        `last` says that nobody will ask for it again, while the build goes on.
        """
        try:
            data = read(path)
        except OSError:
            data = None
        known = self.kept.get(path)
        if known is not None and known[0] == data and known[1] == spoken:
            if last:
                self._forget(path)
            return known[2], known[2].findings
        out = Diagnostics()
        text = read_text(path, read, out)
        if text is None or data is None:
            return None, out
        reading = read_scene(text, path, scene, spoken)
        reading.findings[:0] = out
        if not last:
            self._keep(path, data, spoken, reading)
        return reading, reading.findings

    def _keep(self, path: str, data: bytes, spoken: frozenset[str], reading: Reading) -> None:
        self._forget(path)
        if len(data) <= self.room:
            self.room -= len(data)
            self.kept[path] = data, spoken, reading

    def _forget(self, path: str) -> None:
        known = self.kept.pop(path, None)
        if known is not None:
            self.room += len(known[0])


READINGS = Readings()
"""Those of this process."""
