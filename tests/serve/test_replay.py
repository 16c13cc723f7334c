"""The route played again: by the modules of the bridge, in Node.js."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfyvn.serve.patch import changes
from tests.generate.build import make, remake
from tests.generate.edits import edit
from tests.generate.stories import generate
from tests.serve.conftest import Bridge

pytestmark = pytest.mark.node

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
STORIES = max(3, int(200 * SCALE))

values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=max(50, int(2000 * SCALE)))
@given(old=values, new=values)
def test_a_patch_turns_one_value_into_the_other(bridge: Bridge, old: Any, new: Any) -> None:
    made = bridge.ask("patched", old=old, patch=changes(old, new))
    # The order of keys too.
    assert json.dumps(made) == json.dumps(new)


def test_a_patch_holds_only_what_changed() -> None:
    old = {"scenes": {"a": 0, "b": 1}, "fragments": [{"file": "x"}, {"file": "y"}]}
    new = {"scenes": {"a": 0, "b": 1}, "fragments": [{"file": "x"}, {"file": "z"}]}
    assert changes(old, new) == [(["fragments", 1, "file"], "z")]
    assert changes(old, old) == []


def test_routes_through_stories_that_did_not_change(bridge: Bridge, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    for number in range(STORIES):
        program = make(rng.randrange(10**6), tmp_path / str(number)).program
        asked = _request(rng)
        found = bridge.ask("replay", program=program, next=program, **asked)
        assert found["after"] == found["before"]
        assert found["blocked"] is None
        assert not found["deleted"]


def test_routes_through_stories_that_were_edited(bridge: Bridge, tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(2**32)
    print("seed", seed)
    rng = random.Random(seed)
    arrived = 0
    for number in range(STORIES):
        folder, story = tmp_path / str(number), rng.randrange(10**6)
        program = make(story, folder).program
        edited = remake(edit(rng, generate(story)), folder).program
        found = bridge.ask("replay", program=program, next=edited, **_request(rng))
        if found["blocked"]:
            # As far as the route goes: a place of it, or a question that it does not answer.
            assert found["is"] in found["route"] or found["blocked"]["kind"] == "asks"
        elif not found["deleted"]:
            assert found["is"] == found["was"]
        arrived += not found["blocked"]
    # Words are edited here, so nearly all routes go all the way.
    assert arrived >= STORIES * 0.8


def _request(rng: random.Random) -> dict[str, Any]:
    return {
        "seed": rng.randrange(2**53),
        "answers": [rng.randrange(60) for _ in range(60)],
        "steps": rng.randrange(80),
    }
