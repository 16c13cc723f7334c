"""Fixes made in files: each whole or not at all, and none twice."""

from __future__ import annotations

from pathlib import Path

from advisory.scenes import advice as text_advice
from advisory.test_advice import FILES, advice, write
from hypothesis import given
from hypothesis import strategies as st

from comfyvn.advisory.mend import edits_of, mended
from comfyvn.advisory.passages import translated_passages
from comfyvn.advisory.typography import check_typography
from comfyvn.cli.main import main
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Edit, Span
from comfyvn.source.po import Message

PATH = "scenes/start.md"


def edit(line: int, column: int, end: int, text: str) -> Edit:
    return Edit(Span.on_line(PATH, line, column, end), text)


def finding(*fix: Edit) -> Diagnostic:
    return Diagnostic("VN1712", "warning", "so", Span.whole_file(PATH), None, (), fix)


def test_a_fix_is_made_whole_or_not_at_all() -> None:
    first = finding(edit(1, 1, 3, "A"), edit(2, 1, 2, "B"))
    touching = finding(edit(3, 1, 2, "C"), edit(1, 3, 4, "D"))
    other = finding(edit(3, 2, 3, ""))
    edits = edits_of([first, touching, other, first])
    assert edits == {PATH: [edit(1, 1, 3, "A"), edit(2, 1, 2, "B"), edit(3, 2, 3, "")]}
    assert mended("abcd\nef\ngh", edits[PATH]) == "Acd\nBf\ng"


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 5), st.integers(0, 3))))
def test_edits_that_are_made_never_touch(places: list[tuple[int, int, int]]) -> None:
    text = "abcdefgh\nijklmnop\nqrstuvwx"
    fixes = [finding(edit(line, at, at + length, "#")) for line, at, length in places]
    made = edits_of(fixes).get(PATH, [])
    changed = mended(text, made)
    assert changed.count("#") == len(made)
    gone = sum(each.span.end_column - each.span.column for each in made)
    assert len(changed) == len(text) - gone + len(made)
    assert bool(made) == bool(places)


def test_check_fixes_what_it_can_and_says_what_is_left(tmp_path: Path) -> None:
    write(tmp_path, FILES)
    scene = tmp_path / "scenes/end.md"
    scene.write_bytes(b"The the rain  falls , (so.\r\n\r\n`ending rain`\r\n")
    assert {each.code for each in advice(tmp_path)} >= {"VN1712", "VN1713", "VN1715", "VN1716"}
    assert main(["check", "-q", "--fix", "-C", str(tmp_path)]) == 0
    assert scene.read_bytes() == b"The rain falls, (so.\r\n\r\n`ending rain`\r\n"
    assert [each.code for each in advice(tmp_path)] == ["VN1715", "VN1717"]
    before = scene.read_bytes()
    assert main(["check", "-q", "--fix", "-C", str(tmp_path)]) == 0
    assert scene.read_bytes() == before


def test_a_fix_in_a_catalogue_writes_no_quote() -> None:
    out = Diagnostics()
    text = "It’s “a”, it’s “b”, it's."
    message = Message(text, text, 3, 9, 9 + len(text))
    check_typography(translated_passages("i18n/en.po", [("b1", "line", message)]), "en", out)
    assert [each.fix[0].text for each in out] == ["’"]
    straight = 'It\'s "a", it\'s “b”. It\'s "c".'
    message = Message(straight, straight, 3, 9, 9 + len(straight))
    out.clear()
    check_typography(translated_passages("i18n/en.po", [("b1", "line", message)]), "en", out)
    assert [each.fix for each in out] == [(), ()]
    assert [len(each.fix) for each in text_advice(straight)] == [1, 1]
