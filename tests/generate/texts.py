"""Awkward text, written so that Scene Markdown says exactly it."""

from __future__ import annotations

import random
import re

from tests.generate.values import Values

PIECES = [
    *"rain door bell sea night lamp key train".split(),
    "[x]", "[[x]]", "{b}", "{{", "}}", "{w=2}", "%s", "%(name)s", "100%", "%%", "#", "# heading",
    "\\", "\\n", "C:\\new", '"quoted"', "'single'", "it’s", "“curly”", "«guillemets»", "`tick`",
    "*star*", "_under_", "~~gone~~", "<b>", "</ruby>", "a < b", "&amp;", "&", "<!-- -->", "---",
    "- item", "1. one", "> quote", "1984. It was", "Mei: hello", "Note: this", "a|b", "^id", "=",
    "![alt](x)", "[link](#x)", "$x$", "@mei", "::", ";", "!q", "[x!t]", "{#id}", "\\{n\\}",
    "日本語、。「」", "한국어", "中文！", "עברית", "שלום עולם", "العربية", "ไทย", "नमस्ते", "Ωmega",
    "naïve", "e\u0301te\u0301", "A\u030a", "🦊", "👍🏽", "🇯🇵", "ﬁ", "İ", "ß", "x\u00a0y", "…", "—",
    "½", "+", "None",
]  # fmt: skip
_SPECIAL = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_HARMLESS = frozenset("\"',;?!%$@/")


def escape(rng: random.Random, text: str) -> str:
    """Return Markdown that reads as `text`; what needs no escape is sometimes left without."""
    return "".join(
        f"\\{c}" if c in _SPECIAL and not (c in _HARMLESS and rng.random() < 0.5) else c
        for c in text
    )


class Texts:
    """Writes inline text."""

    def __init__(self, rng: random.Random, values: Values) -> None:
        self.rng = rng
        self.values = values

    def plain(self, least: int = 1, most: int = 6) -> str:
        """Return some words, unescaped."""
        return " ".join(self.rng.choice(PIECES) for _ in range(self.rng.randint(least, most)))

    def words(self, least: int = 1, most: int = 4) -> str:
        """Return some words, escaped, that may begin a line."""
        words = escape(self.rng, self.plain(least, most))
        return f"\\{words}" if words[0] in _HARMLESS else words

    def line(self, *, draws: bool = True, effects: bool = False) -> str:
        """Return a line of text with all that may stand in one."""
        rng = self.rng
        if rng.random() < 0.02:
            return self.words(300, 600)
        parts = [self.words()]
        for _ in range(rng.choice((0, 0, 0, 1, 1, 2, 3))):
            parts.append(self._part(draws))
            if effects and rng.random() < 0.3:
                parts.append(self.effect())
            parts.append(self.words())
        if effects and rng.random() < 0.05:
            parts.append(self.effect())
        return " ".join(parts)

    def quoted(self) -> str:
        """Return a text for between the quotes of a directive, with some parts."""
        text = re.sub(r'(?<!\\)"', r"\"", self.words(1, 6)).replace("\\`", "")
        return text + self.rng.choice(("", "", " {n}", " *em*", " {a|b}", " {x:.1}"))

    def _part(self, draws: bool) -> str:
        rng, values = self.rng, self.values
        kind = rng.randrange(9 if draws else 7)
        if kind == 0:
            mark = rng.choice(("*", "**", "~~"))
            return f"{mark}{rng.choice(('word', 'two words', '{n}', 'é'))}{mark}"
        if kind == 1:
            return "<ruby>漢字<rt>かんじ</rt></ruby>"
        if kind == 2:
            return f"{{{values.of(values.any_type(), draws=draws)}}}"
        if kind == 3:
            return f"{{{values.of('number', draws=draws)}:.{rng.randrange(4)}}}"
        if kind == 4:
            amount = values.of(rng.choice(("int", "number")), draws=draws)
            return f"{{{amount}, plural, one {{# {self._form()}}} other {{{self._form()} #}}}}"
        if kind == 5:
            forms = f"calm {{{self._form()}}} other {{{self._form()} {{n}}}}"
            return f"{{mood, select, {forms}}}"
        if kind == 6:
            return f"{{mei.gender, select, she {{{self._form()}}} other {{{self._form()}}}}}"
        options = [self._form() for _ in range(rng.randint(2, 4))]
        return f"{{{'|'.join(options)}}}"

    def _form(self) -> str:
        return escape(self.rng, self.rng.choice(PIECES))

    def effect(self) -> str:
        """Return an effect."""
        return self.rng.choice(
            (
                "`pause 0.5`",
                "`pause`",
                "`play sfx bang`",
                "`play sfx bang volume 0.5`",
                "`stop music`",
                "`show mei happy at left`",
                "`hide mei`",
                "`camera zoom 1.2 at 0.5 0.25 over 1`",
                "`camera with shake`",
                "`speed 2`",
            )
        )
