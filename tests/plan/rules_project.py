"""A project that has rules of its own."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from pathlib import Path

from comfyvn.engine.step import Plan
from comfyvn.plan.facts import Facts
from comfyvn.plan.planner import plan
from comfyvn.plan.rules import Rules, read_rules
from comfyvn.source.diagnostics import Diagnostic, Diagnostics

ACTION = "comfyvn.plan.asset_checks:check"


def write(root: Path, text: str, name: str = "own.yaml") -> None:
    """Set the project's own rules; `DO` stands for an action that there is."""
    (root / "rules").mkdir(exist_ok=True)
    made = textwrap.dedent(text).replace("DO", f'action: "{ACTION}"')
    (root / "rules" / name).write_text(made, encoding="utf-8")


def read(root: Path, text: str = "") -> tuple[Rules, list[Diagnostic]]:
    if text:
        write(root, text)
    out = Diagnostics()
    return read_rules(root, out), list(out)


def planned(
    root: Path,
    text: str,
    files: Iterable[str] = (),
    made: Iterable[str] = (),
    stage: str = "back",
    targets: tuple[str, ...] = (),
    kept: Iterable[str] = (),
) -> tuple[Plan, list[Diagnostic]]:
    """Plan the project's own rules alone."""
    rules, found = read(root, text)
    assert found == []
    own = {name: rule for name, rule in rules.declared.items() if not rule.shipped}
    out = Diagnostics()
    facts = Facts(root, sorted(files), targets, frozenset(made))
    return plan(own, stage, facts, out, kept), list(out)
