"""Findings about where the story may go, over several scenes."""

from __future__ import annotations

import pytest
from compiling import compile_files

HERE = "Here.\n\n`ending here`\n\n## kitchen\n\n`ending kitchen`\n"


def codes(files: dict[str, str]) -> list[tuple[str, str, int]]:
    """The findings of a project, as code, path and line."""
    _, out = compile_files(
        {"scenes/lab.md": "The lab.\n", "state.yaml": "a: {type: bool}\n"} | files
    )
    return [(item.code, item.span.path.removeprefix("scenes/"), item.span.line) for item in out]


CALL = "`call` [](lab.md)\n\n`ending here`\n"

PROJECTS: dict[str, tuple[dict[str, str], list[tuple[str, str, int]]]] = {
    "a scene with nowhere to go": (
        {"start": "One.\n\nTwo.\n"},
        [("VN0701", "start.md", 3), ("VN0701", "lab.md", 1)],
    ),
    "an empty scene": ({"start": CALL, "empty": ""}, [("VN0701", "empty.md", 1)]),
    "a called scene returns": ({"start": CALL}, []),
    "a scene that a called one jumps to returns": (
        {"start": CALL, "lab": "[](more.md)\n", "more": "More.\n"},
        [],
    ),
    "a scene that is called and jumped to does not always": (
        {"start": "- A\n- [B](lab.md)\n\n" + CALL},
        [("VN0701", "lab.md", 1)],
    ),
    "a scene with parameters is there to be called": (
        {"start": "`ending a`\n", "lab": "---\nparams:\n  x: {type: int}\n---\n\n{x}\n"},
        [],
    ),
    "one branch that ends is not enough": (
        {"start": CALL, "other": "`if a`\n\n`ending a`\n\n`end`\n"},
        [("VN0701", "other.md", 5)],
    ),
    "all branches end": (
        {"start": CALL, "other": "`if a`\n\n`ending a`\n\n`else`\n\n[](lab.md)\n\n`end`\n"},
        [("VN0701", "lab.md", 1)],
    ),
    "all choices end": ({"start": CALL, "other": "- A\n\n  `ending a`\n\n- [B](start.md)\n"}, []),
    "all outcomes end": ({"start": CALL, "other": "1. [](start.md)\n1. A\n\n   `ending a`\n"}, []),
    "an outcome that may not be there": (
        {"start": CALL, "other": "1. [](start.md) `if a`\n"},
        [("VN0701", "other.md", 1)],
    ),
    "a heading that leads only to itself": (
        {
            "lab": "`ending lab`\n",
            "start": "`ending a`\n\n## lonely\n\n"
            "One.\n\n- [Again.](#lonely)\n- End.\n\n  `ending b`\n",
        },
        [("VN0707", "start.md", 3)],
    ),
    "headings that lead only to each other": (
        {
            "lab": "`ending lab`\n",
            "start": "`ending a`\n\n## one\n\nOne.\n\n[](#two)\n\n"
            "## two\n\nTwo.\n\n[](#one)\n\n## three\n\n`ending c`\n",
        },
        [("VN0707", "start.md", 15), ("VN0707", "start.md", 3)],
    ),
    "headings that a lost one leads to": (
        {
            "lab": "`ending lab`\n",
            "start": "`ending a`\n\n## two\n\nTwo.\n\n`ending b`\n\n"
            "## one\n\n- [A](#two)\n- [B](#one)\n- C\n\n### empty\n\n## on\n\n`ending c`\n",
        },
        [("VN0707", "start.md", 9)],
    ),
    "a heading that a call leads to": (
        {
            "lab": "`ending lab`\n",
            "start": "`call` [](#one)\n\n`ending a`\n\n## one\n\nOne.\n\n`return`\n",
        },
        [],
    ),
    "a computed jump": (
        {
            "start": "`jump to`\n\n## one\n\nOne.\n\n## two\n\nTwo.\n\n`ending two`\n",
            "lab": "`return`\n",
        },
        [("VN0702", "start.md", 7)],
    ),
    "calls that pass each other round": (
        {
            "start": "{n}\n\n`call` [](lab.md)\n\n`ending a`\n",
            "lab": "- [Back](other.md)\n- Stay\n",
            "other": "`call` [](start.md)\n",
        },
        [("VN0706", "start.md", 3)],
    ),
    "a call within the scene enters nothing": (
        {"start": "{n}\n\n`call` [](#a)\n\n`ending a`\n\n## a\n\n`return`\n", "lab": "`return`\n"},
        [],
    ),
    "a round over two scenes": (
        {"start": "[](lab.md)\n", "lab": "`set a`\n\n[](start.md)\n"},
        [("VN0703", "start.md", 1)],
    ),
    "a round with a choice": ({"start": "[](lab.md)\n", "lab": "- A\n\n[](start.md)\n"}, []),
    "a round that a condition may leave": (
        {"start": "[](lab.md)\n", "lab": "[](#b) `if a`\n\n[](start.md)\n\n## b\n\n`ending b`\n"},
        [],
    ),
    "a menu of choices that run out, with one that leads out": (
        {
            "start": "## hub\n\n- A `once`\n- [Out](#out) `once`\n\n[](#hub)\n\n"
            "## out\n\n`ending a`\n",
            "lab": "`return`\n",
        },
        [("VN0705", "start.md", 3)],
    ),
}


@pytest.mark.parametrize("name", PROJECTS)
def test_flow(name: str) -> None:
    scenes, expected = PROJECTS[name]
    files = {f"scenes/{scene}.md": text for scene, text in scenes.items()}
    files["state.yaml"] = "a: {type: bool}\nn: {type: int, scope: scene}\n"
    if "computed" in name:
        files["state.yaml"] += "to: {type: label, values: [start.md#one, start.md#two]}\n"
    assert sorted(codes(files)) == sorted(expected)


def test_the_timeline_gives_scenes_somewhere_to_go() -> None:
    files = {
        "timelines/main.yaml": "chapters:\n"
        "  - {title: One, scenes: [start, two]}\n  - {title: Two, scenes: [three]}\n",
        "scenes/start.md": "Start.\n",
        "scenes/lab.md": "`return`\n",
        "scenes/two.md": "Two.\n",
        "scenes/three.md": "Three.\n",
    }
    assert codes(files) == [("VN0701", "three.md", 1)]


def test_next_stands_for_the_heading_below() -> None:
    start = "- [B](#b) `if a`\n- C\n\n[](#next)\n\n## b\n\nB.\n\n`ending b`\n"
    compiled, out = compile_files(
        {"scenes/start.md": start, "scenes/lab.md": "`return`\n", "state.yaml": "a: {type: bool}\n"}
    )
    assert compiled is not None
    assert not out
    ops = compiled.program["scenes"]["start"]["sections"][0]["body"]
    assert ops[-1] == {"op": "jump", "to": "start#b"}
