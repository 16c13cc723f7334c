"""Advice on what everybody can read, and on what players can take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import pytest

from comfyvn.advisory.accessibility import (
    check_alt,
    check_names,
    check_places,
    check_scene,
    check_themes,
)
from comfyvn.advisory.budgets import CACHE, Shown, check_files, check_memory, decoded
from comfyvn.advisory.colours import DEFICIENCIES, contrast, difference
from comfyvn.model.theme import Theme
from comfyvn.plan.shown import Size
from comfyvn.source.diagnostics import Diagnostics, Span

HERE = Span.whole_file("here")


def key_at(path: str, *steps: str) -> Span:
    return Span.whole_file("/".join((path, *steps)))


def told(out: Diagnostics) -> list[tuple[str, str, str]]:
    return [(each.code, each.severity, each.span.path) for each in out]


def test_contrast_is_that_of_the_standard() -> None:
    # Ratios that are widely published for WCAG 2.
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.005)
    assert contrast("#ff0000", "#ffffff") == pytest.approx(4.00, abs=0.005)
    assert contrast("#123456", "#123456") == 1


def test_differences_are_those_of_known_values() -> None:
    # CIELAB of sRGB's primaries at D65: L*a*b* 53.24 80.09 67.20 and 87.73 -86.18 83.18.
    assert difference("#ff0000", "#000000") == pytest.approx(117.34, abs=0.1)
    assert difference("#ff0000", "#00ff00") == pytest.approx(170.6, abs=0.2)
    assert difference("#ffffff", "#000000") == pytest.approx(100, abs=0.01)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_greys_look_the_same_to_all(deficiency: str) -> None:
    for row in DEFICIENCIES[deficiency]:
        assert sum(row) == pytest.approx(1, abs=2e-6)
    assert difference("#404040", "#c0c0c0", deficiency) == pytest.approx(
        difference("#404040", "#c0c0c0"), abs=0.01
    )


def test_what_each_deficiency_confuses() -> None:
    assert difference("#c8a060", "#a0b060", "deuteranopia") < difference("#c8a060", "#a0b060") / 2
    assert difference("#e0e0ff", "#e0ffe0", "tritanopia") < difference("#e0e0ff", "#e0ffe0") / 2


@pytest.mark.parametrize(
    ("alt", "severity"),
    [
        ("kiss_02.png", "warning"),
        ("kiss_rain", "warning"),
        ("IMG_1234", "warning"),
        ("Image 3", "warning"),
        ("TODO", "warning"),
        ("…", "warning"),
        ("kiss-rain", "warning"),
        ("An image of two people in the rain", "note"),
        ("Imagen de dos personas", "note"),
        ("Mei and Kenji under one umbrella", None),
        ("A photo of Mei, torn in half", None),
        ("Picture frames, all of them empty", None),
        ("Text on a wall: COME BACK", None),
        ("二人で傘をさしている", None),
        ("A kettle", None),
    ],
)
def test_alt_texts(alt: str, severity: str | None) -> None:
    out = Diagnostics()
    check_alt(alt, "kiss-rain", HERE, out)
    assert told(out) == ([] if severity is None else [("VN1820", severity, "here")])


def scene(*body: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"sections": [{"label": "", "body": list(body)}]}


def found_in(*body: Mapping[str, Any]) -> list[tuple[str, int]]:
    places = {id: (number, 1) for number, id in enumerate("abcdefgh", start=1)}
    out = Diagnostics()
    check_scene("scenes/start.md", scene(*body), places, out)
    return [(each.code, each.span.line) for each in out]


def menu(timeout: float, *texts: str) -> Mapping[str, Any]:
    choices: list[dict[str, Any]] = [
        {"id": id, "text": [text], "body": []} for id, text in zip("abcdef", texts, strict=False)
    ]
    choices[-1]["timeout"] = timeout
    return {"op": "menu", "id": "m", "choices": choices}


def test_timers_are_held_against_reading() -> None:
    # 13 words at 260 a minute are three seconds, and two are for choosing.
    texts = ("one two three four five six seven", "eight nine ten eleven twelve thirteen")
    assert found_in(menu(4.9, *texts)) == [("VN1822", 2)]
    assert found_in(menu(5, *texts)) == []


def flash(seconds: float) -> Mapping[str, Any]:
    return {"op": "scene", "location": "roof", "with": "flash", "seconds": seconds, "wait": True}


SAY = {"op": "say", "id": "c", "text": ["It stops."]}


@pytest.mark.parametrize(
    ("body", "bad"),
    [
        ([flash(0.2)] * 4, True),
        ([flash(0.4)] * 6, False),
        ([flash(0.2)] * 3, False),
        ([flash(0.2), flash(0.2), {"op": "pause", "seconds": 1}, flash(0.2), flash(0.2)], False),
        (
            [flash(0.2), flash(0.2), {"op": "say", "id": "a", "text": []}, flash(0.2), flash(0.2)],
            False,
        ),
        ([flash(0.3)] * 3 + [{"op": "pause", "seconds": 0.05}, flash(0.3)], True),
    ],
)
def test_flashes(body: Sequence[Mapping[str, Any]], bad: bool) -> None:
    assert found_in(*body, SAY) == ([("VN1823", 3)] if bad else [])


def test_flashes_within_a_branch() -> None:
    branch = {"op": "if", "branches": [{"body": [*[flash(0.1)] * 5, SAY]}]}
    assert found_in(branch) == [("VN1823", 3)]


def test_places_and_props() -> None:
    worlds = {
        "town": {
            "locations": {
                "roof": {"name": "The roof"},
                "lab": {},
                "attic": {"name": "Never shown"},
                "hall": {"alt": "hall.png"},
                "quay": {"alt": "A stone quay with one bollard"},
            }
        }
    }
    out = Diagnostics()
    props = {"lamp": {"alt": "prop"}, "kettle": {"alt": "A kettle"}}
    check_places(worlds, props, {"roof", "lab", "hall", "quay"}, key_at, out)
    assert told(out) == [
        ("VN1821", "note", "worlds/town.yaml/locations/roof"),
        ("VN1821", "warning", "worlds/town.yaml/locations/lab"),
        ("VN1820", "warning", "worlds/town.yaml/locations/hall/alt"),
        ("VN1820", "warning", "props/lamp.yaml/alt"),
    ]


def themes(**palette: str) -> dict[str, Any]:
    theme = Theme.model_validate({"palette": palette})
    return {"day": theme.model_dump(include={"palette", "variants"}, exclude_none=True)}


def test_the_colours_of_a_theme_that_says_nothing_can_be_read() -> None:
    out = Diagnostics()
    check_themes(themes(), key_at, out)
    assert told(out) == []


def test_colours_of_themes_by_their_variants() -> None:
    out = Diagnostics()
    # On #1e2330 4.4:1, which high contrast, black below white, mends.
    check_themes(themes(text="#878787", background="#000000"), key_at, out)
    assert told(out) == [
        ("VN1830", "warning", f"themes/day.yaml/{where}/text")
        for where in ("palette", "variants/colour_blind")
    ]
    out = Diagnostics()
    dim = {"day": themes()["day"] | {"variants": {"high_contrast": {"text": "#888888"}}}}
    check_themes(dim, key_at, out)
    assert ("VN1830", "warning", "themes/day.yaml/variants/high_contrast/text") in told(out)


def names(targets: Sequence[str] = ("renpy", "web"), **colours: str) -> list[tuple[str, str, str]]:
    head = {
        "characters": {id: {"colour": colour} for id, colour in colours.items()},
        "themes": themes(),
    }
    out = Diagnostics()
    check_names(head, set(combinations(sorted(colours), 2)), targets, key_at, out)
    return told(out)


def test_colours_of_names() -> None:
    assert names(ann="#e59a9a", bob="#8fd0c4") == []
    assert names(ann="#304060") == [("VN1831", "warning", "characters/ann.yaml/colour")]
    assert names(["web"], ann="#304060") == []
    assert names(ann="#e59a9a", bob="#c9c2a6") == [("VN1832", "note", "characters/bob.yaml/colour")]
    assert names(ann="#e59a9a", bob="#e59a9a") == []


def test_memory_is_four_bytes_a_pixel_as_shown() -> None:
    large = Shown("k", "roof", "background", Size(3840, 2160))
    assert decoded(large, 1920) == 4 * 1920 * 1080
    assert decoded(large, 3840) == 4 * 3840 * 2160
    assert decoded(large._replace(fixed=True), 1920) == 4 * 3840 * 2160
    small = Shown("k", "mei", "sprite", Size(300, 470))
    assert decoded(small, 1920) == 4 * 300 * 470


def test_scenes_that_do_not_fit_into_memory() -> None:
    def shown(count: int) -> list[Shown]:
        return [Shown(f"k{i}", f"roof {i}", "background", Size(1920, 1080)) for i in range(count)]

    most = CACHE // (4 * 1920 * 1080)
    out = Diagnostics()
    scenes = {"a": shown(most), "b": shown(most + 1), "c": shown(2) * most}
    check_memory(shown(most + 1), lambda: scenes, {"web": 1920, "renpy": 1280}, out)
    assert told(out) == [("VN1840", "warning", "scenes/b.md")]

    def never() -> dict[str, list[Shown]]:
        raise AssertionError("all of them fit, so that no scene has to be looked at")

    check_memory(shown(most), never, {"web": 1920}, out)
    assert len(out) == 1


@pytest.mark.parametrize(("pictures", "formats", "bad"), [(400, 1, False), (400, 2, True)])
def test_files_of_a_site(pictures: int, formats: int, bad: bool) -> None:
    out = Diagnostics()
    check_files(pictures, 200, formats, HERE, out)
    assert told(out) == ([("VN1841", "note", "here")] if bad else [])
