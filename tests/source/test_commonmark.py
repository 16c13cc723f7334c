"""What the parser accepts is what CommonMark says."""

from __future__ import annotations

import os
import random
from pathlib import Path

from hypothesis import HealthCheck, example, given, note, seed, settings
from hypothesis import strategies as st

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.scene import parse_scene
from tests.source.commonmark import comparable, skeleton_of_markdown, skeleton_of_scene

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
SEED = int(os.environ.get("COMFYVN_SEED", random.SystemRandom().randrange(2**32)))
CAST = frozenset({"mei", "kenji", "the clerk"})

WORDS = st.sampled_from(
    ["rain", "Mei", "a", "12", "x_y", "don't", "「強調」", "です", "é", "🎉", "…", "—", "$", "«a»"]
)
SIGNS = st.sampled_from(
    [
        *"*_~`[]()<>\\&!#|:.,-+=^ ",
        "**",
        "***",
        "~~",
        "``",
        "  ",
        "\\*",
        "\\\\",
        "\\`",
        "&amp;",
        "&#42;",
        "&x",
        "](",
        "\xa0",
    ]
)
STYLED = st.sampled_from(
    [
        "*a*",
        "**b**",
        "~~c~~",
        "_d_",
        "__e__",
        "***f***",
        "*g **h** i*",
        "`pause 1`",
        "{mei.trust}",
        "<ruby>漢<rt>かん</rt></ruby>",
        "<!-- x -->",
        "{a|b}",
        "**j**k",
        "*l*.",
        "(*m*)",
        "*n* *o*",
    ]
)
INLINE = st.lists(
    st.one_of(WORDS, WORDS, STYLED, SIGNS, st.just(" "), st.just(" ")), min_size=1, max_size=9
).map("".join)
MILD = st.lists(st.one_of(WORDS, STYLED, st.just(" ")), min_size=1, max_size=7).map("".join)
LINE = st.one_of(
    MILD,
    MILD,
    INLINE,
    st.sampled_from(
        [
            "Mei: text",
            "Mei:",
            "Mei (worried): *text*",
            "Mei：「text」",
            "`show mei` `pause 1`",
            "`call` [x](lab.md#a)",
            "[x](#y)",
            "[](file.md) `if a`",
            "![alt *text*](pic)",
            "text ^id-1",
            "text `once`",
            "Text. \\",
            "# Label",
            "### Label *two* ###",
            "<!-- -->",
            "<!-- tr: note -->",
            "***",
            "- - -",
            "---",
            "___",
            "===",
            "-",
            "+",
            "1.",
            "10. ten",
            "[a]: b",
            "> quote",
            ">",
            "```stage",
            "```",
            "~~~",
            "<b>",
            "| a | b |",
            "--|--",
            "\\- text",
            "1\\. text",
        ]
    ),
)
PREFIX = st.sampled_from(
    [
        "",
        "",
        "",
        "",
        "- ",
        "* ",
        "1. ",
        "2. ",
        "> ",
        "  ",
        "   ",
        "    ",
        " ",
        "- - ",
        "  - ",
        "  > ",
        "   1. ",
        "     ",
        "> > ",
        "-   ",
        "> - ",
        "\t",
    ]
)
SOUP = st.lists(
    st.one_of(st.tuples(PREFIX, LINE).map("".join), st.just(""), st.just("")), max_size=12
).map("\n".join)


@st.composite
def well_formed(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """Lines of a scene whose structure is sound, with any text in it."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["text", "text", "menu", "pick", "page", "fence", "note"]))
        if kind == "text" or depth > 2:
            lines += draw(st.lists(LINE, min_size=1, max_size=3))
        elif kind == "page":
            lines += ["> " + draw(LINE), ">", "> " + draw(MILD)]
        elif kind == "fence":
            lines += ["```stage", "show mei", "  # note", "play music x", "```"]
        elif kind == "note":
            lines += ["<!-- tr: a", "b -->"]
        else:
            for number in range(1, draw(st.integers(1, 3)) + 1):
                marker = "- " if kind == "menu" else f"{number}. "
                pad = " " * len(marker)
                lines.append(marker + draw(LINE))
                if draw(st.booleans()):
                    lines.append("")
                    lines += [pad + line if line else "" for line in draw(well_formed(depth + 1))]
                    lines.append("")
            lines += ["", "<!-- -->"]
        lines.append("")
    return lines


SCENES = st.one_of(SOUP, well_formed().map("\n".join))


def test_accepted_is_commonmark() -> None:
    """Of what is generated, the parser takes some and refuses some."""
    accepted = {True: 0, False: 0}

    @seed(SEED)
    @settings(
        max_examples=max(200, int(10_000 * SCALE)),
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(SCENES)
    @example("- a\n\n  b\n- c\n\n1. d\n\n> e\n\n***")
    @example("*a\\\nb*")
    @example("`a` *b `c` d*")
    @example("\\\\  \nrain\n")
    @example("rain\n\xa0\n")
    @example("rain\\\n\xa0\n")
    def agrees(text: str) -> None:
        note(f"COMFYVN_SEED={SEED}")
        text = "\n" + text  # no front matter
        out = Diagnostics()
        scene = parse_scene(text, "a.md", "a", CAST, out)
        accepted[not out.has_errors] += 1
        if not out.has_errors:
            markdown, ours = comparable(skeleton_of_markdown(text), skeleton_of_scene(scene))
            assert ours == markdown

    agrees()
    assert min(accepted.values()) > sum(accepted.values()) / 50, accepted


EXAMPLE = Path(__file__).parents[2] / "example_project" / "scenes"


def test_the_example_is_commonmark() -> None:
    paths = sorted(EXAMPLE.rglob("*.md"))
    assert paths
    for path in paths:
        lines = path.read_text(encoding="utf-8").split("\n")
        if lines[0] == "---":
            end = lines.index("---", 1)
            lines[: end + 1] = [""] * (end + 1)
        text = "\n".join(lines)
        out = Diagnostics()
        cast = {line.split(":")[0].split(" (")[0].split(" as ")[0] for line in lines if ":" in line}
        names = {name for name in cast if name.istitle() and " " not in name}
        scene = parse_scene(text, "a.md", "a", names, out)
        assert not out.has_errors, (path, [item for item in out if item.severity == "error"])
        markdown, ours = comparable(skeleton_of_markdown(text), skeleton_of_scene(scene))
        assert ours == markdown, path
