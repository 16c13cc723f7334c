from __future__ import annotations

from lsprotocol.types import MarkupContent, MarkupKind

from comfyvn.lsp.wording import plain, worded

TEXT = (
    "**Mei**, `mei`, she\n\n![mei](file:///a.png)\n\n*Her heart. Not in the game.*\n\n"
    "Set in\n- [scenes/one.md:3](file:///one.md#L3)\n- and 2 * 3 more"
)
PLAIN = (
    "Mei, mei, she\n\nHer heart. Not in the game.\n\n"
    "Set in\n- scenes/one.md:3\n- and 2 * 3 more"
)  # fmt: skip


def test_plain_words_have_no_marks_and_no_pictures() -> None:
    assert plain(TEXT) == PLAIN


def test_a_client_is_answered_in_what_it_shows() -> None:
    both = [MarkupKind.PlainText, MarkupKind.Markdown]
    assert worded(TEXT, both) == MarkupContent(MarkupKind.Markdown, TEXT)
    assert worded(TEXT, both[:1]) == MarkupContent(MarkupKind.PlainText, PLAIN)
    assert worded(TEXT) == PLAIN
