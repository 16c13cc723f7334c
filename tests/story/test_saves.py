"""Where a save lands in a story that was rebuilt: the table of `docs/program.md`."""

from __future__ import annotations

from typing import Any

import pytest

from comfyvn.play.node import NodeRuntime
from comfyvn.story.canonical import canonical, write_transcript
from comfyvn.story.interpreter import Step, Story, nothing
from comfyvn.story.save import Save, SaveError, load, restore, save
from tests.conformance.cases import program_of

WHEN = "2030-01-02T03:04:05Z"
Program = dict[str, Any]


def say(id: str, text: str | None = None, **more: Any) -> dict[str, Any]:
    return {"op": "say", "id": id, "who": [], "text": [text or id], **more}


def scene(id: str, *sections: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": id, "enter": [], "sections": list(sections), **more}


def section(id: str, label: str, *body: dict[str, Any]) -> dict[str, Any]:
    return {"id": id, "label": label, "title": label, "body": list(body)}


def story_of(*body: dict[str, Any], **parts: Any) -> Program:
    """Return a story whose first scene calls one that says `body`."""
    call = {"op": "call", "id": "kfirst00", "to": "room#"}
    scenes = {
        "start": scene("sstart00", section("sstart00", "", say("bfirst00"), call, say("blast000"))),
        "room": scene(
            "sroom000",
            section("sroom000", "", *body),
            section("lother00", "other", say("bother00")),
        ),
    }
    return program_of({"scenes": scenes, **parts})


BODY = (say("bone0000"), say("btwo0000"), say("bthree00"))


@pytest.fixture(scope="module")
def node():
    with NodeRuntime({}) as runtime:
        yield runtime


def saved_at(program: Program, id: str, *answers: str) -> Save:
    """Return a save made on the way at `id`."""
    story = Story(program)
    given = iter(answers)
    step = story.start(1, nothing())
    while step.state["waiting"] != id:
        asked = step.state["menu"] or step.state["input"]
        step = story.advance(step.state, next(given) if asked else None, nothing())
    return save(story, step.state, WHEN)


def landing(saved: Save, program: Program, node: NodeRuntime) -> Step:
    """Load a save; the JavaScript runtime must do the same."""
    step = load(Story(program), saved, nothing())
    node.program = program
    state, events = canonical(step.state), write_transcript(step.events)
    assert node.ask("load", saves=[saved]) == [{"state": state, "events": events}]
    return step


def lines(step: Step) -> list[str]:
    return [record["id"] for record in step.events if record["t"] == "line"]


pytestmark = pytest.mark.node


def test_a_line_that_was_moved_is_landed_on_where_it_is(node: NodeRuntime) -> None:
    new = story_of(say("bone0000"))
    new["scenes"]["attic"] = scene("sattic00", section("sattic00", "", BODY[2], BODY[1]))
    step = landing(saved_at(story_of(*BODY), "btwo0000"), new, node)
    assert (step.state["scene"], step.state["waiting"], step.events) == ("attic", "btwo0000", [])
    assert step.state["stack"] == [{"scene": "start", "call": "kfirst00"}]


def test_a_deleted_line_lands_on_the_next_one(node: NodeRuntime) -> None:
    new = story_of(BODY[0], BODY[2], gone={"btwo0000": "bthree00"})
    step = landing(saved_at(story_of(*BODY), "btwo0000"), new, node)
    assert (step.state["waiting"], lines(step)) == ("bthree00", ["bthree00"])


def test_landings_are_followed_until_one_lives(node: NodeRuntime) -> None:
    gone = {"bone0000": "btwo0000", "btwo0000": "bthree00"}
    step = landing(saved_at(story_of(*BODY), "bone0000"), story_of(BODY[2], gone=gone), node)
    assert step.state["waiting"] == "bthree00"


def test_at_the_end_of_its_section_flow_goes_on_behind_it(node: NodeRuntime) -> None:
    new = story_of(*BODY[:2], gone={"bthree00": "sroom000"})
    step = landing(saved_at(story_of(*BODY), "bthree00"), new, node)
    assert (step.state["waiting"], lines(step)) == ("bother00", ["bother00"])
    assert step.state["counts"]["lother00"] == 1


def test_at_the_end_of_a_scene_the_call_returns(node: NodeRuntime) -> None:
    new = story_of(*BODY, gone={"bother00": "lother00"})
    new["scenes"]["room"]["sections"][1]["body"] = []
    step = landing(saved_at(story_of(*BODY), "bother00"), new, node)
    assert (step.state["waiting"], step.state["stack"]) == ("blast000", [])


def test_with_nothing_left_the_story_starts_with_its_variables(node: NodeRuntime) -> None:
    variables = {"n": {"type": "int", "default": 0, "scope": "run"}}
    grow = {"op": "set", "var": "n", "how": "+=", "value": ["int", 7]}
    saved = saved_at(story_of(grow, *BODY, variables=variables), "btwo0000")
    new = story_of(variables=variables)
    del new["scenes"]["room"]
    new["scenes"]["start"]["sections"][0]["body"] = [say("bnew0000")]
    step = landing(saved, new, node)
    assert (step.state["waiting"], step.state["vars"]) == ("bnew0000", {"n": 7})
    assert step.state["stack"] == []


def test_the_frame_of_a_deleted_call_is_dropped(node: NodeRuntime) -> None:
    saved = saved_at(story_of(*BODY), "bone0000")
    new = story_of(*BODY)
    first = new["scenes"]["start"]["sections"][0]["body"]
    first[1] = {**first[1], "id": "kother00"}
    assert landing(saved, new, node).state["stack"] == []


def test_variables_are_those_of_the_new_story(node: NodeRuntime) -> None:
    def with_variables(**kinds: dict[str, Any]) -> Program:
        return story_of(*BODY, variables={k: {"scope": "run", **v} for k, v in kinds.items()})

    old = with_variables(
        gone={"type": "int", "default": 1},
        kind={"type": "int", "default": 1},
        wide={"type": "int", "default": 90},
        half={"type": "number", "default": 0.5},
        bag={"type": "set", "default": ["a", "b"], "values": ["a", "b"]},
        mood={"type": "enum", "default": "sad", "values": ["sad", "glad"]},
        flag={"type": "bool", "default": True},
    )
    new = with_variables(
        fresh={"type": "text", "default": "new"},
        kind={"type": "text", "default": "text"},
        wide={"type": "int", "default": 5, "high": 10},
        half={"type": "int", "default": 3},
        bag={"type": "set", "default": [], "values": ["c", "b"]},
        mood={"type": "enum", "default": "glad", "values": ["glad", "mad"]},
        flag={"type": "int", "default": 4},
    )
    assert landing(saved_at(old, "bone0000"), new, node).state["vars"] == {
        "fresh": "new",
        "kind": "text",
        "wide": 10,
        "half": 3,
        "bag": ["b"],
        "mood": "glad",
        "flag": 4,
    }


def menu(*choices: dict[str, Any]) -> dict[str, Any]:
    return {"op": "menu", "id": "mmenu000", "choices": list(choices)}


def choice(id: str, *body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": id, "text": [id], "body": list(body), **more}


SPOKEN = choice("cspoken0", say("cspoken0_s"), say("bafter00"))


def test_a_menu_keeps_the_choices_that_are_left(node: NodeRuntime) -> None:
    saved = saved_at(story_of(menu(choice("cone0000"), SPOKEN)), "mmenu000")
    step = landing(saved, story_of(menu(choice("cnew0000"), SPOKEN)), node)
    assert [offer["id"] for offer in step.state["menu"]["choices"]] == ["cspoken0"]


def test_a_menu_without_any_left_is_passed(node: NodeRuntime) -> None:
    saved = saved_at(story_of(menu(choice("cone0000")), *BODY), "mmenu000")
    step = landing(saved, story_of(menu(choice("cnew0000")), *BODY), node)
    assert step.state["waiting"] == "bone0000"


def test_a_choice_that_says_nothing_any_more_goes_on_with_its_body(node: NodeRuntime) -> None:
    saved = saved_at(story_of(menu(SPOKEN), *BODY), "cspoken0_s", "cspoken0")
    silent = {**SPOKEN, "body": SPOKEN["body"][1:]}
    assert landing(saved, story_of(menu(silent), *BODY), node).state["waiting"] == "bafter00"


def test_a_deleted_choice_lands_behind_its_menu(node: NodeRuntime) -> None:
    saved = saved_at(story_of(menu(SPOKEN, choice("cone0000")), *BODY), "bafter00", "cspoken0")
    new = story_of(menu(choice("cone0000")), *BODY, gone={"bafter00": "cone0000"})
    assert landing(saved, new, node).state["waiting"] == "bone0000"


def test_edited_slots_are_evaluated_anew(node: NodeRuntime) -> None:
    text = ["You have ", {"v": 0}, "."]
    old = story_of(say("bslots00", slots=[["int", 3]]) | {"text": text})
    new = story_of(say("bslots00", slots=[["int", 4]]) | {"text": text})
    saved = saved_at(old, "bslots00")
    assert landing(saved, old, node).state["line"]["values"] == [3]
    assert landing(saved, new, node).state["line"]["values"] == [4]


@pytest.mark.parametrize(
    "damage",
    [
        lambda saved: None,
        lambda saved: [],
        lambda saved: {**saved, "format": 2},
        lambda saved: {**saved, "game": "another"},
        lambda saved: {**saved, "state": None},
        lambda saved: {**saved, "at": {}},
        lambda saved: {**saved, "state": {**saved["state"], "stack": 3}},
        lambda saved: {**saved, "state": {**saved["state"], "stage": None}},
    ],
)
def test_a_damaged_save_is_refused(damage: Any) -> None:
    program = story_of(*BODY)
    with pytest.raises(SaveError):
        load(Story(program), damage(saved_at(program, "bone0000")), nothing())


def test_persistent_state_is_restored_as_far_as_it_can_be_read() -> None:
    variables = {
        "best": {"type": "int", "default": 0, "high": 9, "scope": "persistent"},
        "run": {"type": "int", "default": 0, "scope": "run"},
    }
    story = Story(story_of(*BODY, variables=variables))
    stored = {"vars": {"best": 12, "run": 1}, "counts": {"a": 2, "b": "x"}, "endings": ["e", 1]}
    assert restore(story, stored) == {
        "vars": {"best": 9},
        "counts": {"a": 2},
        "endings": ["e"],
        "unlocks": [],
    }
    assert restore(story, "nonsense") == nothing()
