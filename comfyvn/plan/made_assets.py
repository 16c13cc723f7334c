"""Pictures and sounds that a project's own rules make: what they write below `build/assets/`."""

from __future__ import annotations

from collections.abc import Mapping

from comfyvn.engine.pattern import is_pattern
from comfyvn.plan.collections import COLLECTIONS, files
from comfyvn.plan.expansion import expand_rule
from comfyvn.plan.facts import Facts
from comfyvn.plan.library import MADE
from comfyvn.plan.rules import Declared


def made_assets(rules: Mapping[str, Declared], facts: Facts) -> list[str]:
    """Return their paths, sorted: those that are known before anything runs.

    That leaves out outputs whose names an action decides, and rules over what the story asks for.
    """
    found: set[str] = set()
    for rule in rules.values():
        outputs = tuple(
            text for text in rule.outputs if text.startswith(MADE) and not is_pattern(text)
        )
        if not outputs or rule.target not in ("", *facts.targets):
            continue
        if rule.files:
            items = files(facts, rule.files)
        elif not rule.over:
            items = [{}]
        elif not COLLECTIONS[rule.over].reads:
            items = [*COLLECTIONS[rule.over].items(facts)]
        else:
            continue
        for column in expand_rule(rule._replace(outputs=outputs), items).outputs:
            found.update(column)
    return sorted(found)
