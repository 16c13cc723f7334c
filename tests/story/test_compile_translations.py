"""Catalogues against the lines they translate; plural rules."""

from __future__ import annotations

from typing import Any

import pytest
from compiling import AFTER, compile_files

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story import plurals
from comfyvn.story.plurals import RULES, categories, rules

SCENE = """\
You have {coins, plural, one {# coin} other {# coins}}, {player}. `pause 1` {Well|Now}?

- Kenji: Take {coins}! `if brave` `locked "You dare not, {player}."`
- Leave.

`input player "Your name?"`

1. Rain.
1. Snow.
"""
LANGUAGES = "format: 1\nid: test\ntitle: Test\nstart: start\nlanguages: [en, pl]\n"


def ids() -> dict[str, str]:
    """The ids of the scene's texts, by what they are."""
    compiled, out = compile_files({"scenes/start.md": SCENE + AFTER})
    assert compiled is not None
    assert not out
    say, menu, ask, pick = compiled.program["scenes"]["start"]["sections"][0]["body"]
    return {
        "say": say["id"],
        "choice": menu["choices"][0]["id"],
        "locked": menu["choices"][0]["id"] + "_locked",
        "input": ask["id"],
        "item": pick["items"][0]["id"],
    }


def translate(*messages: tuple[str, str, str]) -> tuple[dict[str, Any], Diagnostics]:
    """Compile with a Polish catalogue; return its translations."""
    known = ids()
    po = "".join(
        f'\nmsgctxt "{known.get(id, id)}"\nmsgid "{_quoted(source)}"\nmsgstr "{_quoted(text)}"\n'
        for id, source, text in messages
    )
    compiled, out = compile_files(
        {"vn.yaml": LANGUAGES, "i18n/pl.po": po, "scenes/start.md": SCENE + AFTER}
    )
    assert compiled is not None
    return compiled.program["translations"].get("pl", {}), out


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


LINE = SCENE.partition("\n")[0]


def test_slots_are_those_of_the_source() -> None:
    found, out = translate(
        (
            "say",
            LINE,
            "{player}, masz {coins, plural, one {# monetę} few {# monety} other {# monet}}. "
            "`pause 1` {No|Cóż}?",
        )
    )
    assert not out
    [translated] = found.values()
    assert "extra" not in translated
    assert translated["text"][0] == {"v": 1}
    assert translated["text"][2]["plural"] == 0
    assert list(translated["text"][2]["forms"]) == ["one", "few", "other"]
    assert translated["text"][-2] == {"wording": 2, "of": [["No"], ["Cóż"]]}


def test_what_the_source_does_not_compute_is_extra() -> None:
    found, out = translate(
        ("say", LINE, "{mei.gender, select, she {Miała} other {Miał}} {ratio}. `pause 1` {ratio}")
    )
    assert not out
    [translated] = found.values()
    assert translated["extra"] == [["var", "mei.gender"], ["var", "ratio"]]
    assert translated["text"][0]["select"] == 3
    assert translated["text"][2] == {"v": 4}
    assert translated["text"][-1] == {"v": 4}


def test_choices_reasons_inputs_and_outcomes() -> None:
    known = ids()
    found, out = translate(
        ("choice", "Take {coins}!", "Weź {coins}!"),
        ("locked", "You dare not, {player}.", "Nie śmiesz, {player}."),
        ("input", "Your name?", "Imię?"),
        ("item", "Rain.", "Deszcz."),
    )
    assert not out
    choice = {"text": ["Weź ", {"v": 0}, "!"]}
    assert found == {
        known["choice"]: choice,
        f"{known['choice']}_s": choice,
        known["locked"]: {"text": ["Nie śmiesz, ", {"v": 0}, "."]},
        known["input"]: {"text": ["Imię?"]},
        f"{known['item']}_s": {"text": ["Deszcz."]},
    }


FALLBACKS = [
    (("b0000000", "Gone.", "Nie ma."), "VN0910", 0),
    (("input", "Your old name?", "Imię?"), "VN0911", 1),
    (("input", "Your name?", "Imię {chance(0.5)}?"), "VN0912", 0),
    (("input", "Your name?", "{Imię|Nazwisko}?"), "VN0912", 0),
    (("say", LINE, "{No|Cóż}? {Tak|Nie}? `pause 1`"), "VN0912", 0),
    (("say", LINE, "Bez pauzy."), "VN0913", 0),
    (("say", LINE, "Inaczej. `speed 2`"), "VN0913", 0),
]


@pytest.mark.parametrize(("message", "code", "kept"), FALLBACKS)
def test_a_translation_that_does_not_fit(
    message: tuple[str, str, str], code: str, kept: int
) -> None:
    found, out = translate(message)
    assert [(item.code, item.severity, item.span.path) for item in out] == [
        (code, "warning", "i18n/pl.po")
    ]
    assert len(found) == kept


def test_errors_in_a_translation_are_placed_in_its_file() -> None:
    _, out = translate(("input", "Your name?", "Imię, {playr}?"))
    [error] = out
    assert (error.code, error.span.path, error.span.line) == ("VN0505", "i18n/pl.po", 4)
    assert error.span.column == len('msgstr "Imię, {') + 1


def test_plural_forms_are_those_of_the_language() -> None:
    _, out = translate(("say", LINE, "{coins, plural, two {a} other {b}} `pause 1`"))
    assert [item.code for item in out] == ["VN0514"]


def test_a_language_without_rules_gets_a_note() -> None:
    _, out = compile_files(
        {
            "vn.yaml": LANGUAGES.replace("[en, pl]", "[en, tlh]"),
            "i18n/tlh.po": "",
            "scenes/start.md": SCENE + AFTER,
        }
    )
    assert [(item.code, item.severity) for item in out] == [("VN0914", "note")]


# Integer samples of CLDR's plurals.xml, each category of each language.
SAMPLES = {
    "ar": "zero 0|one 1|two 2|few 3 10 103|many 11 26 111|other 100 102 200",
    "cs": "one 1|few 2 4|many 1.5 0.0|other 0 5 100",
    "da": "one 1 0.1 1.6|other 0 2 16 2.0",
    "de": "one 1|other 0 2 1.0",
    "en": "one 1|other 0 2 1.0 0.5",
    "es": "one 1 1.0|many 1000000 2000000|other 0 2 16 1000",
    "fi": "one 1|other 0 2 1.0",
    "fr": "one 0 1 0.5 1.5|many 1000000|other 2 17 100",
    "he": "one 1 0.5|two 2|other 0 3 17 1.5",
    "hu": "one 1 1.0|other 0 2 0.5",
    "it": "one 1|many 1000000|other 0 2 1.0",
    "ja": "other 0 1 2 1.5",
    "nl": "one 1|other 0 2",
    "pl": "one 1|few 2 4 22 102|many 0 5 11 12 19 100|other 0.5 1.5",
    "pt": "one 0 1 0.5|many 1000000|other 2 17",
    "pt-PT": "one 1|other 0 2 1.0",
    "ru": "one 1 21 101|few 2 4 22|many 0 5 11 12 111|other 0.5 1.5",
    "sv": "one 1|other 0 2",
    "th": "other 0 1 2",
    "tr": "one 1 1.0|other 0 2",
    "uk": "one 1 21|few 2 4|many 0 5 11|other 1.5",
    "vi": "other 0 1",
    "zh": "other 0 1",
    "ko": "other 0 1",
    "id": "other 0 1",
    "nb": "one 1|other 0 2 0.5",
}


def evaluate(expr: list[Any], operands: dict[str, float]) -> Any:
    """Enough of an evaluator for rules."""
    operator, *parts = expr
    if operator in ("int", "num"):
        return parts[0]
    if operator == "var":
        return operands[parts[0]]
    values = [evaluate(part, operands) for part in parts if isinstance(part, list)]
    match operator:
        case "==":
            return values[0] == values[1]
        case "<=":
            return values[0] <= values[1]
        case ">=":
            return values[0] >= values[1]
        case "%":
            return values[0] % values[1]
        case "not":
            return not values[0]
        case "and":
            return values[0] and values[1]
        case "or":
            return values[0] or values[1]
    raise AssertionError(expr)


def category(language: str, number: str) -> str:
    digits = number.partition(".")[2]
    operands = {
        "n": float(number),
        "i": int(float(number)),
        "v": len(digits),
        "f": int(digits or 0),
        "t": int(digits.rstrip("0") or 0),
    }
    for name, rule in rules(language):
        if evaluate(rule, operands):
            return name
    return "other"


@pytest.mark.parametrize("language", RULES)
def test_plural_rules(language: str) -> None:
    for part in SAMPLES[language].split("|"):
        expected, *numbers = part.split()
        assert {number: category(language, number) for number in numbers} == dict.fromkeys(
            numbers, expected
        )
    assert {part.split()[0] for part in SAMPLES[language].split("|")} <= set(categories(language))


def test_regions_fall_back_to_their_language() -> None:
    assert rules("en-GB") == rules("en")
    assert rules("pt_BR") == rules("pt") != rules("pt-PT")
    assert plurals.known("zh-Hant")
    assert not plurals.known("tlh")
    assert categories("tlh") == ["other"]
