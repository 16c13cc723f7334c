"""Prompts: what they say, in which order, and where every word comes from."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from builds.example import EXAMPLE
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from comfyvn.model.globals import globals_of
from comfyvn.model.load import load_project
from comfyvn.plan.prompt import SHIPPED, STORY, Piece, compose, people_in
from comfyvn.plan.render_brief import SEEDS, brief_of, seed_of
from comfyvn.plan.requests import (
    SOUNDS,
    AssetRequest,
    asset_requests,
    gallery,
    skeletons,
)
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.lock import read_lock
from comfyvn.story.compile import compile_project

GOLDEN = Path(__file__).parent / "golden/prompts.txt"

SAID: dict[str, Any] = {
    "project": {"world": "coast", "theme": "ferry"},
    "characters": {
        "kit": {
            "name": "Kit",
            "aliases": ["Kit Marlow"],
            "look": {
                "base": "woman of 23, red hair",
                "outfits": {"oilskins": "yellow oilskins", "plain": "a plain dress"},
                "poses": {"braced": "feet apart"},
                "expressions": {"plain": "waiting", "grin": "a grin"},
                "loras": [{"name": "kit.safetensors", "weight": 0.8}, {"name": "line"}],
                "seed": 710,
            },
        },
        "odile": {"name": "Mrs Harker", "aliases": ["Odile Harker"], "pronouns": "she"},
    },
    "worlds": {
        "coast": {
            "tone": "Dry and damp. People mean the other one.",
            "times": ["dusk", "storm"],
            "weathers": ["storm"],
            "locations": {
                "pier/quay": {"look": "granite quay", "times": {"dusk": "deck lights"}},
                "shed": {"alt": "A shed.", "kind": "interior"},
            },
        },
        "moon": {"tone": "Silent", "locations": {"sea": {"name": "A sea"}}},
    },
    "themes": {"ferry": {"prompt_style": "soft gouache", "grading": "cold blues"}},
    "props": {"lantern": {"alt": "A lantern.", "look": "brass lantern"}},
}


def sprite(*traits: str, who: str = "kit") -> AssetRequest:
    return AssetRequest("sprite", who, traits)


def origins(request: AssetRequest, said: dict[str, Any] = SAID, alt: str = "") -> dict[str, str]:
    return {piece.origin: piece.words for piece in compose(said, request, alt).positive}


@cache
def example() -> tuple[dict[str, Any], dict[str, str], list[AssetRequest]]:
    out = Diagnostics()
    loaded = load_project(EXAMPLE, out)
    assert loaded is not None
    compiled = compile_project(loaded, read_lock(EXAMPLE, out), out)
    assert compiled is not None
    requests = [each for each in asset_requests(compiled.program) if each.kind not in SOUNDS]
    return globals_of(loaded), dict(gallery(skeletons(compiled.program))), requests


def test_the_prompts_of_the_example_are_as_they_were_read_and_approved() -> None:
    said, alts, requests = example()
    lines = []
    for request in requests:
        prompt = compose(said, request, alts.get(request.subject, ""))
        lines += [f"{request.kind} {request.name}", f"+ {prompt.text}", f"- {prompt.negative_text}"]
    assert "\n".join(lines) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_every_origin_in_the_example_leads_to_words_that_hold_what_the_prompt_says() -> None:
    said, alts, requests = example()
    yaml, looked = YAML(typ="safe"), 0
    for request in requests:
        for piece in compose(said, request, alts.get(request.subject, "")).positive:
            if piece.origin.startswith((SHIPPED, STORY)):
                continue
            path, keys = piece.origin.split(" ")
            value = yaml.load((EXAMPLE / path).read_text(encoding="utf-8"))
            for key in keys.split("."):
                value = value[key]
            there = " ".join(str(value).split())
            assert all(phrase in there for phrase in piece.words.split(", ")), piece
            looked += 1
    assert looked > 100


def test_a_sprite_goes_from_the_person_to_the_style() -> None:
    request = sprite("grin", "braced", "oilskins")
    assert list(origins(request)) == [
        "characters/kit.yaml look.base",
        "characters/kit.yaml look.outfits.oilskins",
        "characters/kit.yaml look.poses.braced",
        "characters/kit.yaml look.expressions.grin",
        "comfyvn: framing of a sprite",
        "themes/ferry.yaml prompt_style",
        "worlds/coast.yaml tone",
    ]
    assert origins(request)["worlds/coast.yaml tone"] == "Dry and damp"


def test_expressions_differ_in_nothing_but_the_expression() -> None:
    one = compose(SAID, sprite("grin", "braced", "oilskins"))
    other = compose(SAID, sprite("plain", "braced", "oilskins"))
    differing = [a.origin for a, b in zip(one.positive, other.positive, strict=True) if a != b]
    assert differing == ["characters/kit.yaml look.expressions.grin"]
    assert one.negative == other.negative


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        (("plain", "braced", "plain"), ["outfits.plain", "poses.braced", "expressions.plain"]),
        (("grin",), ["expressions.grin"]),
        (("braced",), ["poses.braced"]),
        (("braced", "oilskins"), ["outfits.oilskins", "poses.braced"]),
    ],
)
def test_a_trait_belongs_to_the_kind_that_knows_it(
    traits: tuple[str, ...], expected: list[str]
) -> None:
    named = [
        origin.partition("look.")[2]
        for origin in origins(sprite(*traits))
        if "look." in origin and "base" not in origin
    ]
    assert named == expected


def test_a_place_has_its_light_and_its_weather() -> None:
    found = origins(AssetRequest("background", "pier/quay", ("dusk", "storm")))
    assert list(found) == [
        "worlds/coast.yaml locations.pier/quay.look",
        "comfyvn: framing of a background",
        "worlds/coast.yaml locations.pier/quay.times.dusk",
        "the story: weather",
        "themes/ferry.yaml prompt_style",
        "themes/ferry.yaml grading",
        "worlds/coast.yaml tone",
    ]
    assert found["the story: weather"] == "storm"


def test_a_place_without_a_look_is_what_else_is_said_of_it() -> None:
    found = origins(AssetRequest("background", "shed"))
    assert found["worlds/coast.yaml locations.shed.alt"] == "A shed"
    assert found["worlds/coast.yaml locations.shed.kind"] == "interior"
    nowhere = compose(SAID, AssetRequest("background", "old_town/back_gate")).positive[0]
    assert nowhere == Piece("back gate", "the story")


def test_a_picture_shows_whom_its_alt_text_names() -> None:
    alt = "Odile waits. Behind her, Kit Marlow; a kitten."
    assert people_in(SAID, alt) == ["odile", "kit"]
    found = origins(AssetRequest("picture", "wall"), alt=alt)
    assert list(found)[:4] == [
        "the story: alt text of `wall`",
        "characters/odile.yaml pronouns",
        "characters/kit.yaml look.base",
        "characters/kit.yaml look.outfits.oilskins",
    ]
    assert people_in(SAID, "A kitten, and a Kitchen.") == []


def test_what_is_cut_out_has_no_grading() -> None:
    for request in (sprite("grin"), AssetRequest("prop", "lantern")):
        assert "themes/ferry.yaml grading" not in origins(request)


def test_the_project_frames_its_pictures_itself() -> None:
    pictures = {"framing": {"sprite": "bust", "prop": ""}, "negative": "hats, text"}
    said = SAID | {"project": SAID["project"] | {"pictures": pictures}}
    assert origins(sprite("grin"), said)["vn.yaml pictures.framing.sprite"] == "bust"
    prop = compose(said, AssetRequest("prop", "lantern"))
    assert not any("framing" in piece.origin for piece in prop.positive)
    assert prop.negative[0] == Piece("hats, text", "vn.yaml pictures.negative")
    assert prop.negative_text.count("text") == 1


WORDS = st.text(st.sampled_from("ab ,.\n"), max_size=30)


@given(base=WORDS, outfit=WORDS, style=WORDS, name=st.text(min_size=1))
def test_no_phrase_is_said_twice_and_every_piece_is_one_line(
    base: str, outfit: str, style: str, name: str
) -> None:
    look = {"base": base, "outfits": {"coat": outfit}}
    said = {
        "characters": {"mei": {"name": name, "look": look}},
        "themes": {"day": {"prompt_style": style}},
    }
    prompt = compose(said, sprite("coat", who="mei"))
    assert "\n" not in prompt.text
    assert all(piece.words.strip(" .,") for piece in prompt.positive)
    phrases = prompt.text.casefold().split(", ")
    assert len(phrases) == len(set(phrases))


# Seeds and briefs


def test_a_set_shares_its_seed_and_takes_do_not() -> None:
    one, other = sprite("grin", "braced", "plain"), sprite("plain", "braced", "plain")
    assert seed_of(SAID, one) == seed_of(SAID, other) == 710
    takes = {seed_of(SAID, one, take) for take in range(1, 200)}
    assert len(takes) == 199
    assert all(0 <= seed < SEEDS for seed in takes)
    assert seed_of(SAID, one, 3) == seed_of(SAID, other, 3)


def test_without_a_seed_of_their_own_outfits_and_people_have_different_ones() -> None:
    def look(name: str) -> dict[str, Any]:
        return {"name": name, "look": {"outfits": {"a": "a", "b": "b"}, "expressions": {"x": "x"}}}

    said = {"characters": {"mei": look("Mei"), "ken": look("Ken")}}
    seeds = {
        seed_of(said, sprite("x", outfit, who=who)) for outfit in "ab" for who in ("mei", "ken")
    }
    assert len(seeds) == 4
    quay = {
        seed_of(SAID, AssetRequest("background", "pier/quay", (time,))) for time in ("dusk", "x")
    }
    assert len(quay) == 1


def test_a_brief_holds_all_that_a_workflow_may_take() -> None:
    request = sprite("grin", "braced", "oilskins")
    prompt = compose(SAID, request)
    assert brief_of(SAID, request, prompt) == {
        "workflow": "sprite",
        "inputs": {
            "prompt": prompt.text,
            "negative": prompt.negative_text,
            "seed": 710,
            "width": 832,
            "height": 1216,
            "loras": [["kit.safetensors", 0.8], ["line", 1.0]],
        },
    }


def test_sizes_and_workflows_are_the_projects() -> None:
    pictures = {"size": {"sprite": [64, 64]}, "workflows": {"sprite": "figure"}}
    said = SAID | {"project": {"pictures": pictures}}
    brief = brief_of(said, sprite("grin"), compose(said, sprite("grin")))
    assert brief["workflow"] == "figure"
    assert (brief["inputs"]["width"], brief["inputs"]["height"]) == (64, 64)
