"""Targets that go without something: nothing of it is ever shown, and what is lost is said."""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from comfyvn.advisory.content import explored_faults, faults_of, way_of
from comfyvn.plan.requests import AssetRequest, asset_requests
from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.node import NodeRuntime
from comfyvn.play.runtime import Record, Run
from comfyvn.story.canonical import packed
from comfyvn.story.content import RATINGS, Cut, above, cut_of, fit_program, gone_ids, ids_of
from tests.generate.build import make

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
STORIES = max(int(200 * SCALE), 4)
WALKS = 12

Program = dict[str, Any]


def operations(body: Any, around: tuple[str | None, ...]) -> Iterator[tuple[Any, Any]]:
    """Yield what may be rated, with the ratings of all that it stands in."""
    for op in body:
        if op["op"] in ("say", "input", "menu"):
            yield op, around
        for part in (*op.get("choices", ()), *op.get("items", ())):
            yield part, around
            yield from operations(part["body"], (*around, part.get("rating")))
        for branch in op.get("branches", ()):
            yield from operations(branch["body"], around)
        if op["op"] == "page":
            yield from operations(op["body"], around)


def rate(program: Program, rng: random.Random) -> tuple[dict[str, str], dict[str, str]]:
    """Rate things of a story at random; return ratings from elsewhere, and variants of assets."""
    names = sorted(program["scenes"])
    ratings, variants = {}, {}
    for name in names:
        scene = program["scenes"][name]
        if rng.random() < 0.25:
            scene["rating"] = rng.choice(RATINGS)
            if rng.random() < 0.4:
                scene["sfw_variant"] = rng.choice([*names, "nowhere"])
        for section in scene["sections"]:
            if section["label"] and rng.random() < 0.15:
                ratings[f"{name}#{section['label']}"] = rng.choice(RATINGS)
            for op, _ in list(operations(section["body"], ())):
                if op.get("op") != "menu" and rng.random() < 0.25:
                    op["rating"] = rng.choice(RATINGS)
    assets = [each for each in asset_requests(program) if each.kind not in ("background", "sprite")]
    for each in assets:
        if rng.random() < 0.5:
            ratings[f"{each.kind} {each.name}"] = rng.choice(RATINGS)
            if rng.random() < 0.5:
                other = rng.choice([one for one in assets if one.kind == each.kind])
                variants[f"{each.kind} {each.name}"] = other.name
    return ratings, variants


def ratings_by_id(program: Program, ratings: Mapping[str, str]) -> dict[str, list[str | None]]:
    """Return the ratings that hold for each text: its own and of all that it stands in."""
    found: dict[str, list[str | None]] = {}
    for name, scene in program["scenes"].items():
        for section in scene["sections"]:
            place = ratings.get(f"{name}#{section['label']}") if section["label"] else None
            for op, around in operations(section["body"], (scene.get("rating"), place)):
                found[op["id"]] = [*around, op.get("rating")]
    return found


def shown_in(records: list[Record]) -> Iterator[tuple[str, str]]:
    """Yield the ids and the assets that a transcript shows."""
    for record in records:
        match record["t"]:
            case "line" | "more" | "input":
                yield "id", record["id"]
            case "menu":
                yield from (("id", choice["id"]) for choice in record["choices"])
            case "choice":
                yield "id", record["id"]
            case "stage" if record["do"] == "picture":
                yield "asset", f"picture {record['asset']}"
            case "stage" if record["do"] == "play":
                yield "asset", f"{record['channel']} {record['name']}"
            case "stage" if record["do"] == "voice":
                yield "asset", f"voice {record['name']}"
            case "stage" if record["do"] == "show" and record["kind"] != "sprite":
                yield "asset", f"{record['kind']} {record['what']}"


def test_nothing_above_the_mode_is_ever_shown(tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    rng = random.Random(seed)
    looked = left_out = 0
    for number in range(STORIES):
        whole: Program = copy.deepcopy(
            dict(make(rng.randrange(10_000), tmp_path / str(number)).program)
        )
        ratings, variants = rate(whole, rng)
        most = rng.choice(RATINGS[:3])
        cut = cut_of(whole["scenes"], most, ratings, variants)
        fitted = fit_program(whole, cut)
        assert fit_program(fitted, cut)["scenes"] == fitted["scenes"]
        by_id = ratings_by_id(whole, ratings)
        runs = [
            Run(rng.randrange(1 << 30), tuple(rng.randrange(6) for _ in range(25)))
            for _ in range(WALKS)
        ]
        for records in InterpreterRuntime(fitted).play(runs):
            for kind, name in shown_in(records):
                looked += 1
                if kind == "id":
                    assert not any(above(each, most) for each in by_id[name]), (name, most)
                else:
                    assert not above(ratings.get(name), most), (name, most)
        for name, scene in whole["scenes"].items():
            gone = gone_ids(scene, fitted["scenes"][name])
            left_out += len(gone)
            for words in fitted.get("translations", {}).values():
                assert not gone & words.keys()
    assert looked > 100 * STORIES / 4
    assert left_out > STORIES


def test_both_runtimes_play_what_is_left(tmp_path: Path) -> None:
    rng = random.Random(7)
    for number in range(3):
        whole = copy.deepcopy(dict(make(number, tmp_path / str(number)).program))
        ratings, variants = rate(whole, rng)
        fitted = fit_program(whole, cut_of(whole["scenes"], "teen", ratings, variants))
        runs = [Run(n, tuple(rng.randrange(6) for _ in range(20))) for n in range(6)]
        assert InterpreterRuntime(fitted).play(runs) == NodeRuntime(fitted).play(runs)


def test_what_fits_is_as_it_was(tmp_path: Path) -> None:
    program = make(11, tmp_path).program
    cut = cut_of(program["scenes"], "adult", {}, {})
    assert packed(fit_program(program, cut)) == packed(program)


def say(id: str, rating: str | None = None) -> dict[str, Any]:
    op = {"op": "say", "id": id, "who": [], "text": ["."]}
    return op | ({"rating": rating} if rating else {})


def scene(name: str, *body: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": f"s{name}",
        "sections": [{"id": f"s{name}", "label": "", "title": "", "body": list(body)}],
        **more,
    }


def story(**scenes: Any) -> Program:
    told = {"start": next(iter(scenes)), "language": "en", "languages": ["en"]}
    return told | {"variables": {}, "scenes": scenes}


END = {"op": "ending", "id": "e1", "name": "home", "title": "Home"}
OTHER = {"op": "ending", "id": "e2", "name": "away", "title": "Away"}


def faults(program: Program, most: str = "teen") -> list[tuple[str, str]]:
    cut = cut_of(program["scenes"], most, {}, {})
    return [(each.code, each.scene) for each in faults_of(program, cut)]


def test_an_ending_that_only_what_is_left_out_leads_to_is_lost() -> None:
    menu = {
        "op": "menu",
        "id": "m1",
        "choices": [
            {"id": "c1", "text": ["Stay."], "rating": "mature", "body": [END]},
            {"id": "c2", "text": ["Go."], "body": [OTHER]},
        ],
    }
    assert faults(story(one=scene("one", menu))) == [("VN1907", "one")]
    assert faults(story(one=scene("one", menu)), "mature") == []


def test_a_scene_that_is_passed_over_leads_where_it_led() -> None:
    on = {"op": "jump", "to": "two#"}
    mark = {"op": "set", "var": "seen", "how": "=", "value": ["bool", True]}
    told = story(
        one=scene(
            "one", say("b1"), mark, {"op": "if", "branches": [{"body": [on]}]}, rating="adult"
        ),
        two=scene("two", END),
    )
    assert faults(told) == []
    fitted = fit_program(told, cut_of(told["scenes"], "teen", {}, {}))
    assert [op["op"] for op in fitted["scenes"]["one"]["sections"][0]["body"]] == ["set", "if"]
    assert list(ids_of(fitted["scenes"]["one"])) == []


def test_a_scene_whose_only_way_on_is_a_menu_needs_a_variant() -> None:
    menu = {
        "op": "menu",
        "id": "m1",
        "choices": [{"id": "c1", "text": ["On."], "body": [{"op": "jump", "to": "two#"}]}],
    }
    told = story(one=scene("one", menu, rating="mature"), two=scene("two", END))
    assert faults(told) == [("VN1907", "two"), ("VN1907", "one")]
    told["scenes"]["mild"] = scene("mild", say("b2"), {"op": "jump", "to": "two#"})
    told["scenes"]["one"]["sfw_variant"] = "mild"
    assert faults(told) == []
    told["scenes"]["mild"]["rating"] = "adult"
    assert ("VN1905", "one") in faults(told)
    told["scenes"]["mild"]["rating"], told["scenes"]["one"]["sfw_variant"] = "teen", "midl"
    (fault,) = (
        each
        for each in faults_of(told, cut_of(told["scenes"], "teen", {}, {}))
        if each.code == "VN1905"
    )
    assert fault.help == "did you mean `mild`?"


def test_an_ending_whose_condition_can_no_more_hold_is_lost() -> None:
    brave = {"op": "set", "var": "brave", "how": "=", "value": ["bool", True]}
    menu = {
        "op": "menu",
        "id": "m1",
        "choices": [
            {"id": "c1", "text": ["Hit him."], "rating": "mature", "body": [brave]},
            {"id": "c2", "text": ["Wait."], "body": []},
        ],
    }
    fork = {"op": "if", "branches": [{"if": ["var", "brave"], "body": [END]}, {"body": [OTHER]}]}
    told = story(one=scene("one", menu, fork))
    told["variables"] = {"brave": {"type": "bool", "default": False, "scope": "run"}}
    cut = cut_of(told["scenes"], "teen", {}, {})
    assert list(faults_of(told, cut)) == []
    (fault,) = explored_faults(told, cut, ())
    assert (fault.code, fault.scene, fault.id) == ("VN1907", "one", "e1")
    assert list(explored_faults(told, cut_of(told["scenes"], "mature", {}, {}), ())) == []


def test_a_call_comes_back_from_what_is_passed_over() -> None:
    told = story(
        one=scene("one", {"op": "call", "id": "k1", "to": "two#"}, END),
        two=scene("two", say("b1"), rating="adult"),
    )
    assert faults(told) == []
    assert way_of(told).places == {"one#": True, "two#": False}


def test_an_asset_is_swapped_wherever_it_is_named() -> None:
    show = {"op": "show", "what": "knife", "kind": "prop"}
    text = ["She ", {"fx": [{"op": "play", "channel": "sfx", "name": "scream"}]}, "turns."]
    told = story(
        one=scene(
            "one",
            show,
            {"op": "say", "id": "b1", "who": [], "text": text},
            {"op": "hide", "what": "knife"},
            {"op": "picture", "id": "g1", "asset": "wound", "alt": "A wound"},
            END,
        )
    )
    cut = Cut(
        "teen",
        {"prop knife": "mature", "sfx scream": "mature", "picture wound": "adult"},
        {"prop knife": "spoon"},
        {},
    )
    body = fit_program(told, cut)["scenes"]["one"]["sections"][0]["body"]
    assert [op["op"] for op in body] == ["show", "say", "hide", "ending"]
    assert body[0]["what"] == body[2]["what"] == "spoon"
    assert body[1]["text"] == ["She ", "turns."]
    assert AssetRequest("prop", "spoon") in asset_requests(fit_program(told, cut))
