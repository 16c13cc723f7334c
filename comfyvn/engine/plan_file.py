"""A stage's plan as it was last run, kept to know what of it is new the next time."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from blake3 import blake3

from comfyvn.engine.objects import write_file
from comfyvn.engine.step import Plan, Rule, Step

_MAGIC = f"comfyvn plan 3 {sys.version_info[0]}.{sys.version_info[1]}\n".encode()


class Kept(NamedTuple):
    """A plan and what it was made from.

    Attributes:
        build: the id of the build that ran it.
        key: the digest of what planning looked at, but for artifacts.
        reads: the digest of each artifact that planning read.
        plan: the rules and steps.
        values: the digests of the artifacts that the caller gave.
        findings: of each step that had any, its diagnostics as JSON values; under "" those of
            planning itself.
        packed: the plan as the file has it; empty if it is in no file yet.
    """

    build: str
    key: str
    reads: Mapping[str, str]
    plan: Plan
    values: Mapping[str, str]
    findings: Mapping[str, tuple[Any, ...]]
    packed: bytes = b""


def save(path: Path, kept: Kept) -> None:
    """Write a plan.

    Raises:
        OSError: it cannot be written.
    """
    # Of ten thousand scenes, an edit of one changes no plan: it is not packed again.
    plan = kept.packed or marshal.dumps(
        (
            [tuple(rule) for rule in kept.plan.rules.values()],
            [tuple(step) for step in kept.plan.steps],
        )
    )
    facts = (kept.build, kept.key, dict(kept.reads), dict(kept.values), dict(kept.findings))
    body = marshal.dumps((facts, plan))
    write_file(path, _MAGIC + blake3(body).digest() + body, temporary=path.parent / "tmp")


def load(path: Path, notes: list[str] | None = None) -> Kept | None:
    """Return the plan that `save` wrote; None if there is none that can be read.

    Args:
        path: the file.
        notes: gets a sentence for the user if the file is damaged.
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None
    start = len(_MAGIC) + 32
    body = data[start:]
    if data[: len(_MAGIC)] != _MAGIC or blake3(body).digest() != data[len(_MAGIC) : start]:
        if notes is not None and (data[: len(_MAGIC)] == _MAGIC or data[:8] != _MAGIC[:8]):
            notes.append(f"`{path.name}` was damaged; every step was looked at")
        return None
    (build, key, reads, values, findings), packed = marshal.loads(body)
    rules, steps = marshal.loads(packed)
    plan = Plan({rule[0]: Rule(*rule) for rule in rules}, tuple(map(Step._make, steps)))
    return Kept(build, key, reads, plan, values, findings, packed)
