"""What each construct becomes."""

from __future__ import annotations

import pytest

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.inline import parse_inline
from comfyvn.source.syntax import (
    At,
    Break,
    Directives,
    Forms,
    Hash,
    Jump,
    Line,
    Menu,
    Page,
    Pick,
    Picture,
    Ruby,
    Span,
    Styled,
    Text,
    Value,
    Wordings,
)
from tests.source.parsing import body, findings, parse


def line(text: str) -> Line:
    (only,) = body(text)
    assert isinstance(only, Line)
    return only


def inline(text: str) -> Text:
    return line(text).text


@pytest.mark.parametrize(
    ("text", "names", "said"),
    [
        ("Mei: Hello.", ["mei"], "Hello."),
        ("mei : Hello.", ["mei"], "Hello."),
        ("MEI\u00a0:Hello.", ["mei"], "Hello."),
        ("Mei Lin: Hello.", ["mei lin"], "Hello."),
        ("Agent: K: Hello.", ["agent: k"], "Hello."),
        ("D'Arcy: Hello: you.", ["d'arcy"], "Hello: you."),
        ("Mr. O: Hello.", ["mr. o"], "Hello."),
        ("Mei & Kenji: Hello.", ["mei", "kenji"], "Hello."),
        ("美咲＆Mei：「はい」", ["美咲", "mei"], "「はい」"),
        ("???: Hello.", ["???"], "Hello."),
        ('Mei as "???": Hello.', ["mei"], "Hello."),
        ('Mei as "A: voice" (smile): Hello.', ["mei"], "Hello."),
        ("Mei: (quietly) Hello.", ["mei"], "(quietly) Hello."),
        ("Mei:\\\nHello.", ["mei"], "Hello."),
    ],
)
def test_speakers(text: str, names: list[str], said: str) -> None:
    spoken = line(text)
    assert spoken.speaker is not None
    assert spoken.speaker.names == names
    assert spoken.text == [said]
    assert spoken.source == said


def test_cues_and_alias() -> None:
    speaker = line("Mei as “the voice” （worried、 off， a）：「…」").speaker
    assert speaker is not None
    assert speaker.alias == "the voice"
    assert speaker.cues == [
        ("worried", At(1, 21, 28)),
        ("off", At(1, 30, 33)),
        ("a", At(1, 35, 36)),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It said one thing: run.",
        "Note\\: no.",
        "At 10:30 the bell rings.",
        "see http: nothing",
        "Re:Zero",
        "The door: shut. The window: open.",
        "\\Mei: Hello.",
        "太郎\\：「a」",
    ],
)
def test_narration_with_colons(text: str) -> None:
    assert line(text).speaker is None


def test_alone_speaker_has_the_lines_below() -> None:
    one, two, three = body("Mei (whisper):\nOne.\nKenji: Two.\n*Three.*")
    assert isinstance(one, Line)
    assert isinstance(two, Line)
    assert isinstance(three, Line)
    assert [beat.speaker and beat.speaker.names for beat in (one, two, three)] == [
        ["mei"],
        ["kenji"],
        ["mei"],
    ]


def test_joined_lines() -> None:
    beat = line("Mei: One *two \\\nthree* four \\\nfive. `once` ^a")
    assert beat.text == ["One ", Styled("em", ["two\nthree"]), " four\nfive."]
    assert beat.source == "One *two\nthree* four\nfive."
    assert beat.modifiers == [Span("once", At(3, 8, 12))]
    assert beat.name == "a"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a *b* **c** ~~d~~", ["a ", ("em", "b"), " ", ("strong", "c"), " ", ("del", "d")]),
        ("***a***", [("em", ("strong", "a"))]),
        ("_a_ snake_case 2~3 ~", [("em", "a"), " snake_case 2~3 ~"]),
        ("\\*a\\* \\{b\\} \\[c\\] \\\\ \\d", ["*a* {b} [c] \\ \\d"]),
        ("&amp; &#42; &eacute; &nothing; & &lt;b>", ["& * é &nothing; & <b>"]),
        ("a <!-- b --> c", ["a c"]),
        ("a < b, [c] (d) ^_^ 5 <3 ____", ["a < b, [c] (d) ^_^ 5 <3 ____"]),
    ],
)
def test_styles_and_escapes(text: str, expected: list[object]) -> None:
    def plain(pieces: Text) -> list[object]:
        told: list[object] = []
        for piece in pieces:
            if isinstance(piece, Styled):
                inner = plain(piece.text)
                told.append((piece.style, inner[0] if len(inner) == 1 else inner))
            else:
                told.append(piece)
        return told

    assert plain(inline(text)) == expected


def test_values() -> None:
    assert inline("{ mei.trust :.2} *{a}*{min(a, b)}") == [
        Value("mei.trust", 2, At(1, 3, 12)),
        " ",
        Styled("em", [Value("a", None, At(1, 20, 21))]),
        Value("min(a, b)", None, At(1, 24, 33)),
    ]


def test_wordings() -> None:
    assert inline("{a *b*|c\\|d|}") == [
        Wordings([["a ", Styled("em", ["b"])], ["c|d"], []], At(1, 1, 14))
    ]


def test_forms() -> None:
    text = "{len(found), plural, one {# candle\\#} other {*#* of {n}, {g, select, other {#}}}}"
    assert inline(text) == [
        Forms(
            "plural",
            "len(found)",
            {
                "one": [Hash(At(1, 27, 28)), " candle#"],
                "other": [
                    Styled("em", [Hash(At(1, 47, 48))]),
                    " of ",
                    Value("n", None, At(1, 54, 55)),
                    ", ",
                    Forms("select", "g", {"other": [Hash(At(1, 77, 78))]}, At(1, 59, 60)),
                ],
            },
            At(1, 2, 12),
        )
    ]
    assert inline("{g, select, she {#1} other {x}}") == [
        Forms("select", "g", {"she": ["#1"], "other": ["x"]}, At(1, 2, 3))
    ]


def test_ruby() -> None:
    assert inline("<ruby>漢<rt>かん</rt>字<rt>じ</rt></ruby>です") == [
        Ruby(["漢"], "かん"),
        Ruby(["字"], "じ"),
        "です",
    ]


def test_effects_part_styles() -> None:
    assert inline("*a `pause 1` **b `play sfx c`*** d.") == [
        Styled("em", ["a "]),
        Span("pause 1", At(1, 5, 12)),
        Styled("em", [Styled("strong", ["b "])]),
        Span("play sfx c", At(1, 19, 29)),
        "d.",
    ]


def test_only_trailing_spans_are_modifiers() -> None:
    beat = line("A `once` b. `pause 1` `if x > 1` `once`")
    assert [span.source for span in beat.modifiers] == ["if x > 1", "once"]
    assert beat.source == "A `once` b. `pause 1`"
    assert beat.text[1] == Span("once", At(1, 4, 8))
    assert beat.text[-1] == Span("pause 1", At(1, 14, 21))


def test_directive_lines() -> None:
    first, second, third = body('`a` `b c`\n`` notify "`" ``\n`call with x=1` [t](l%20b.md#r)')
    assert isinstance(first, Directives)
    assert [span.source for span in first.spans] == ["a", "b c"]
    assert isinstance(second, Directives)
    assert second.spans == [Span('notify "`"', At(2, 4, 14))]
    assert isinstance(third, Directives)
    assert third.link is not None
    assert (third.link.path, third.link.label) == ("l b.md", "r")
    assert third.link.at == At(3, 21, 31)


def test_stage_fence() -> None:
    blocks = body('```stage\n# all\n  show mei  # her\n\nnotify "#1"\ncall x [a](b.md)\n```')
    assert [block.spans[0] for block in blocks if isinstance(block, Directives)] == [
        Span("show mei", At(3, 3, 11)),
        Span('notify "#1"', At(5, 1, 12)),
        Span("call x", At(6, 1, 7)),
    ]
    last = blocks[-1]
    assert isinstance(last, Directives)
    assert last.link is not None
    assert last.link.path == "b.md"


def test_jumps_and_pictures() -> None:
    jump, other, picture, rest = body(
        "[*x*](<a b.md#c> ) `if d`\n\n[](#caf%C3%A9)\n\n![A *red* kite](<mei kite>)\n\n***"
    )
    assert isinstance(jump, Jump)
    assert (jump.link.path, jump.link.label) == ("a b.md", "c")
    assert [span.source for span in jump.modifiers] == ["if d"]
    assert isinstance(other, Jump)
    assert other.link.label == "café"
    assert isinstance(picture, Picture)
    assert (picture.asset, picture.alt) == ("mei kite", "A red kite")
    assert isinstance(rest, Break)


def test_menu() -> None:
    (menu,) = body(
        "- Kenji: Run! `once` ^run\n"
        '- [Stay *here*](#x) `if a` `locked "no"`\n'
        "- One \\\n  more. <!-- tr: two lines -->\n  Said.\n\n"
        "  - Inner.\n\n    Deep.\n\n"
        "- [](#y) `else`"
    )
    assert isinstance(menu, Menu)
    run, stay, more, other = menu.items
    assert run.speaker is not None
    assert (run.text, run.name, run.modifiers[0].source) == (["Run!"], "run", "once")
    assert stay.link is not None
    assert stay.text == ["Stay ", Styled("em", ["here"])]
    assert stay.source == "Stay *here*"
    assert [span.source for span in stay.modifiers] == ["if a", 'locked "no"']
    assert (more.source, more.tr) == ("One\nmore.", "two lines")
    said, inner = more.body
    assert isinstance(said, Line)
    assert said.text == ["Said."]
    assert isinstance(inner, Menu)
    assert isinstance(inner.items[0].body[0], Line)
    assert other.text == []
    assert other.link is not None


def test_pick() -> None:
    (pick,) = body(
        "1. `play sfx a` `set b` `weight 2`\n2. Text. `pause 1` `if c`\n3.\n4. [](#d)\n"
        "5. ![e](f)\n6. Mei: g"
    )
    assert isinstance(pick, Pick)
    stage, text, nothing, jump, picture, spoken = pick.items
    assert isinstance(stage.body[0], Directives)
    assert [span.source for span in stage.body[0].spans] == ["play sfx a", "set b"]
    assert [span.source for span in stage.modifiers] == ["weight 2"]
    assert text.text == ["Text. ", Span("pause 1", At(2, 11, 18))]
    assert (nothing.text, nothing.body) == ([], [])
    assert jump.link is not None
    assert isinstance(picture.body[0], Picture)
    assert spoken.speaker is not None
    assert [item.number for item in pick.items] == [1, 2, 3, 4, 5, 6]


def test_pages() -> None:
    page, second = body("> Dear Mei, \\\n> hello.\n>\n> `pause 1`\n> Kenji: Bye.\n\n> Two")
    assert isinstance(page, Page)
    first, pause, last = page.body
    assert isinstance(first, Line)
    assert (first.text, first.gap) == (["Dear Mei,\nhello."], False)
    assert isinstance(pause, Directives)
    assert isinstance(last, Line)
    assert last.gap
    assert isinstance(second, Page)


def test_sections() -> None:
    scene, out = parse(
        "a\n\n# One *two* & three! #\n\n###### One two  three\n\n# One two & three\n"
    )
    assert not out
    assert [(item.title, item.slug, item.base, item.level) for item in scene.sections] == [
        ("", "", "", 0),
        ("One two & three!", "one-two--three", "one-two--three", 1),
        ("One two  three", "one-two--three-1", "one-two--three", 6),
        ("One two & three", "one-two--three-2", "one-two--three", 1),
    ]


def test_notes() -> None:
    text = "<!-- tr: one\n  two -->\n<!-- VO: low -->\n\nMei: a <!-- tr: three --> <!-- no -->"
    beat = line(text)
    assert (beat.tr, beat.vo) == ("one two\nthree", "low")
    assert beat.source == "a"
    assert line("a <!-- tr: b --> c <!-- vo: d --> e").tr == "b"
    named = line("Mei: a <!-- tr: b --> `once` <!-- vo: c --> ^d")
    assert (named.source, named.name, named.tr, named.vo) == ("a", "d", "b", "c")
    first, second = body("a <!-- tr: b -->\nc")
    assert isinstance(first, Line)
    assert isinstance(second, Line)
    assert (first.tr, second.tr) == ("b", None)


def test_positions_count_code_points() -> None:
    assert findings("e\u0301🎉 {b") == ["VN0105w 1 e\u0301", "VN0403 1 {"]


def test_text_that_looks_like_structure() -> None:
    for text in ("1.5 metres", "-5 degrees", "#1 fan", "a - b", "10:30", "=", "|a|", "1)a"):
        assert inline(text) == [text]
    first, second = body("In the year\n1984. It was")
    assert isinstance(first, Line)
    assert isinstance(second, Line)


def test_text_outside_of_scenes() -> None:
    out = Diagnostics()
    text = parse_inline("Uno *dos\ntres* {n} `pause 1`", "es.po", 7, 9, out)
    assert not out
    assert text == [
        "Uno ",
        Styled("em", ["dos\ntres"]),
        " ",
        Value("n", None, At(8, 8, 9)),
        " ",
        Span("pause 1", At(8, 12, 19)),
    ]
    assert parse_inline("", "es.po", 1, 1, out) == []
    parse_inline("a {b", "es.po", 7, 9, out)
    assert [(item.code, item.span.line, item.span.column) for item in out] == [("VN0403", 7, 11)]
