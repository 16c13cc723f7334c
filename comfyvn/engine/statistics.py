"""What the ledger tells: where time goes, what is reused, how a project grows."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.compute as pc

from comfyvn.engine.ledger_tables import read

Row = dict[str, Any]


class Statistics(NamedTuple):
    """What is known of the builds of a project.

    Attributes:
        builds: how many there were: `all`, those with nothing to do (`null`), those that ended with
            errors in the sources (`sources`) or a failed step (`failed`); `first` and `last`, in
            seconds since 1970; `seconds` in all.
        rules: of each rule its `steps` over all builds, how many of them `ran`, were `fetched`,
            or neither (`reused`), the `hits` (what was not run, of all), `seconds`, `bytes`;
            those that took longest first.
        slowest: the steps that took longest, each when it took longest: `step`, `seconds`, `bytes`,
            `runs`, `at`.
        growth: of each build that changed something: `at`, `seconds`, `steps`, `ran`, `sources`,
            `source_bytes`, `files` and `bytes` of its targets; oldest first.
        left_out: what of the ledger could not be read, in words.
    """

    builds: Row
    rules: list[Row]
    slowest: list[Row]
    growth: list[Row]
    left_out: tuple[str, ...] = ()


def statistics(state: Path, most: int = 10) -> Statistics:
    """Read the ledger below a project's `.comfyvn/`.

    Args:
        state: the folder.
        most: how many steps to name.

    Raises:
        OSError: the ledger's folder cannot be read.
    """
    ledger = read(state)
    ends = ledger.builds["end"].to_pylist()
    times = ledger.builds["at"].to_pylist()
    builds = {
        "all": len(ends),
        "null": ends.count("null"),
        "sources": ends.count("sources"),
        "failed": ends.count("failed"),
        "first": times[0] if times else None,
        "last": times[-1] if times else None,
        "seconds": round(pc.sum(ledger.builds["seconds"]).as_py() or 0.0, 3),
    }
    sums = [(name, "sum") for name in ("steps", "ran", "fetched", "failed", "seconds", "bytes")]
    rules = []
    for row in ledger.rules.group_by("rule").aggregate(sums).to_pylist():
        each = {name.removesuffix("_sum"): value for name, value in row.items()}
        each["reused"] = each["steps"] - each["ran"] - each["fetched"] - each["failed"]
        each["hits"] = round(1 - each["ran"] / each["steps"], 4) if each["steps"] else None
        each["seconds"] = round(each["seconds"], 6)
        rules.append(each)
    rules.sort(key=lambda each: (-each["seconds"], each["rule"]))
    return Statistics(
        builds,
        rules,
        _slowest(ledger.steps.to_pylist(), most),
        _growth(ledger.builds.to_pylist()),
        ledger.left_out,
    )


def _slowest(steps: list[Row], most: int) -> list[Row]:
    found: dict[str, Row] = {}
    runs: dict[str, int] = {}
    for row in steps:
        if row["how"] == "ran":
            name = row["step"]
            runs[name] = runs.get(name, 0) + 1
            if name not in found or row["seconds"] >= found[name]["seconds"]:
                found[name] = row
    longest = sorted(found.values(), key=lambda row: (-row["seconds"], row["step"]))[:most]
    return [
        {name: row[name] for name in ("step", "seconds", "bytes", "at")}
        | {"runs": runs[row["step"]]}
        for row in longest
    ]


def _growth(builds: list[Row]) -> list[Row]:
    return [
        {name: row[name] for name in ("at", "seconds", "steps", "ran", "sources", "source_bytes")}
        | {
            "targets": row["targets"],
            "files": sum(each["files"] for each in row["outputs"]),
            "bytes": sum(each["bytes"] for each in row["outputs"]),
        }
        for row in builds
        if row["end"] == "done" and (row["ran"] or row["fetched"])
    ]
