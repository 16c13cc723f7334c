"""Which rules are planned at all: only what is wanted is made."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from comfyvn.engine.pattern import overlap
from comfyvn.plan.collections import COLLECTIONS
from comfyvn.plan.rules import Declared
from comfyvn.plan.template import loose
from comfyvn.source.diagnostics import Diagnostics


def wanted_rules(
    rules: Mapping[str, Declared],
    targets: Collection[str],
    kept: Collection[str],
    stage: str,
    out: Diagnostics,
    *,
    check: bool = False,
) -> set[str]:
    """Return the names of the rules whose outputs are wanted, for some targets or for a check.

    For targets that is what stands below `build/`, what `kept` names, and what a wanted rule reads.
    A rule that writes nothing is run for its findings: by a build, unless it is advice; by a check,
    unless it is of the back, of which a check runs only what makes what `kept` names. A rule of
    `stage` that no target would want gets a warning.
    """
    feeds = {name: _feeds(rule, rules) for name, rule in rules.items()}
    ends = [name for name, rule in rules.items() if _is_end(rule, kept)]
    if check:
        asked = [
            name for name in ends if rules[name].stage != "back" or _is_kept(rules[name], kept)
        ]
        return _behind(asked, feeds)
    for name in sorted(rules.keys() - _behind(ends, feeds)):
        if rules[name].stage == stage:
            out.warning(
                "VN1108",
                f"nothing needs what the rule `{name}` makes, so it is not run",
                rules[name].span,
                help="let another rule read it, write a file below `build/`, or delete the rule",
            )
    wanted = [
        name
        for name in ends
        if rules[name].target in ("", *targets)
        and rules[name].stage not in ("advice", "exploration")
    ]
    return _behind(wanted, feeds)


def _is_end(rule: Declared, kept: Collection[str]) -> bool:
    built = any(text.startswith("build/") for text in rule.outputs)
    return not rule.outputs or built or _is_kept(rule, kept)


def _is_kept(rule: Declared, kept: Collection[str]) -> bool:
    return any(overlap(loose(text), name) for text in rule.outputs for name in kept)


def _feeds(rule: Declared, rules: Mapping[str, Declared]) -> list[str]:
    """Return the rules that may make what a rule reads."""
    needs = [loose(text) for text in (*rule.inputs, *rule.rule.reads)]
    if rule.over and not rule.files:
        needs += COLLECTIONS[rule.over].reads
    named = [name for name in needs if name.startswith(("@", "build/"))]
    # A `{path}` may be anything that is built, but not what is built for another target.
    needs = named + [name for name in needs if "*" in name and name not in named]
    return [
        name
        for name, other in rules.items()
        if other is not rule
        and any(
            text.startswith("@") == need.startswith("@") and overlap(loose(text), need)
            for text in other.outputs
            for need in (needs if other.target in ("", rule.target) else named)
        )
    ]


def _behind(ends: list[str], feeds: Mapping[str, list[str]]) -> set[str]:
    found = set(ends)
    waiting = list(ends)
    while waiting:
        for name in feeds[waiting.pop()]:
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found
