"""The emitted project: bytes that stay, text that survives, names that are free."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comfyvn.play.renpy import Story, play_stories
from comfyvn.play.runtime import Run
from comfyvn.targets.renpy.facts import scene_facts
from comfyvn.targets.renpy.names import Namer, reserved, word
from comfyvn.targets.renpy.text import escape, quoted
from comfyvn.targets.renpy.whole import Whole
from tests.conformance.cases import all_cases
from tests.renpy.projects import files_of, generated, lay_out

NASTY = (
    "[name] {b} %s %(x)s %% \\ \\n \"quoted\" 'single' `tick`",
    "  two  spaces   and more ",
    "no\u00a0break, ideographic\u3000space, narrow\u202fspace, em\u2003space",
    "「括弧」『』【隅付き】｜《ルビ》［角］｛波｝",
    "__private__ a__b [__x] .__y #comment {#not} {{ [[ }} ]]",
    "line\nbreak\n\nand another ",
    "שלום 123 עולם — مرحبا",
    "👩‍🚀🏳️‍🌈 e\u0301\u0323 \u200bzero\u200dwidth",
    '"""triple""" \'\'\'quotes\'\'\' r"raw" u"uni" $ jump label: menu:',
    "x" * 9000,
)


def story_of(texts: tuple[str, ...]) -> Any:
    """Return a Program that says, offers and names each text."""
    base = copy.deepcopy(next(case.program for case in all_cases()))
    body: list[Any] = []
    for number, text in enumerate(texts):
        choice = {"id": f"c{number:07}", "text": [text], "body": []}
        locked = {
            "id": f"d{number:07}", "text": [f"{text}!"], "body": [],
            "if": ["bool", False], "locked": [text],
        }  # fmt: skip
        body += [
            {"op": "say", "id": f"b{number:07}", "who": [], "text": [text]},
            {
                "op": "say",
                "id": f"a{number:07}",
                "who": ["mei"],
                "as": text,
                "text": [{"em": [text]}],
            },
            {"op": "menu", "id": f"m{number:07}", "choices": [choice, locked]},
            {"op": "notify", "text": [text]},
        ]
    scene = base["scenes"][base["start"]]
    scene["sections"] = [{**scene["sections"][0], "body": body}]
    base["scenes"] = {base["start"]: scene}
    scene.pop("next", None)
    return base


@pytest.mark.renpy
def test_awkward_text_is_shown_as_it_is(tmp_path: Path) -> None:
    lay_out(story_of(NASTY), tmp_path / "built")
    story = Story(tmp_path / "built", [Run(1, (0,) * len(NASTY))])
    records = play_stories([story])[0][0]
    marked = [
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for text in NASTY
    ]
    lines = [record for record in records if record["t"] == "line"]
    assert [line["text"] for line in lines[::2]] == marked
    assert [line["text"] for line in lines[1::2]] == [f"<em>{text}</em>" for text in marked]
    assert [line["name"] for line in lines[1::2]] == list(NASTY)
    menus = [record["choices"] for record in records if record["t"] == "menu"]
    assert [(m[0]["text"], m[1]["text"], m[1]["reason"]) for m in menus] == [
        (text, f"{text}!", text) for text in marked
    ]
    assert [record["text"] for record in records if record["t"] == "notify"] == marked


def test_bytes_stay(tmp_path: Path) -> None:
    one, again = (generated(3, tmp_path / name) for name in ("one", "again"))
    assert files_of(one, pictures=True) == files_of(again, pictures=True)


def test_a_changed_line_changes_one_file() -> None:
    program = story_of(("one", "two"))
    before = files_of(program)
    program["scenes"][program["start"]]["sections"][0]["body"][0]["text"] = ["another"]
    after = files_of(program)
    assert before.keys() == after.keys()
    assert len([name for name in after if after[name] != before[name]]) == 1


@given(st.text(max_size=60))
def test_strings_keep_their_text(text: str) -> None:
    """Reads a string back as Ren'Py's lexer does: collapse white space, then escapes."""
    string = quoted(text)
    assert "\n" not in string
    assert "__" not in string
    body = re.sub(r"\s+", " ", string[1:-1])

    def unescape(match: re.Match[str]) -> str:
        code = match[1]
        if code[0] == "u" and match[2]:
            return chr(int(match[2], 16))
        return {"n": "\n", "{": "{{", "[": "[[", "%": "%%"}.get(code, code)

    assert re.sub(r"\\(u([0-9a-fA-F]{1,4})|.)", unescape, body) == text


@given(st.text(alphabet="[]{}【】 ab", max_size=20))
def test_escaped_text_has_no_markup(text: str) -> None:
    plain = escape(text).replace("[vn.bracket]", "【").replace("[[", "[").replace("{{", "{")
    assert plain == text


@given(st.lists(st.text(max_size=8), max_size=12))
def test_names_are_free_words_each_once(wanted: list[str]) -> None:
    namer = Namer(reserved())
    given_out = [namer.name(word(one)) for one in wanted]
    assert len(set(given_out)) == len(given_out)
    assert not reserved() & set(given_out)
    assert all(
        re.fullmatch(r"[a-zA-Z_\u00a0-\ufffd][0-9a-zA-Z_\u00a0-\ufffd]*", n) for n in given_out
    )


def test_engine_names_are_left_alone() -> None:
    program = story_of(("x",))
    program["variables"] = {
        name: {"type": "int", "scope": "run", "default": 0}
        for name in ("config", "menu", "len", "for", "vn", "t1", "mei.trust", "mei_trust")
    } | program["variables"]
    facts = {id: scene_facts(scene, {}) for id, scene in program["scenes"].items()}
    names = Whole.of(program, facts).names.variables
    assert {names[name] for name in ("config", "menu", "len", "for", "vn", "t1")} == {
        "config_", "menu_", "len_", "for_", "vn_", "t1_",
    }  # fmt: skip
    assert names["mei.trust"] != names["mei_trust"]
