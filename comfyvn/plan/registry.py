"""The registry: every asset that the story asks for, and every hand-made file, with its state."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from comfyvn.engine.digest import digest_of
from comfyvn.engine.step import canonical
from comfyvn.model.globals import globals_of
from comfyvn.model.listing import is_sidecar
from comfyvn.model.load import LoadedProject
from comfyvn.plan.assets import Found, answer
from comfyvn.plan.library import PICTURE_ENDINGS, SOUND_ENDINGS, files_below
from comfyvn.plan.registry_lines import line_rows
from comfyvn.plan.registry_rows import Kept, Past, Row, file_row, state_of
from comfyvn.plan.requests import AssetRequest, asset_requests, gallery, moments_of, skeletons
from comfyvn.plan.sounds import can_hear
from comfyvn.plan.workflows import Workflows
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import read_lock


def found_in(
    root: Path, loaded: LoadedProject, program: Mapping[str, Any], out: Diagnostics
) -> Found:
    """Return what answers the requests of a story, as a build would find it."""
    scenes = skeletons(program)
    alts = dict(gallery(scenes))
    requests = asset_requests(program)
    pins = read_lock(root, Diagnostics()).pins
    workflows = Workflows.of(root, out)
    return answer(
        program,
        globals_of(loaded),
        alts,
        requests,
        files_below(root),
        out,
        pins,
        workflows,
        can_hear(),
        moments=moments_of(scenes),
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
    said = globals_of(loaded)
    found = found_in(root, loaded, program, out)
    past = Past(root)
    # What a picture of the painter is hangs on the project alone: no build notes it.
    painted = {"draft": said["project"].get("pictures", {}).get("painted", "draft") != "final"}
    try:
        rows = [
            _row(root, request, found, past, painted) for request in sorted(asset_requests(program))
        ]
        rows += line_rows(root, said, loaded, program, past)
        used = {row.path for row in rows}
        rows += [
            file_row(root, "music", Path(path).stem, "hand-made", key, path)
            for key, path in sorted(found.assets.items(), key=lambda each: each[1])
            if path not in used  # only music is made from it
        ]
        used.update(found.assets.values())
        rows += [
            file_row(root, "file", name, "unused", "", name)
            for name in files
            if name not in used and Path(name).suffix.lower() in PICTURE_ENDINGS | SOUND_ENDINGS
        ]
    finally:
        past.close()
    return rows


def _row(
    root: Path, request: AssetRequest, found: Found, past: Past, painted: Mapping[str, Any]
) -> Row:
    key = found.answers.get(request, "")
    if key in found.assets:
        return file_row(root, request.kind, request.name, "hand-made", key, found.assets[key])
    if key not in found.made:
        return Row(request.kind, request.name, "missing")
    maker = found.made[key]
    kept = past.kept.get(f"@made/{key}")
    if kept is None:
        return Row(request.kind, request.name, "missing", maker, key=key)
    origin = painted if maker == "painter" else past.origin(key)
    # A render is finished in steps of its own; the first one has the brief.
    first = past.kept.get(f"@rendered/{key}", kept)
    brief = digest_of(canonical(found.briefs[key]).encode())
    if key in found.sources:
        return _variation_row(root, request, found, key, kept, brief)
    return Row(
        request.kind,
        request.name,
        state_of(origin, brief, first.inputs),
        maker,
        key=key,
        digest=kept.digest,
        bytes=kept.size,
        licence=str(origin.get("licence") or ""),
    )


def _variation_row(
    root: Path, request: AssetRequest, found: Found, key: str, kept: Kept, brief: str
) -> Row:
    """Return the row of a variation of music: its licence and author are those of its source."""
    path = found.sources[key]
    source = file_row(root, request.kind, request.name, "hand-made", key, path)
    state = state_of({}, brief, kept.inputs)
    if len(kept.inputs) > 1 and not source.digest.startswith(kept.inputs[1]):
        state = "stale"
    return source._replace(
        state=state,
        maker="variation",
        path="",
        digest=kept.digest,
        bytes=kept.size,
        tags=found.moods[key],
    )


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
