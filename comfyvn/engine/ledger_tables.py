"""The ledger as tables: the journal is folded into Parquet, and all of it read back.

Three tables, a file of each at every fold: `builds` a row for each build, `rules` for each build
and rule, `steps` for each build and step that was told of one by one. Only here and where its
rows are counted is pyarrow imported.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from comfyvn.engine.build_lock import BuildLock
from comfyvn.engine.ledger import FOLDER, JOURNAL

_TEXTS = pa.list_(pa.string())
_AMOUNT = pa.struct([("name", pa.string()), ("files", pa.int64()), ("bytes", pa.int64())])
SCHEMAS = {
    "builds": pa.schema(
        [
            ("at", pa.float64()),
            ("build", pa.string()),
            ("targets", _TEXTS),
            ("end", pa.string()),
            ("seconds", pa.float64()),
            ("steps", pa.int64()),
            ("ran", pa.int64()),
            ("fetched", pa.int64()),
            ("failed", pa.int64()),
            ("skipped", pa.int64()),
            ("sources", pa.int64()),
            ("source_bytes", pa.int64()),
            ("outputs", pa.list_(_AMOUNT)),
        ]
    ),
    "rules": pa.schema(
        [
            ("at", pa.float64()),
            ("build", pa.string()),
            ("rule", pa.string()),
            ("steps", pa.int64()),
            ("ran", pa.int64()),
            ("taken", pa.int64()),
            ("fetched", pa.int64()),
            ("failed", pa.int64()),
            ("skipped", pa.int64()),
            ("seconds", pa.float64()),
            ("bytes", pa.int64()),
        ]
    ),
    "steps": pa.schema(
        [
            ("at", pa.float64()),
            ("build", pa.string()),
            ("step", pa.string()),
            ("how", pa.string()),
            ("why", pa.string()),
            ("names", _TEXTS),
            ("seconds", pa.float64()),
            ("bytes", pa.int64()),
        ]
    ),
}
_MANY = 16
"""Files of one table from which on they are made one."""

Row = dict[str, Any]


class Ledger(NamedTuple):
    """The three tables, oldest row first; and what was left out of them, in words."""

    builds: pa.Table
    rules: pa.Table
    steps: pa.Table
    left_out: tuple[str, ...] = ()


def read(state: Path) -> Ledger:
    """Fold the journal and return the whole ledger; where nothing can be written, only read.

    What cannot be read is left out.

    Args:
        state: the project's `.comfyvn/`.

    Raises:
        OSError: the folder cannot be read.
    """
    folder = state / FOLDER
    left_out: list[str] = []
    if not folder.is_dir():
        if folder.exists():
            left_out.append(f"`{state.name}/{FOLDER}` is a file, where a folder should be")
        builds, rules, steps = (schema.empty_table() for schema in SCHEMAS.values())
        return Ledger(builds, rules, steps, tuple(left_out))
    try:
        with BuildLock(folder, lambda other: None):
            _fold(folder, left_out)
            return _all(folder, {}, left_out)
    except OSError:
        left_out.clear()
        journals = [folder / JOURNAL, *folder.glob("journal-*.jsonl")]
        found = [each for path in journals for each in _entries(path, left_out)]
        return _all(folder, _rows(found), left_out)


def _all(folder: Path, more: Mapping[str, list[Row]], left_out: list[str]) -> Ledger:
    tables = []
    for name, schema in SCHEMAS.items():
        parts = []
        for path in sorted(folder.glob(f"{name}-*.parquet")):
            table, why = _read(path, schema)
            if table is not None:
                parts.append(table)
            else:
                left_out.append(f"`{FOLDER}/{path.name}` cannot be read ({why}); remove it")
        parts.append(pa.Table.from_pylist(more.get(name, []), schema=schema))
        tables.append(pa.concat_tables(parts).sort_by("at"))
    builds, rules, steps = tables
    return Ledger(builds, rules, steps, tuple(left_out))


def _read(path: Path, schema: pa.Schema) -> tuple[pa.Table | None, str]:
    """Return a table, or None and why it cannot be read."""
    try:
        return pq.read_table(path, schema=schema, memory_map=False), ""
    except (pa.ArrowException, OSError) as error:
        return None, " ".join(str(error).split()).replace(str(path), path.name)


def _fold(folder: Path, left_out: list[str]) -> None:
    """Turn the journal into Parquet, but for what is `left_out`.

    Killed anywhere, the next fold ends it: a journal that was set aside is folded again into
    files of the same names, and removed last. What a build appends to a journal at the very moment
    it is set aside may be lost: a line of what a ledger is for, not worth a wait of every build.
    """
    with suppress(FileNotFoundError):
        (folder / JOURNAL).rename(folder / f"journal-{uuid.uuid4().hex[:12]}.jsonl")
    for path in sorted(folder.glob("journal-*.jsonl")):
        part = path.stem.removeprefix("journal-")
        for name, rows in _rows(_entries(path, left_out)).items():
            table = pa.Table.from_pylist(rows, schema=SCHEMAS[name])
            _write(table, folder / f"{name}-{part}.parquet")
        path.unlink()
    for name, schema in SCHEMAS.items():
        paths = sorted(folder.glob(f"{name}-*.parquet"))
        if len(paths) <= _MANY:
            continue
        parts = {path: table for path in paths if (table := _read(path, schema)[0]) is not None}
        if len(parts) > _MANY:
            first, *others = parts
            _write(pa.concat_tables(parts.values()).sort_by("at"), first)
            for path in others:
                path.unlink()


def _write(table: pa.Table, path: Path) -> None:
    temporary = path.with_suffix(".new")
    pq.write_table(table, temporary, compression="zstd")
    temporary.replace(path)


def _entries(path: Path, left_out: list[str]) -> list[tuple[Row, list[Row], list[Row]]]:
    """Return the rows that each entry of a journal stands for."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    found, unread = [], 0
    for line in filter(None, data.splitlines()):
        try:
            entry = json.loads(line)
            found.append(_null(entry) if "null" in entry else _build(entry))
        except (KeyError, TypeError, ValueError, AttributeError):
            unread += 1  # cut off, perhaps, when the disk was full
    if unread:
        lines = "a line" if unread == 1 else f"{unread} lines"
        left_out.append(
            f"{lines} of `{FOLDER}/{JOURNAL}`, which {'is' if unread == 1 else 'are'} "
            "no entry of a build"
        )
    return found


def _rows(entries: Iterable[tuple[Row, list[Row], list[Row]]]) -> dict[str, list[Row]]:
    """Return the rows of each table."""
    found: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    for build, rules, steps in entries:
        found["builds"].append(build)
        found["rules"] += rules
        found["steps"] += steps
    return found


def _null(entry: Row) -> tuple[Row, list[Row], list[Row]]:
    held = entry["null"]
    row = {"at": float(entry["at"]), "targets": list(held), "end": "null", "build": ""}
    none = dict.fromkeys(("ran", "fetched", "failed", "skipped"), 0)
    return {**row, **none, "steps": max(map(int, held.values()), default=0)}, [], []


def _build(entry: Row) -> tuple[Row, list[Row], list[Row]]:
    head = {"at": float(entry["at"]), "build": str(entry["build"])}
    names = ("steps", "ran", "taken", "fetched", "failed", "skipped", "seconds", "bytes")
    rules = [
        {**head, "rule": rule, **dict(zip(names, row, strict=True))}
        for rule, row in entry["rules"].items()
    ]
    columns = ("step", "how", "why", "names", "seconds", "bytes")
    steps = [{**head, **dict(zip(columns, row, strict=True))} for row in entry["steps"]]
    build = {
        **head,
        "targets": entry["targets"],
        "end": entry["end"],
        "seconds": float(entry["seconds"]),
        "sources": entry["sources"][0],
        "source_bytes": entry["sources"][1],
        "outputs": [
            {"name": name, "files": files, "bytes": size}
            for name, (files, size) in entry["outputs"].items()
        ],
        **{
            name: sum(row[name] for row in rules)
            for name in ("steps", "ran", "fetched", "failed", "skipped")
        },
    }
    return build, rules, steps
