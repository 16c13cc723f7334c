"""Stories in which something happens that is easily overlooked: nobody may say that it cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from comfyvn.explore.explore import explore
from comfyvn.explore.result import Answer, Exploration
from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.runtime import Run
from comfyvn.play.session import Session
from comfyvn.story.interpreter import nothing
from tests.generate.build import compile_folder, write

FAR = "".join(
    f"\nStep {step}.\n\n- Right.\n\n  `set right += 1`\n\n"
    + "".join(f"- Wrong {way}.\n\n  `set noise += {way * 5**step}`\n\n" for way in range(1, 5))
    for step in range(12)
)
"""Twelve menus with more ways through than are searched."""
COUNTS = "right: {type: int, default: 0}\nnoise: {type: int, default: 0}\n"
ODD = "\n`if noise % 7 == 3`\n\nOdd.\n\n`end`\n"


def program(folder: Path, state: str, scene: str) -> Any:
    write(
        {
            "vn.yaml": "format: 1\nid: t\ntitle: T\nstart: one\n",
            "state.yaml": state,
            "scenes/one.md": scene,
        },
        folder,
    )
    compiled, out = compile_folder(folder)
    assert compiled is not None
    assert not out.has_errors, list(out)
    return json.loads(json.dumps(compiled.program))


def proven(found: Exploration) -> set[str]:
    """Return the codes of what is said for certain of where the story cannot go."""
    return {each.code for each in found.findings if each.verdict == "proven"} - {"VN1615"}


TEXT = "{type: text, default: ''}"
ENDS = '`ending it "It"`\n\n`end`\n\n`ending not "Not"`\n'
ASKED = {
    "a text that only another variable holds": (
        f"who: {TEXT}\nsecret: {{type: text, default: Mei}}\n",
        f'`input who "Who?"`\n\n`if who == secret`\n\n{ENDS}',
        ("Mei",),
    ),
    "two texts that differ": (
        f"a: {TEXT}\nb: {TEXT}\n",
        f'`input a "A?"`\n\n`input b "B?"`\n\n`if a and b and a != b`\n\n{ENDS}',
        ("x", "y"),
    ),
    "a text that is put together": (
        f"who: {TEXT}\nsecret: {TEXT}\n",
        f'`set secret = "a" + "b"`\n\n`input who "Who?"`\n\n`if who == secret`\n\n{ENDS}',
        ("ab",),
    ),
    "another text where there is one letter": (
        f"who: {TEXT}\n",
        '`input who "Who?" default "Y" max 1`\n\n`if who == "N" or who == "Y"`\n\n'
        '`ending not "Not"`\n\n`end`\n\n`ending it "It"`\n',
        ("z",),
    ),
    "a long text that alone leads out": (
        f"who: {TEXT}\n",
        'Hello.\n\n## again\n\n`input who "Who?"`\n\n`if len(who) == 11`\n\n'
        '`ending it "It"`\n\n`end`\n\nNo.\n\n[](#again)\n',
        ("abcdefghijk",),
    ),
    "a line that comes once, far in": (
        COUNTS,
        f"{FAR}{ODD}\n`if right == 12`\n\nPlain.\n\nDeep. `once`\n\n{ENDS}",
        (0,) * 12,
    ),
    "a line with a condition, that is asked for far in": (
        f"{COUNTS}flag: {{type: bool, default: false}}\n",
        f"- Flag.\n\n  `set flag`\n\n- No flag.\n\nA hint. `if flag` ^hint\n{FAR}{ODD}\n"
        f'`if right == 12 and not seen("#^hint")`\n\nPlain.\n\n{ENDS}',
        (1, *(0,) * 12),
    ),
    "a value within its range, far in": (
        f"{COUNTS}x: {{type: int, default: 10, range: [0, 10]}}\n",
        f"{FAR}{ODD}\n`if right == 12`\n\n`set x = 0`\n\n`end`\n\n`set x += 5`\n\n"
        f"`if x > 7`\n\nHigh.\n\n`end`\n\n`if right == 12`\n\n{ENDS}",
        (0,) * 12,
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_an_answer_leads_to(name: str, tmp_path: Path) -> None:
    state, scene, answers = ASKED[name]
    story = program(tmp_path, state, scene)
    (ending,) = [each["id"] for each in story["endings"] if each["name"] == "it"]
    records = InterpreterRuntime(story).play([Run(0, tuple[Answer, ...](answers))])[0]
    found = explore(story)
    passed = {each["id"] for each in records if "id" in each}
    assert ending in passed
    assert not found.impossible & passed
    assert not proven(found) & {"VN1601", "VN1604", "VN1608", "VN1611", "VN1612"}


def test_a_game_that_is_left_between_two_lines(tmp_path: Path) -> None:
    early = '`if seen("#^one", ever) and not seen("#^two", ever)`\n\nEarly. ^early\n\n`end`\n\n'
    story = program(tmp_path, "{}\n", early + 'One. ^one\n\nTwo. ^two\n\n`ending a "A"`\n')
    kept = nothing()
    Session(story, kept).start(0)
    again = Session(story, kept)
    again.start(0)
    (shown,) = [each for each in again.moments[-1].events if each["t"] == "line"]
    assert "Early." in shown["text"]
    found = explore(story)
    assert shown["id"] in found.reached
    assert not proven(found)


def test_a_game_that_is_gone_back_in(tmp_path: Path) -> None:
    scene = (
        'Hello.\n\n`if x`\n\n`ending again "A"`\n\n`end`\n\n- Left.\n\n  `set x`\n\n  Left.\n\n'
        '  `ending left "L"`\n\n- Right.\n\n  `if x`\n\n  Both.\n\n  `ending both "B"`\n\n'
        '  `end`\n\n  `ending right "R"`\n'
    )
    story = program(tmp_path, "x: {type: bool, default: false, scope: persistent}\n", scene)
    session = Session(story, nothing())
    session.start(0)
    while not session.now["menu"]:
        session.advance()
    left, right = [each["id"] for each in session.now["menu"]["choices"]]
    session.advance(left)
    session.back()
    session.advance(right)
    (shown,) = [each for each in session.moments[-1].events if each["t"] == "line"]
    assert "Both." in shown["text"]
    found = explore(story)
    assert shown["id"] not in found.impossible
    assert not proven(found)
    assert not found.whole
    assert "going back" in found.how
