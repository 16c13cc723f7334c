"""The ledger as tables: the journal is folded into Parquet, and all of it read back.

Three tables, a file of each at every fold: `builds` a row for each build, `rules` for each build
and rule, `steps` for each build and step that was told of one by one. Only here and where its
rows are counted is pyarrow imported.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
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
    """The three tables, oldest row first."""

    builds: pa.Table
    rules: pa.Table
    steps: pa.Table


def read(state: Path) -> Ledger:
    """Fold the journal and return the whole ledger; where nothing can be written, only read.

    Args:
        state: the project's `.comfyvn/`.

    Raises:
        OSError: there is a ledger that cannot be read.
    """
    folder = state / FOLDER
    if not folder.is_dir():
        return Ledger(*(schema.empty_table() for schema in SCHEMAS.values()))
    try:
        with BuildLock(folder, lambda other: None):
            _fold(folder)
            return _all(folder, {})
    except OSError:
        journals = [folder / JOURNAL, *folder.glob("journal-*.jsonl")]
        return _all(folder, _rows(line for path in journals for line in _lines(path)))


def _all(folder: Path, more: Mapping[str, list[Row]]) -> Ledger:
    tables = []
    for name, schema in SCHEMAS.items():
        parts = [_read(path, schema) for path in sorted(folder.glob(f"{name}-*.parquet"))]
        parts.append(pa.Table.from_pylist(more.get(name, []), schema=schema))
        tables.append(pa.concat_tables(parts).sort_by("at"))
    return Ledger(*tables)


def _read(path: Path, schema: pa.Schema) -> pa.Table:
    try:
        return pq.read_table(path, schema=schema, memory_map=False)
    except pa.ArrowException as error:
        raise OSError(None, f"is damaged ({error}); remove it", str(path)) from error


def _fold(folder: Path) -> None:
    """Turn the journal into Parquet.

    Killed anywhere, the next fold ends it: a journal that was set aside is folded again into
    files of the same names, and removed last. What a build appends to a journal at the very moment
    it is set aside may be lost: a line of what a ledger is for, not worth a wait of every build.
    """
    with suppress(FileNotFoundError):
        (folder / JOURNAL).rename(folder / f"journal-{uuid.uuid4().hex[:12]}.jsonl")
    for path in sorted(folder.glob("journal-*.jsonl")):
        part = path.stem.removeprefix("journal-")
        for name, rows in _rows(_lines(path)).items():
            table = pa.Table.from_pylist(rows, schema=SCHEMAS[name])
            _write(table, folder / f"{name}-{part}.parquet")
        path.unlink()
    for name, schema in SCHEMAS.items():
        parts = sorted(folder.glob(f"{name}-*.parquet"))
        if len(parts) > _MANY:
            whole = pa.concat_tables([_read(path, schema) for path in parts]).sort_by("at")
            _write(whole, parts[0])
            for path in parts[1:]:
                path.unlink()


def _write(table: pa.Table, path: Path) -> None:
    temporary = path.with_suffix(".new")
    pq.write_table(table, temporary, compression="zstd")
    temporary.replace(path)


def _lines(path: Path) -> Iterator[Row]:
    """Yield the entries of a journal; what was cut off is left out."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    for line in data.splitlines():
        with suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict):
                yield entry


def _rows(entries: Iterator[Row]) -> dict[str, list[Row]]:
    """Return the rows of each table that entries of the journal stand for."""
    found: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    for entry in entries:
        with suppress(KeyError, TypeError, ValueError, AttributeError):
            build, rules, steps = _null(entry) if "null" in entry else _build(entry)
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
