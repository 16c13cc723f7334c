"""What makers are given to say, and where the shown words are in time."""

from __future__ import annotations

import os
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comfyvn.drivers.speech.lips import guessed, visemes
from comfyvn.drivers.speech.maker import Sound, Word
from comfyvn.drivers.speech.words import aligned, sayable, shown_words, spread
from comfyvn.plan.casting import Casting
from comfyvn.plan.speech import spoken
from comfyvn.plan.workflows import Workflows
from comfyvn.source.diagnostics import Diagnostics

COUNT = max(20, round(1000 * float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))))
TEXTS = st.text(st.sampled_from("aA eé1.,;:!?…—–-'’“”()\n わ7Nno"), max_size=60)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("I don’t… Oh.", "I don’t. Oh."),
        ("…and then", "and then."),
        ("Well… no", "Well, no."),
        ("He said — nothing", "He said, nothing."),
        ("“Quiet,” she said.", "Quiet, she said."),
        ("Wait—", "Wait."),
        ("W-w-what?!", "What?"),
        ("Nooooo!!!", "Noo!"),
        ("“…”", ""),
        ("— ♪ —", ""),
        ("It is called わすれもの. Wasuremono.", "It is called Wasuremono."),
        ("It costs $4.50, at 7:10", "It costs $4.50, at 7:10."),
    ],
)
def test_what_is_said_of_a_text(text: str, said: str) -> None:
    assert sayable(text, "en") == said


def test_east_asian_writing_is_said_in_its_languages() -> None:
    assert sayable("わすれもの", "ja-JP") == "わすれもの."
    assert sayable("わすれもの", "es") == ""


@settings(max_examples=COUNT)
@given(TEXTS)
def test_what_is_said_says_all_words_and_ends(text: str) -> None:
    said = sayable(text, "ja")
    assert bool(said) == any(map(str.isalnum, text))
    assert not said or said[-1] in ".!?,;:’'"
    assert "  " not in said
    assert not set("“”()…—\n") & set(said)


@settings(max_examples=COUNT)
@given(TEXTS, TEXTS)
def test_every_shown_word_has_a_time_in_order(shown: str, spoken: str) -> None:
    words = [Word(text, at / 4, at / 4 + 0.2) for at, text in enumerate(shown_words(spoken))]
    made = aligned(shown_words(shown), words)
    assert [word.text for word in made] == shown_words(shown)
    times = [time for word in made for time in (word.start, word.end)]
    assert times == sorted(times)


def test_words_that_are_said_otherwise_share_their_time() -> None:
    spoken = [Word(*each) for each in (("at", 0, 1), ("seven", 1, 2), ("ten", 2, 4), ("ok", 4, 5))]
    assert aligned(["at", "7:10", "ok"], spoken) == [("at", 0, 1), ("7:10", 1, 4), ("ok", 4, 5)]


@settings(max_examples=COUNT)
@given(TEXTS)
def test_the_mouth_always_has_a_shape(text: str) -> None:
    sounds = guessed(spread(shown_words(text), 0.2, 3.0))
    made = visemes(sounds)
    assert [start for start, _ in made] == sorted(start for start, _ in made)
    assert all(one[1] != next[1] for one, next in pairwise(made))
    assert bool(made) == bool(sounds)


def test_lips_meet_and_open() -> None:
    times = [("m", 0, 0.1), ("ˈ", 0.1, 0.12), ("A", 0.12, 0.3), ("", 0.3, 0.6), ("u", 0.6, 0.8)]
    made = visemes([Sound(*each) for each in times])
    assert made == [(0, "closed"), (0.12, "A"), (0.3, "closed"), (0.6, "U")]


def cast(present: list[str], **speech: Any) -> tuple[Casting, list[str]]:
    out = Diagnostics()
    head = {"language": "en", "languages": ["en", "es", "fr"]}
    said = {"project": {"speech": speech}, "characters": {}}
    workflows = Workflows((), lambda path: b"", out)
    made = Casting.of(head, said, out, workflows, present)
    return made, [f"{each.code} {each.message}" for each in out]


def test_what_is_not_installed_is_one_finding_for_a_language() -> None:
    languages = {"es": "espeak", "fr": "none"}
    made, found = cast(["hibari"], make="hibari", languages=languages)
    assert made.makers == {"en": "hibari"}
    assert found == ["VN1303 the lines in `es` stay silent: `espeak` is not installed"]
    made, found = cast(["hibari", "espeak"], make="hibari", languages={"es": "espeak"})
    assert made.makers == {"en": "hibari", "es": "espeak"}
    assert found == [
        "VN1303 the lines in `fr` stay silent: `hibari` speaks English alone, not `fr`"
    ]


def test_a_server_that_speaks_must_be_named() -> None:
    languages = {"es": "comfyui", "fr": "none"}
    made, found = cast([], make="openai", languages=languages)
    assert made.makers == {}
    assert found == [
        "VN1303 the lines in `en` stay silent: compute.yaml names no server of the kind `openai` "
        "that speaks",
        "VN1303 the lines in `es` stay silent: compute.yaml names no server of the kind `comfyui` "
        "that speaks",
    ]
    made, found = cast(["openai", "comfyui"], make="openai", languages=languages)
    assert made.makers == {"en": "openai", "es": "comfyui"}
    assert found == ["VN1410 there is no workflow `speech`, which is to speak the lines in `es`"]


def test_a_line_with_nothing_to_say_has_no_clip() -> None:
    made, _ = cast(["hibari"], make="hibari", languages={"es": "none", "fr": "none"})
    ops = [{"op": "say", "id": id, "who": ["ada"], "text": [text]} for id, text in LINES.items()]
    found = spoken("start", {"sections": [{"body": ops}]}, {}, {}, made)
    assert {line for _, line, *_ in found.lines} == {"b2"}
    assert [brief["text"] for brief in found.briefs.values()] == ["No…"]


LINES = {"b1": "…", "b2": "No…", "b3": "“—!”"}
