"""The examples on the pages of findings about rules are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from plan.rules_project import read

from comfyvn.engine.step import canonical
from comfyvn.plan.facts import Facts
from comfyvn.plan.planner import plan
from comfyvn.plan.trust import check_trust
from comfyvn.source.codes import PAGES
from comfyvn.source.diagnostics import Diagnostics

FENCE = re.compile(r"^```yaml rules (bad|good)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(path.stem, verdict, text, id=f"{path.stem}-{verdict}")
    for path in sorted(PAGES.glob("VN11*.md"))
    for verdict, text in FENCE.findall(path.read_text(encoding="utf-8"))
]
MADE = {
    "@found": canonical({"assets": {}, "answers": []}).encode(),
    "@web/groups": b"[]",
}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 20


@pytest.mark.parametrize(("code", "verdict", "text"), EXAMPLES)
def test_an_example_is_true(
    code: str, verdict: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    rules, found = read(tmp_path, text)
    out = Diagnostics(found)
    facts = Facts(tmp_path, ["scenes/one.md"], (), frozenset(MADE), MADE.__getitem__)
    own = {name: rule for name, rule in rules.declared.items() if not rule.shipped}
    if code != "VN1111":  # that one alone replaces a rule that others feed
        plan(own, "back", facts, out)
    check_trust(tmp_path, own, out)
    codes = {item.code for item in out}
    assert (code in codes) == (verdict == "bad"), codes
    if verdict == "good":
        assert codes <= {"VN1113"}
