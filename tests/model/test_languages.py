"""Names of languages: what is a BCP 47 tag, and what was meant by what is none."""

from __future__ import annotations

import pytest

from comfyvn.model import languages
from comfyvn.model.languages import is_tag, tag_for


@pytest.mark.parametrize(
    "tag",
    # Of RFC 5646, appendix A, and some that are common.
    """de fr ja i-enochian zh-Hant zh-Hans sr-Cyrl sr-Latn zh-cmn-Hans-CN cmn-Hans-CN zh-yue-HK
    yue-HK zh-Hans-CN sr-Latn-RS sl-rozaj sl-rozaj-biske sl-nedis de-CH-1901 sl-IT-nedis
    hy-Latn-IT-arevela de-DE en-US es-419 de-CH-x-phonebk az-Arab-x-AZE-derbend x-whatever
    qaa-Qaaa-QM-x-southern de-Qaaa sr-Latn-QM sr-Qaaa-RS en-US-u-islamcal zh-CN-a-myext-x-private
    en-a-myext-b-another pt-BR fil ca-valencia EN-us en-GB-oed zh-min-nan tlh ast""".split(),
)
def test_tags(tag: str) -> None:
    assert is_tag(tag)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("german", "de"),
        ("German", "de"),
        ("Deutsch", "de"),
        ("fran\u00e7ais", "fr"),
        ("espa\u00f1ol", "es"),
        ("\u65e5\u672c\u8a9e", "ja"),
        ("pt_BR", "pt-BR"),
        ("latvian", "lv"),
        ("elvish", None),
        ("de-419-DE", None),
        ("a-DE", None),
        ("d", None),
        ("", None),
        ("en-", None),
        ("de\n", "de"),
    ],
)
def test_what_is_none(written: str, meant: str | None) -> None:
    assert not is_tag(written)
    assert tag_for(written) == meant


def test_the_table_is_of_tags() -> None:
    assert len(languages._TAGS) > 90
    assert all(is_tag(tag) and not is_tag(name) for name, tag in languages._TAGS.items())
