"""Patterns that may stand for one name are found among thousands without comparing all."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from comfyvn.engine.pattern import overlap
from comfyvn.plan.clashes import _Output, _pairs

NAMES = st.text(alphabet="ab/*", min_size=1, max_size=7).filter(lambda name: "*" in name)


@given(st.lists(NAMES, max_size=8))
def test_no_pair_is_missed(names: list[str]) -> None:
    outputs = [_Output(name, "rule", number, 0) for number, name in enumerate(names)]
    found = [frozenset((one.step, other.step)) for one, other in _pairs(outputs)]
    wanted = [
        frozenset((one.step, other.step))
        for one, other in combinations(outputs, 2)
        if overlap(one.name, other.name)
    ]
    assert sorted(map(sorted, found)) == sorted(map(sorted, wanted))
