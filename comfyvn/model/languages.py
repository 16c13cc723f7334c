"""Names of languages: BCP 47 tags."""

from __future__ import annotations

import re

_TAG = re.compile(
    r"""
    (?: [a-z]{2,3} (?: -[a-z]{3} ){0,3}             # language: `de`, `zh-yue`
        (?: -[a-z]{4} )?                            # script: `Latn`
        (?: -(?: [a-z]{2} | [0-9]{3} ) )?           # region: `BR`, `419`
        (?: -(?: [a-z0-9]{5,8} | [0-9][a-z0-9]{3} ) )*
        (?: -[a-wyz0-9] (?: -[a-z0-9]{2,8} )+ )*
        (?: -x (?: -[a-z0-9]{1,8} )+ )?
    | x (?: -[a-z0-9]{1,8} )+                       # one of your own
    | i-(?: ami | bnn | default | enochian | hak | klingon | lux | mingo | navajo | pwn | tao
        | tay | tsu )
    | en-gb-oed | sgn-(?: be-fr | be-nl | ch-de ) | art-lojban | cel-gaulish
    | no-(?: bok | nyn ) | zh-(?: guoyu | hakka | min | min-nan | xiang )
    )
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
"""RFC 5646, 2.1. Of the languages with five letters and more, none is registered."""

_NAMES = """
ar arabic العربية|bg bulgarian български|bn bengali বাংলা|ca catalan català|cs czech čeština
cy welsh cymraeg|da danish dansk|de german deutsch|el greek ελληνικά|en english
eo esperanto|es spanish español espanol castellano|et estonian eesti|eu basque euskara
fa persian farsi فارسی|fi finnish suomi|fil filipino|fr french français francais|ga irish gaeilge
gl galician galego|he hebrew עברית|hi hindi हिन्दी|hr croatian hrvatski|hu hungarian magyar
hy armenian հայերեն|id indonesian|is icelandic íslenska|it italian italiano|ja japanese 日本語
ka georgian ქართული|kk kazakh қазақша|ko korean 한국어|la latin latina|lt lithuanian lietuvių
lv latvian latviešu|ms malay melayu|nb norwegian norsk bokmål|nl dutch nederlands
pl polish polski|pt portuguese português portugues|ro romanian română|ru russian русский
sk slovak slovenčina|sl slovenian slovene slovenščina|sq albanian shqip|sr serbian српски srpski
sv swedish svenska|sw swahili kiswahili|ta tamil தமிழ்|te telugu తెలుగు|th thai ไทย
tr turkish türkçe turkce|uk ukrainian українська|ur urdu اردو|vi vietnamese|zh chinese 中文
"""
_TAGS = {
    name: tag
    for tag, *names in (entry.split() for entry in re.split(r"[|\n]", _NAMES.strip()))
    for name in names
}

_COMMON = frozenset(
    re.split(r"\W", entry.strip())[0] for entry in re.split(r"[|\n]", _NAMES.strip())
)


def is_tag(language: str) -> bool:
    """Whether a name is built as a BCP 47 tag; no registry is asked."""
    return _TAG.fullmatch(language) is not None


def tag_for(language: str) -> str | None:
    """Return the tag that was likely meant by what is none."""
    hyphened = language.strip().replace("_", "-")
    if is_tag(hyphened):
        return hyphened
    return _TAGS.get(hyphened.casefold())


def common_language(name: str) -> str | None:
    """Return the tag of one of the more common languages, by its tag or a name that it goes by;
    None for whatever else is called so."""
    tag = tag_for(name)
    return tag if tag is not None and tag.partition("-")[0].casefold() in _COMMON else None
