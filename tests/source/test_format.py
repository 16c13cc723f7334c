"""The formatter: a second run changes nothing, and a scene says what it said."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.format import format_scene, tidy
from comfyvn.source.format_yaml import format_yaml
from comfyvn.source.scene import parse_scene
from comfyvn.source.yaml import load_yaml

SPEAKERS = frozenset({"mei", "???"})
KEYS = ["title", "location", "music"]

PIECES = st.sampled_from(
    [
        "The rain stops.  ", "Mei (smile): *Oh.* `once`", "Mei: a `pause 1` b", "## one ##",
        "# two", "* A.", "- B. `if  a>1`", "+ C.", "1. x", "2. y", "1) z `weight  2`", "  Under.",
        "   Under.", "`set  a+=1`", "`show  mei   at left` `end`", "~~~ stage\n  show   mei \n~~~",
        "```stage\nhide mei\n```", "---", "***", "> A page.", ">", "> \\", "<!-- note  -->",
        "<!-- tr: x -->", "[x](#one)", "[](b.md)", "joined \\\nline", "", "", "", "", "  `end`",
        "![alt](cat)", "a {x|y} {n, plural, other {#}} b", "^a", '`set a = "x  y"`', "  - nested",
        "    - deep",
    ]
)  # fmt: skip
HEADS = st.sampled_from(
    ["", "---\nmusic: x\n# about the title\ntitle: A\n\nlocation: r\n---\n", "---\ntitle: B\n---\n"]
)
SCENES = st.tuples(HEADS, st.lists(PIECES, max_size=14).map("\n".join)).map("".join)


@given(SCENES)
def test_formatting_twice_is_formatting_once(text: str) -> None:
    once = format_scene(text, "a.md", "a", SPEAKERS, KEYS)
    out = Diagnostics()
    parse_scene(text, "a.md", "a", SPEAKERS, out)
    assert (once is None) == out.has_errors
    if once is not None:
        assert format_scene(once, "a.md", "a", SPEAKERS, KEYS) == once


@given(st.lists(PIECES, max_size=14).map("\n\n".join))
def test_a_scene_with_one_kind_of_marker_becomes_canonical(text: str) -> None:
    text = text.replace("* A", "- A").replace("+ C", "- C").replace("1) z", "3. z")
    made = format_scene(text, "a.md", "a", SPEAKERS, KEYS)
    if made is not None:
        assert not any(line != line.rstrip() for line in made.split("\n"))
        assert "\n\n\n" not in made
        assert "~~~" not in made


@given(st.text(max_size=40))
def test_tidying_is_idempotent_and_keeps_quotes(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert '"a  b"' in tidy('notify   "a  b"')


def test_the_canonical_form() -> None:
    text = (
        "---\nmusic: x\n# what players read\ntitle: A\n---\n# Head ##\nMei: Hi.   \n\n\n"
        "* [a](#head) `if  a`\n* B\n\n  `set  x+=1`\n\n1) one\n2) two\n\n"
        "~~~ stage\nshow mei\n~~~\n***\nEnd.\n\n"
    )
    assert format_scene(text, "a.md", "a", SPEAKERS, KEYS) == (
        "---\n# what players read\ntitle: A\nmusic: x\n---\n\n# Head\n\nMei: Hi.\n\n"
        "- [a](#head) `if a`\n- B\n\n  `set x += 1`\n\n1. one\n2. two\n\n"
        "```stage\nshow mei\n```\n\n---\n\nEnd.\n"
    )


VALUES = st.recursive(
    st.sampled_from(
        ["a", "no", "1_000", "2001-01-01", "0o17", "'x: y'", '"é"', "1.50", "~", "[b, 'c']"]
    ),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.dictionaries(st.sampled_from("abcd"), inner, min_size=1, max_size=3)
    ),
    max_leaves=8,
)


def written(value: object, indent: int, step: int) -> str:
    pad = " " * indent
    if isinstance(value, dict):
        return "".join(
            f"\n{pad}{key}:{written(item, indent + step, step)}" for key, item in value.items()
        )
    if isinstance(value, list):
        return "".join(
            f"\n{pad}-{written(item, indent + step, step)}  # note {i}" if isinstance(item, str)
            else f"\n{pad}-{written(item, indent + step, step)}"
            for i, item in enumerate(value)
        )  # fmt: skip
    return f" {value}"


@given(st.dictionaries(st.sampled_from("wxyz"), VALUES, min_size=1), st.integers(1, 6))
def test_yaml_keeps_values_and_comments(value: dict[str, object], step: int) -> None:
    text = "# first\n" + written(value, 0, step).lstrip("\n") + "\n\n\n# last\n"
    before = load_yaml(text, "a.yaml", Diagnostics())
    assert before is not None
    made = format_yaml(text, "a.yaml")
    assert made is not None
    after = load_yaml(made, "a.yaml", Diagnostics())
    assert after is not None
    assert after.plain() == before.plain()
    assert sorted(made.count(f"# note {i}") for i in range(3)) == sorted(
        text.count(f"# note {i}") for i in range(3)
    )
    assert format_yaml(made, "a.yaml") == made
