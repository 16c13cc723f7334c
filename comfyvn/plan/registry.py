"""The registry: every asset that the story asks for, and every hand-made file, with its state."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from comfyvn.engine.digest import digest_of
from comfyvn.engine.manifest import STATE
from comfyvn.engine.step import canonical
from comfyvn.engine.store_view import StoreView
from comfyvn.model.globals import globals_of
from comfyvn.model.listing import SIDECAR, is_sidecar
from comfyvn.model.load import LoadedProject
from comfyvn.model.sidecar import Sidecar, read_sidecar
from comfyvn.plan.assets import Found, answer
from comfyvn.plan.library import PICTURE_ENDINGS, SOUND_ENDINGS, files_below
from comfyvn.plan.requests import AssetRequest, asset_requests, gallery, skeletons
from comfyvn.plan.workflows import Workflows
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import read_lock
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


def found_in(
    root: Path, loaded: LoadedProject, program: Mapping[str, Any], out: Diagnostics
) -> Found:
    """Return what answers the requests of a story, as a build would find it."""
    alts = dict(gallery(skeletons(program)))
    requests = asset_requests(program)
    pins = read_lock(root, Diagnostics()).pins
    workflows = Workflows.of(root, out)
    return answer(
        program, globals_of(loaded), alts, requests, files_below(root), out, pins, workflows
    )


def registry(
    root: Path, loaded: LoadedProject, program: Mapping[str, Any], out: Diagnostics
) -> list[Row]:
    """Return a row for each request, in the order of kinds and names, then the unused files.

    Args:
        root: the project's folder.
        loaded: its YAML sources.
        program: its Program.
        out: where findings on names of files go.
    """
    files = [name for name in files_below(root) if not is_sidecar(name)]
    found = found_in(root, loaded, program, out)
    past = Past(root)
    try:
        rows = [_row(root, request, found, past) for request in sorted(asset_requests(program))]
        used = {row.path for row in rows}
        rows += [
            _file(root, "file", name, "unused", "", name)
            for name in files
            if name not in used and Path(name).suffix.lower() in PICTURE_ENDINGS | SOUND_ENDINGS
        ]
    finally:
        past.close()
    return rows


def _row(root: Path, request: AssetRequest, found: Found, past: Past) -> Row:
    key = found.answers.get(request, "")
    if key in found.assets:
        return _file(root, request.kind, request.name, "hand-made", key, found.assets[key])
    if key not in found.made:
        return Row(request.kind, request.name, "missing")
    maker = found.made[key]
    kept = past.kept.get(f"@made/{key}")
    if kept is None:
        return Row(request.kind, request.name, "missing", maker, key=key)
    origin = past.origin(key)
    state: State = "draft" if origin.get("draft") else "generated"
    brief = digest_of(canonical(found.briefs[key]).encode())
    if not _was_made_of(brief, key, kept, past):
        state = "stale"
    licence = str(origin.get("licence", ""))
    return Row(
        request.kind, request.name, state, maker, "", key, kept.digest, kept.size, licence
    )  # fmt: skip


def _was_made_of(brief: str, key: str, kept: Kept, past: Past) -> bool:
    """Whether what is kept was made of this brief; a render is finished in steps of its own."""
    first = past.kept.get(f"@rendered/{key}", kept)
    return first.inputs[:1] == (brief[: len(first.inputs[0])] if first.inputs else "",)


def _file(root: Path, kind: str, name: str, state: State, key: str, path: str) -> Row:
    try:
        data = (root / path).read_bytes()
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
        data = (root / (path + SIDECAR)).read_bytes()
    except OSError:
        return Sidecar()
    return read_sidecar(read_source(data, path, out), path, out) or Sidecar()


def select(
    rows: Sequence[Row],
    *,
    kinds: Sequence[str] = (),
    states: Sequence[str] = (),
    tags: Sequence[str] = (),
    licence: str = "",
    words: Sequence[str] = (),
) -> Iterator[Row]:
    """Yield the rows that fit everything that is asked: any of the kinds, any of the states, all
    of the tags, the licence, and all of the words in their names, files, authors or texts."""
    for row in rows:
        told = " ".join((row.name, row.path, row.author, row.text)).casefold()
        if (
            (not kinds or row.kind in kinds)
            and (not states or row.state in states)
            and set(tags) <= set(row.tags)
            and (not licence or licence.casefold() == row.licence.casefold())
            and all(word.casefold() in told for word in words)
        ):
            yield row


def write_parquet(rows: Sequence[Row], path: Path) -> None:
    """Write the registry as a table, a row for each asset, its columns as in `Row`.

    Raises:
        OSError: it cannot be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = {"bytes": pa.int64(), "tags": pa.list_(pa.string())}
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in Row._fields])
    table = pa.Table.from_pylist([row._asdict() for row in rows], schema)
    temporary = path.with_name(f".{path.name}")
    pq.write_table(table, temporary)
    temporary.replace(path)
