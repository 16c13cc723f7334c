"""Rules on punctuation and repeated words: where they fire, where not, and what fixes leave."""

from __future__ import annotations

import os

import pytest
from advisory.scenes import advice, marked, mended, passages
from hypothesis import given, settings
from hypothesis import strategies as st

from comfyvn.advisory.passages import GAP, masked

EXAMPLES = int(400 * float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1")))

BAD = [
    ("VN1710", 'Mei: “Here”, and "there".', ['"', '"'], "Mei: “Here”, and “there”."),
    ("VN1710", "It's not “it's”, it’s “its”.", ["'", "'"], "It’s not “it’s”, it’s “its”."),
    (
        "VN1710",
        'It\'s "here", and "there", isn’t it.',
        ["’"],
        'It\'s "here", and "there", isn\'t it.',
    ),
    ("VN1711", "Well… so... on", ["..."], "Well… so… on"),
    ("VN1711", "The end..", [".."], "The end.."),
    ("VN1712", "Mei: The  end   comes.", ["  ", "   "], "Mei: The end comes."),
    ("VN1713", "The end , and so on !", [" ", " "], "The end, and so on!"),
    ("VN1713", "The end,and so on.The rain.", [",", "."], "The end, and so on. The rain."),
    ("VN1714", "Rain — and -- more - rain.", ["--", "-"], "Rain — and — more — rain."),
    ("VN1715", "He said “go and left.", ["“"], "He said “go and left."),
    ("VN1715", "He said (go and left.", ["("], "He said (go and left."),
    ("VN1715", "He said go) and left.", [")"], "He said go) and left."),
    ("VN1715", "「行こう。", ["「"], "「行こう。"),
    ("VN1716", "Kenji: I saw the the lamp.", ["the"], "Kenji: I saw the lamp."),
    ("VN1716", "The the rain.", ["the"], "The rain."),
]


@pytest.mark.parametrize(("code", "text", "places", "after"), BAD)
def test_a_rule_fires_at_its_place_and_its_fix_ends_it(
    code: str, text: str, places: list[str], after: str
) -> None:
    found = advice(text)
    assert [each.code for each in found] == [code] * len(places)
    assert [marked(text, each) for each in found] == places
    assert mended(text, found) == after
    if after != text:
        assert advice(after) == []


CLEAN = {
    "en": [
        'It\'s "all" straight... really - yes -- yes.',
        "It’s “all” curly… really—yes.",
        "The board is 6'2\" and “old”. That is that. He had had enough. Very very good, no no.",
        "a) one, b) two :) and (three) ;-)",
        "Rain … falls. He said: .5 of it, at 10:30, see v1.2 and example.com, e.g. that.",
        "You have one {rain|sun} and the *the*.",
        "Mei: “One\nMei: two”",
        "What?! No!!! “Yes?” (Truly.)",
    ],
    "fr": ["Quoi\u202f? «\u00a0Non\u00a0», dit-il. Vous vous trompez\u00a0; nous nous aimons !"],
    "fr-CA": ["Quoi? « Non », dit-il; voilà!"],
    "es": ["¿Qué? ¡No! ¡¿Cómo?! ¡Qué dices? —Sí —dijo—. Y… ¿y tú?"],
    "de": ["„Gut“, sagte sie, »sehr gut«. Die, die da waren … Wort – Wort."],
    "ja": ["「そうですね……」『え？』（笑）。それそれ。"],
    "ar": ["«نعم»، قال. ماذا؟ لا؛ أبدا!"],
    "he": ["הוא אמר: „כן”. לא?"],
    "sv": ["”Ja”, sa hon, ”visst”."],
    "ru": ["«Да», — сказал он. «Что?»"],
    "hi": ["उसने कहा, “हाँ”। क्या?"],
}


@pytest.mark.parametrize(
    ("language", "text"), [(each, text) for each, texts in CLEAN.items() for text in texts]
)
def test_clean_text_has_no_finding(language: str, text: str) -> None:
    assert [(each.code, marked(text, each)) for each in advice(text, language)] == []


def test_languages_have_rules_of_their_own() -> None:
    french = advice("Quoi? «Non».", "fr")
    assert [each.code for each in french] == ["VN1713"] * 3
    assert advice(mended("Quoi? «Non».", french), "fr") == []
    spanish = advice("Qué? No! ¿Y tú.", "es")
    assert [(each.code, each.span.column) for each in spanish] == [
        ("VN1715", 4),
        ("VN1715", 8),
        ("VN1715", 10),
    ]
    assert [each.code for each in advice("la la casa", "es")] == ["VN1716"]
    assert advice("la la casa", "en") == []


def test_a_quote_may_go_on_with_the_same_speaker_only() -> None:
    assert advice("Mei: “One.\n\nMei: Two.”") == []
    found = advice("Mei: “One.\n\nKenji: Two.”")
    assert [(each.code, each.span.line) for each in found] == [("VN1715", 1), ("VN1715", 3)]


def test_letters_are_placed_in_choices_pages_and_joined_lines() -> None:
    text = (
        "---\ntitle: A\n---\n\n- Mei: Go to to it. `if true` ^name\n\n  > Dear  Mei.\n\n"
        "- [In in here](#b)\n\nMei: One \\\nof of two\n\n1. The the one.\n2. Two.\n\n## b\n\nEnd."
    )
    found = advice(text)
    assert [marked(text, each) for each in found] == ["to", "  ", "in", "of", "the"]
    assert advice(mended(text, found)) == []


def test_what_stands_beside_the_story_is_read_as_well() -> None:
    text = (
        "---\ntitle: The the roof\nchapter: 'At  dawn'\n---\n\n"
        '`show mei` `notify "It is is  yours"`\n\n`input name "And and you?" default "a a"`\n\n'
        '- Open. `if false` `locked "I \\"have\\" the the key (here."`\n\n- Go.\n\n'
        '`ending the_the "It is is over"`\n\n## b\n\n`ending the_the`'
    )
    found = advice(text)
    assert [(each.code, each.span.line, marked(text, each)) for each in found] == [
        ("VN1716", 2, "the"),
        ("VN1712", 3, "  "),
        ("VN1716", 6, "is"),
        ("VN1712", 6, "  "),
        ("VN1716", 8, "and"),
        ("VN1716", 10, "the"),
        ("VN1715", 10, "("),
        ("VN1716", 14, "is"),
        ("VN1716", 18, "the_the"),
    ]
    left = advice(mended(text, found))
    assert [(each.code, each.fix) for each in left] == [("VN1715", ()), ("VN1716", ())]


def test_a_fix_breaks_no_quotes_of_directives() -> None:
    curly = 'Mei: “Yes.”\n\n`notify "Go \\"on\\" now"`\n\nMei: “No.”'
    found = [each for each in advice(curly) if each.code == "VN1710"]
    assert [(marked(curly, each), each.fix) for each in found] == [('"', ()), ('"', ())]
    straight = 'Mei: "Yes." "No."\n\n`notify "“Go on”"`'
    assert [each.fix for each in advice(straight)] == [(), ()]


def test_speech_may_go_on_behind_a_notice() -> None:
    assert advice('Mei: “One.\n\n`notify "Two"`\n\nMei: Three.”') == []


WORDS = st.sampled_from(
    [*"rain the door “light” (window) it’s 雨 قطر {n} *very* {a|b} —".split(), "so `pause 1` on"]
)
BLOCKS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(BLOCKS, min_size=1, max_size=6))
def test_every_text_is_placed_letter_by_letter(blocks: list[str]) -> None:
    text = "\n\n".join(f"Mei: {each}" if i % 2 else f"So {each}" for i, each in enumerate(blocks))
    lines = text.split("\n")
    found = passages(text)
    assert len(found.raw) == len(found.plain)
    for each in found.each:
        span = found.span(each.start, each.end)
        shown = lines[span.line - 1][span.column - 1 : span.end_column - 1]
        assert shown == found.raw[each.start : each.end]
    assert found.raw.split(GAP) == [
        each.removeprefix("Mei: ") if i % 2 else each for i, each in enumerate(text.split("\n\n"))
    ]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text("ab {}|`*~_\\,#<>rt/&;^", max_size=40))
def test_masking_keeps_the_length_of_any_text(text: str) -> None:
    assert len(masked(text)) == len(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(st.sampled_from("Rain the The a of door,  , . … ... “ ” \" ' -- — - ( )".split(" ")))
)
def test_fixes_end_what_they_mend_whatever_the_text(words: list[str]) -> None:
    text = "Say " + " ".join(words).strip() + " end"
    for _ in range(2 * len(words) + 2):
        fixable = [each for each in advice(text) if each.fix]
        if not fixable:
            return
        text = mended(text, fixable[:1])
    raise AssertionError(text)
