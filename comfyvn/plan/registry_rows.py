"""A row of the registry, and what the rows are made from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from comfyvn.engine.digest import digest_of
from comfyvn.engine.manifest import STATE
from comfyvn.engine.store_view import StoreView
from comfyvn.model.listing import SIDECAR
from comfyvn.model.sidecar import Sidecar, read_sidecar
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.files import read_file
from comfyvn.source.text import read_source

State = Literal["hand-made", "generated", "draft", "stale", "missing", "unused"]
KINDS = (
    "ambience", "background", "file", "image", "music", "picture", "prop", "sfx", "sprite", "voice",
    "voice line",
)  # fmt: skip
"""Kinds of rows: of asset requests, and two more: `file`, one that nothing asks for, and `voice
line`, the words of a line as they are spoken."""
STATES: tuple[State, ...] = ("hand-made", "generated", "draft", "stale", "missing", "unused")
"""hand-made: a file below `assets/`; generated: made, and fit to ship; draft: made, and not meant
to ship; stale: made of what has changed since; missing: not made yet, or nothing makes it;
unused: a file that nothing asks for."""


class Row(NamedTuple):
    """One asset.

    Attributes:
        kind: as in an asset request; `file` of one that nothing asks for.
        name: what asks for it, or the file's path.
        state: see `STATES`.
        maker: what makes it; empty for files and for silence.
        path: the hand-made file, from the project's folder, or empty.
        key: what `@found` calls it.
        digest: of its content, empty if there is none.
        bytes: its size.
        licence: an SPDX expression, or empty.
        author: who made a file, as its sidecar says.
        source: where a file was taken from.
        tags: words to find it by.
        language: of a voiced line, else empty.
        text: of a voiced line, else empty.
    """

    kind: str
    name: str
    state: State
    maker: str = ""
    path: str = ""
    key: str = ""
    digest: str = ""
    bytes: int = 0
    licence: str = ""
    author: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    text: str = ""


class Kept(NamedTuple):
    """What an artifact was when it was made: its digest, its size, and what it was made from."""

    digest: str
    size: int
    inputs: tuple[str, ...]


class Past:
    """What earlier builds made and the store still has."""

    def __init__(self, root: Path) -> None:
        """Look into the store of a project; there may be none."""
        self.store = StoreView(root / STATE)
        self.kept = {
            name: Kept(digest, size, made.result.inputs)
            for _, made in self.store.all_made()
            for name, digest, size in made.result.outputs
        }

    def content(self, name: str) -> bytes | None:
        """Return what an artifact holds; None if the store has it no more."""
        kept = self.kept.get(name)
        return self.store.get(kept.digest) if kept is not None else None

    def origin(self, key: str) -> Mapping[str, Any]:
        """Return what is known of how an asset was made; empty if nothing is."""
        data = self.content(f"@origin/{key}")
        found: Mapping[str, Any] = json.loads(data) if data else {}
        return found

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def state_of(origin: Mapping[str, Any], brief: str, inputs: Sequence[str]) -> State:
    """Return the state of something made.

    Args:
        origin: what is known of how it was made.
        brief: the digest of what it would be made from now.
        inputs: the beginnings of the digests of what it was made from, the brief first.
    """
    if not inputs or not brief.startswith(inputs[0]):
        return "stale"
    return "draft" if origin.get("draft") else "generated"


def file_row(root: Path, kind: str, name: str, state: State, key: str, path: str) -> Row:
    """Return the row of a file, with what its sidecar says."""
    try:
        data = read_file(root / path)
    except OSError:
        return Row(kind, name, state, path=path, key=key)
    sidecar = sidecar_of(root, path)
    return Row(
        kind,
        name,
        state,
        path=path,
        key=key,
        digest=digest_of(data),
        bytes=len(data),
        licence=sidecar.licence or "",
        author=sidecar.author or "",
        source=sidecar.source or "",
        tags=tuple(sidecar.tags),
    )


def sidecar_of(root: Path, path: str) -> Sidecar:
    """Return what a file's sidecar says; what is wrong with it, `check` reports."""
    out = Diagnostics()
    try:
        data = read_file(root / (path + SIDECAR))
    except OSError:
        return Sidecar()
    return read_sidecar(read_source(data, path, out), path, out) or Sidecar()
