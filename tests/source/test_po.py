"""Catalogues: what is read agrees with another reader of PO, and nothing breaks it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.po import read_po

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def quoted(text: str) -> str:
    for char, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(char, escape)
    return f'"{text}"'


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=30)


@given(st.dictionaries(st.from_regex(r"\Ab[a-z0-9]{7}\Z"), TEXT, max_size=6), st.booleans())
def test_what_is_written_is_read(texts: dict[str, str], split: bool) -> None:
    source = HEADER
    for name, text in texts.items():
        half = len(text) // 2 if split else 0
        parts = [text[:half], text[half:]] if split else [text]
        body = "\n".join(quoted(part) for part in parts)
        source += f"#. a note\n#: scenes/a.md\nmsgctxt {quoted(name)}\nmsgid {quoted('x' + name)}\n"
        source += f"msgstr {body}\n\n"
    out = Diagnostics()
    found = read_po(source, "i18n/fr.po", out)
    assert out == []
    assert {name: message.text for name, message in found.items()} == texts
    assert {name: message.source for name, message in found.items()} == {
        name: "x" + name for name in texts
    }


@given(
    st.lists(
        st.sampled_from(
            ["msgid ", "msgstr ", "msgctxt ", "msgid_plural ", "msgstr[0] ", '"a"', '"',
             "\n", "\\n",
             "#, fuzzy\n", "#~ msgid", "#| ", " ", "\t", "\\", "b", "é", '""\n', "\r\n"]
        ),
        max_size=40,
    ).map("".join)
    | st.text(max_size=80)
)  # fmt: skip
def test_no_text_breaks_the_reader(text: str) -> None:
    out = Diagnostics()
    read_po(text, "i18n/fr.po", out)
    lines = text.split("\n")
    for item in out:
        assert 1 <= item.span.line <= len(lines)


def test_places_and_what_is_passed_over() -> None:
    source = HEADER + (
        'msgctxt "b1"\nmsgid "One."\nmsgstr "Un."\n\n'
        'msgctxt "b2"\nmsgid "Two."\nmsgstr ""\n\n'
        '#, fuzzy, c-format\nmsgctxt "b3"\nmsgid "Three."\nmsgstr "Trois."\n\n'
        '#~ msgctxt "b4"\n#~ msgid "Four."\n#~ msgstr "Quatre."\n'
    )
    out = Diagnostics()
    found = read_po(source, "i18n/fr.po", out)
    assert list(found) == ["b1"]
    assert (found["b1"].line, found["b1"].column, found["b1"].end_column) == (7, 9, 12)
    assert [(item.code, item.severity) for item in out] == [("VN0953", "note")]
