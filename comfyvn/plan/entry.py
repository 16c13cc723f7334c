"""What the ledger says of one build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from comfyvn.engine.ran import Ran
from comfyvn.plan.stage import Stage

if TYPE_CHECKING:
    from comfyvn.plan.build import Build

_STEPS = 200
"""How many steps of a build are told of one by one: those that took longest."""
_NAMED = 8


def entry(build: Build, stages: Sequence[Stage], seconds: float) -> dict[str, Any]:
    """Return the entry of a build at its end, while its store is open.

    `rules` has of each rule how many steps there are, how many ran, were taken from the store, were
    fetched, failed and were skipped (the others held), the seconds they took and the bytes they
    wrote; `steps` those of the longest steps.
    """
    outcome = build.outcome
    end = "sources" if outcome.findings.has_errors else "done"
    rules: dict[str, list[Any]] = {}
    for stage in stages:
        for name, count in Counter(step.rule for step in stage.plan.steps).items():
            rules[name] = [count, 0, 0, 0, 0, 0, 0.0, 0]
    sizes = {}
    for each in outcome.ran:
        row = rules[each.step.rule]
        row[("ran", "reused", "fetched", "failed", "skipped").index(each.how) + 1] += 1
        if each.how in ("ran", "fetched"):
            size = sizes[each.step.name] = _size(build, each)
            row[6] += each.seconds
            row[7] += size
    for row in rules.values():
        row[6] = round(row[6], 6)
    told = sorted(
        (each for each in outcome.ran if each.how in ("ran", "fetched", "failed")),
        key=lambda each: -each.seconds,
    )
    return {
        "at": stages[0].run.at,
        "build": build.build_id,
        "targets": list(build.targets),
        "seconds": round(seconds, 3),
        "end": "failed" if outcome.failures else end,
        "sources": [len(build.sources.digests), _bytes(build.sources.found)],
        "outputs": {
            target: [sum(map(len, folders.values())), _bytes(folders)]
            for target in build.targets
            if (folders := build.left.get(target)) is not None
        },
        "rules": rules,
        "steps": [
            [
                each.step.name,
                each.how,
                each.reason.why,
                list(each.reason.names[:_NAMED]),
                each.seconds,
                sizes.get(each.step.name, 0),
            ]
            for each in told[:_STEPS]
        ],
    }


def _size(build: Build, each: Ran) -> int:
    made = build.store.made(each.step.name)
    return sum(size for _, _, size in made.result.outputs) if made is not None else 0


def _bytes(folders: dict[str, dict[str, tuple[int, int, int]]]) -> int:
    return sum(max(stamp[1], 0) for files in folders.values() for stamp in files.values())
