"""The painter: the same words give the same picture, other words the right other one."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from comfyvn.drivers import painter
from comfyvn.drivers.painter.figure import draw_figure
from comfyvn.drivers.painter.keepsakes import KEEPSAKES
from comfyvn.drivers.painter.paint import palette_of
from comfyvn.drivers.painter.person import read_dress, read_figure, read_person
from comfyvn.drivers.painter.pieces import PIECES
from comfyvn.drivers.painter.reading import PROPS, read_picture, read_place, read_prop

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
LOOK: dict[str, Any] = {
    "base": "Woman of 23, freckled, cropped copper hair, brown skin",
    "outfits": {"oilskins": "yellow oilskins", "jumper": "navy jumper"},
    "poses": {"standing": "standing", "braced": "hands on hips", "seated": "seated"},
    "expressions": {"plain": "attentive", "grin": "an enormous grin", "worried": "worried"},
}


def sprite(*traits: str, base: str = "", look: dict[str, Any] = LOOK) -> painter.Brief:
    look = {**look, "base": base or look["base"]}
    of = read_figure("kit", "#8fd0c4", "she", look, list(traits))
    return painter.Brief(kind="sprite", of={**of}, palette={})


def place(kind: str, look: str = "", *traits: str) -> painter.Brief:
    of = read_place("somewhere", kind, look, "", traits, [])
    return painter.Brief(kind="background", of={**of}, palette={})


def pixels(brief: painter.Brief) -> Any:
    return np.asarray(Image.open(io.BytesIO(painter.draw(brief))).convert("RGBA")).astype(int)


BRIEFS = {
    "background": place("harbour", "granite quay, red ferry", "dusk", "storm"),
    "room": place("interior", "office with shelves of books and a piano", "night"),
    "sprite": sprite("grin", "braced", "oilskins"),
    "picture": painter.Brief(
        kind="picture",
        of={**read_picture("p", "Two red gloves hold hands", None, [])},
        palette={},
    ),
    "prop": painter.Brief(kind="prop", of={**read_prop("lantern", "", "A lantern")}, palette={}),
}
SIZES = {"sprite": (840, 1200), "prop": (480, 480)}


@pytest.mark.parametrize("name", BRIEFS)
def test_the_same_brief_gives_the_same_bytes_in_another_process(name: str) -> None:
    here = painter.draw(BRIEFS[name])
    code = (
        "import sys; from comfyvn.drivers import painter; "
        f"sys.stdout.buffer.write(painter.draw({BRIEFS[name]!r}))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment)
    assert there.stdout == here, there.stderr
    assert Image.open(io.BytesIO(here)).size == SIZES.get(name, (1920, 1080))
    assert len(here) < 200_000


def test_an_expression_changes_the_face_alone() -> None:
    # What WebP leaves of the rest may differ by a little; what is painted does not.
    plain, grin = (
        np.asarray(draw_figure(palette_of({}), sprite(face, "braced")["of"]))  # type: ignore[arg-type]
        for face in ("plain", "grin")
    )
    rows = np.nonzero((plain != grin).any(axis=(1, 2)))[0]
    assert rows.min() > 230
    assert rows.max() < 480


def test_every_look_of_a_character_fills_the_same_box() -> None:
    boxes = {
        Image.open(io.BytesIO(painter.draw(sprite(face, pose, outfit)))).getchannel("A").getbbox()
        for face, pose, outfit in (
            ("plain", "standing", "jumper"),
            ("grin", "braced", "oilskins"),
            ("worried", "seated", "jumper"),
        )
    }
    assert len(boxes) == 1
    assert boxes.pop()[3] == 1200  # type: ignore[index]


def test_the_words_for_hair_colour_it() -> None:
    copper = pixels(sprite("plain"))
    black = pixels(sprite("plain", base="Woman of 23, freckled, cropped black hair, brown skin"))
    crown = (slice(150, 220), slice(360, 480))
    assert copper[crown][..., 0].mean() > black[crown][..., 0].mean() + 60
    assert np.abs(copper[800:] - black[800:]).max() < 24


@pytest.mark.parametrize(
    ("base", "hair", "extras"),
    [
        ("Woman, short silver bob", "silver", []),
        ("Girl with red curls and green eyes", "red", []),
        ("A black-haired man, ginger beard", "black", ["beard ginger"]),
        ("Woman with a blue ribbon in a brown plait", "brown", ["ribbon blue"]),
    ],
)
def test_what_hair_is_called_has_its_colour(base: str, hair: str, extras: list[str]) -> None:
    person = read_person("kit", base, "")
    assert (person["hair"], person["extras"]) == (hair, extras)


@pytest.mark.parametrize(
    ("words", "kind", "colour", "under"),
    [
        ("white apron over a red dress", "apron", "white", "red"),
        ("a red dress with a white apron", "apron", "white", "red"),
        ("green jumper under a tan coat", "coat", "tan", "green"),
        ("a grey suit", "suit", "grey", ""),
    ],
)
def test_what_is_worn_over_something_is_seen(
    words: str, kind: str, colour: str, under: str
) -> None:
    dress = read_dress("worn", words)
    assert (dress["kind"], dress["colour"], dress["under"]) == (kind, colour, under)


def test_the_sleeves_beside_an_apron_are_of_what_is_under_it() -> None:
    look = {**LOOK, "outfits": {"work": "white apron over a red dress"}}
    red, green, _, _ = pixels(sprite("work", look=look))[700, 260:300].mean(axis=0)
    assert red > green + 60


def test_a_beard_has_its_colour() -> None:
    def chin(base: str) -> Any:
        return pixels(sprite("plain", base=base))[430:450, 400:440, :3].mean(axis=(0, 1))

    ginger, grey = chin("black hair, ginger beard"), chin("black hair, grey beard")
    assert ginger[0] - ginger[2] > grey[0] - grey[2] + 60


@pytest.mark.parametrize(
    ("name", "look", "alt", "thing", "like"),
    [
        ("lantern", "brass lantern", "A lantern", "lantern", ["brass"]),
        ("book_bag", "", "A blue canvas bag", "bag", ["blue"]),
        ("proof", "", "A key of iron on a red tag", "key", []),
        ("heirloom", "a silver locket on a chain", "What she left", "necklace", ["silver"]),
        ("maguffin", "", "Nobody knows what it is", "parcel", []),
    ],
)
def test_what_a_prop_is(name: str, look: str, alt: str, thing: str, like: list[str]) -> None:
    prop = read_prop(name, look, alt)
    assert (prop["thing"], prop["like"]) == (thing, like)


def test_words_describe_what_comes_behind_them() -> None:
    found = place("interior", "green steel shelves and a walnut piano", "night")["of"]["things"]
    assert found == {"shelf": ["green", "steel"], "piano": ["walnut"]}


@pytest.mark.parametrize(
    ("alt", "shown"),
    [
        ("A brass key on the piano lid", "key"),
        ("The ferry and, far below, a brass key", ""),
        ("Kit holds up a brass key", ""),
        ("We watch the sea", ""),
    ],
)
def test_a_picture_shows_close_what_its_text_begins_with(alt: str, shown: str) -> None:
    picture = read_picture("p", alt, None, ["Kit"])
    assert picture["shown"] == shown


def test_what_is_close_is_as_large_as_the_picture() -> None:
    place = read_place("room", "interior", "a dark room", "", ["night"], [])

    def painted(alt: str) -> Any:
        of = read_picture("p", alt, place, [])
        return pixels(painter.Brief(kind="picture", of={**of}, palette={}))

    changed = (np.abs(painted("A white book") - painted("A red book")) > 40).any(axis=2)
    assert changed[200:880, 750:1170].mean() > 0.6


def test_each_prop_that_is_read_is_drawn_and_none_like_another() -> None:
    assert set(PROPS.values()) == set(KEEPSAKES) | set(PIECES)
    made = [
        painter.draw(painter.Brief(kind="prop", of={**read_prop(name, "", "")}, palette={}))
        for name in sorted(KEEPSAKES)
    ]
    assert len(set(made)) == len(made)


def test_words_that_the_painter_does_not_know_are_no_part_of_a_brief() -> None:
    first = place("interior", "a room with a piano and two chairs", "night")
    assert place("interior", "a melancholy room with a piano and two chairs", "night") == first
    assert sprite("grin") == sprite("grin", base=LOOK["base"] + ", always in motion")
    assert sprite("grin", "jumper") != sprite("grin", "oilskins")


@pytest.mark.parametrize(
    ("word", "same"),
    [("sunrise", "dawn"), ("midnight", "night"), ("twilight", "dusk"), ("noon", "day")],
)
def test_other_words_for_a_time(word: str, same: str) -> None:
    assert place("street", "", word) == place("street", "", same)


def test_a_school_yard_is_under_the_sky() -> None:
    assert place("school_yard")["of"]["kind"] == "school_yard"
    assert place("classroom")["of"]["kind"] == "school"


def test_somebody_sits_at_the_piano_where_the_words_say_so() -> None:
    room = read_place(
        "room", "interior", "office with shelves, a desk and a walnut piano", "", [], []
    )

    def painted(alt: str) -> Any:
        of = read_picture("p", alt, room, ["Haru"])
        return pixels(painter.Brief(kind="picture", of={**of}, palette={}))

    beside, playing = painted("Haru near the piano"), painted("Haru at the open piano")
    assert read_picture("p", "A cat at the piano", room, ["Haru"])["at"] == ""
    changed = (np.abs(beside - playing) > 40).any(axis=2)
    assert changed.mean() > 0.02


def test_places_times_and_weathers_differ() -> None:
    kinds = ("harbour", "street", "forest", "garden", "station", "rooftop", "office", "cafe")
    made = [painter.draw(place(kind, "", "day")) for kind in kinds]
    moments = ("dawn", "day", "dusk", "night", "day rain", "day snow", "day fog")
    made += [painter.draw(place("nature", "", *moment.split())) for moment in moments]
    assert len(set(made)) == len(made)


WORDS = st.one_of(
    st.text(max_size=60),
    st.lists(
        st.sampled_from(
            "a the red brass piano shelves, hat hats under with no of Woman man 7 71 bald plait "
            "gloves umbrella candle tiled church night rain sea deck hands letter two people "
            "kimono coat scarf seated handbag crossed laugh tears".split()
        ),
        max_size=14,
    ).map(" ".join),
)


@settings(max_examples=max(8, round(60 * SCALE)), deadline=None)
@given(WORDS, WORDS, WORDS)
@example("", "", "\r")
@example("²", "", "")
def test_no_words_break_it(first: str, second: str, third: str) -> None:
    look = {
        "base": first,
        "outfits": {"a": second},
        "poses": {"b": third},
        "expressions": {"c": first},
    }
    read = {
        "sprite": read_figure(second, "#8fd0c4", "they", look, ["a", "b", "c"]),
        "background": read_place(first, second, third, first, [first, second], [third]),
        "picture": read_picture(first, second, None, [third]),
        "prop": read_prop(first, second, third),
    }
    for kind, of in read.items():
        brief = painter.Brief(kind=kind, of={**of}, palette={})
        assert painter.draw(brief)[8:12] == b"WEBP"


def test_what_the_weather_brings_moves_nothing() -> None:
    """A bucket under a drip stands before the furniture, which is where it was."""
    look = "office with shelves, a desk and a walnut piano"

    def painted(*details: str) -> Any:
        of = read_place("office", "interior", look, "", ["day"], details)
        return pixels(painter.Brief(kind="background", of={**of}, palette={}))

    dry, wet = painted(), painted("a bucket under a drip")
    changed = (np.abs(dry - wet) > 48).any(axis=2)
    rows, columns = np.nonzero(changed)
    assert 0 < changed.mean() < 0.02
    assert np.ptp(columns) < 260
    assert np.ptp(rows) < 260
