"""Text as Ren'Py displays it: escaped, with text tags, values interpolated.

What a slot holds is computed before the line, in `$` statements, into plain variables (`t1`,
`t2`…) that the line shows; a text or int variable that the line only prints is shown directly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from comfyvn.targets.renpy.expressions import Expr, Expressions, literal

# What a string in double quotes cannot hold as it is.
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f-\x9f]|[^\S ]|  |\A | \Z|__')
TAGS = {"em": "i", "strong": "b", "del": "s"}
Fragment = Any
Text = Sequence[Fragment]


def escape(text: str) -> str:
    """Return plain text with the characters doubled that Ren'Py's text gives a meaning.

    From 8.1 on `【` begins a reading; how it is written as itself depends on the version, so a
    variable holds that.
    """
    return text.replace("[", "[[").replace("{", "{{").replace("【", "[vn.bracket]")


def quoted(text: str) -> str:
    """Return a Ren'Py string (say, choice, caption) that reads as `text`.

    Ren'Py collapses white space of every kind in such a string, so all but single spaces are
    written as escapes.
    """
    if not _SPECIAL.search(text):
        return f'"{text}"'
    out = ['"']
    before = " "
    for index, char in enumerate(text):
        if char == " ":
            out.append("\\ " if before == " " or index + 1 == len(text) else " ")
        elif char in '"\\':
            out.append(f"\\{char}")
        elif char == "\n":
            out.append("\\n")
        elif char.isspace() or ord(char) < 32 or 0x7F <= ord(char) < 0xA0:
            out.append(f"\\u{ord(char):04x}")
        elif char == "_" and before == "_":
            out.append("\\_")  # `__` begins a private name
        else:
            out.append(char)
        before = char
    return "".join([*out, '"'])


@dataclass
class Temporaries:
    """Numbers the variables of one statement and collects the lines that compute them."""

    lines: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, code: str) -> str:
        """Compute `code` before the statement; return the variable that holds it."""
        self.count += 1
        name = f"t{self.count}"
        self.lines.append(f"$ {name} = {code}")
        return name


class Slots:
    """The values of one text: evaluated once, in order, shown in any language."""

    def __init__(
        self,
        expressions: Expressions,
        slots: Sequence[Expr],
        temporaries: Temporaries,
        texts: Sequence[Text],
    ) -> None:
        """Compute the slots that need it.

        Args:
            expressions: writes expressions.
            slots: the source's slots.
            temporaries: where the computing lines go.
            texts: the text in every language that has it.
        """
        self.expressions = expressions
        self.slots = list(slots)
        self.temporaries = temporaries
        self.values: list[str] = []
        inline = self._inline(texts)
        for index, slot in enumerate(slots):
            code = expressions.code(slot)
            kept = slot[0] == "var" or index in inline
            self.values.append(code if kept else temporaries.add(code))

    def with_extra(self, exprs: Sequence[Expr], temporaries: Temporaries) -> Slots:
        """Return the slots of a translation: the source's, then `exprs`, computed now."""
        other = copy(self)
        other.temporaries = temporaries
        other.slots = [*self.slots, *exprs]
        other.values = [*self.values]
        for expr in exprs:
            code = self.expressions.code(expr)
            other.values.append(code if expr[0] == "var" else temporaries.add(code))
        return other

    def render(self, text: Text, language: str) -> str:
        """Return the text in Ren'Py's notation, not yet quoted."""
        return "".join(self._fragment(fragment, language) for fragment in text)

    def _inline(self, texts: Sequence[Text]) -> set[int]:
        """Return the slots that can be computed where they are used.

        That is: in one language, once, inside the call that makes their form; and drawing slots
        only if that keeps the order of the draws.
        """
        if len(texts) != 1:
            return set()
        uses = list(_uses(texts[0]))
        numbers = [slot for slot, _ in uses]
        formed = {
            slot
            for slot, fragment in uses
            if numbers.count(slot) == 1
            and not ("v" in fragment and self._plain(slot, fragment.get("digits")))
        }
        drawing = [index for index, slot in enumerate(self.slots) if draws(slot)]
        if not formed.issuperset(drawing) or [n for n in numbers if n in drawing] != drawing:
            formed.difference_update(drawing)
        return formed

    def _plain(self, slot: int, digits: int | None) -> bool:
        return digits is None and self.expressions.type(self.slots[slot]) in ("int", "text")

    def _fragment(self, fragment: Fragment, language: str) -> str:
        if isinstance(fragment, str):
            return escape(fragment)
        for style, tag in TAGS.items():
            if style in fragment:
                return f"{{{tag}}}{self.render(fragment[style], language)}{{/{tag}}}"
        if "ruby" in fragment:
            base = self.render(fragment["ruby"], language)
            return f"{{rb}}{base}{{/rb}}{{rt}}{escape(fragment['rt'])}{{/rt}}"
        if "v" in fragment:
            return self._value(fragment["v"], fragment.get("digits"))
        return f"[{self.temporaries.add(self._form(fragment, language))}]"

    def _value(self, slot: int, digits: int | None) -> str:
        kind, value = self.expressions.type(self.slots[slot]), self.values[slot]
        if digits is None and kind == "int":
            return f"[{value}]"
        if digits is None and kind == "text":
            return f"[{value}!q]"
        code = f"vn.show({value})" if digits is None else f"vn.show({value}, {digits})"
        return f"[{self.temporaries.add(code)}]"

    def _form(self, fragment: Mapping[str, Any], language: str) -> str:
        if "wording" in fragment:
            texts = [literal(self.render(option, language)) for option in fragment["of"]]
            return f"vn.wording({', '.join([self.values[fragment['wording']], *texts])})"
        kind = "plural" if "plural" in fragment else "select"
        forms = ", ".join(
            f"{literal(key)}: {literal(self.render(form, language))}"
            for key, form in fragment["forms"].items()
        )
        value = self.values[fragment[kind]]
        if kind == "plural":
            return f"vn.plural({literal(language)}, {value}, {{{forms}}})"
        return f"vn.select({value}, {{{forms}}})"


def draws(expr: Any) -> bool:
    """Whether evaluating an expression may draw from a random stream."""
    return (
        isinstance(expr, list | tuple)
        and bool(expr)
        and (
            expr[0] in ("chance", "roll", "pick", "wording")
            or any(draws(part) for part in expr[1:])
        )
    )


def _uses(text: Text) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield each use of a slot, in the order in which rendering computes them."""
    for fragment in text:
        if isinstance(fragment, str):
            continue
        for key in ("em", "strong", "del", "ruby"):
            yield from _uses(fragment.get(key, ()))
        for option in fragment.get("of", ()):
            yield from _uses(option)
        for form in fragment.get("forms", {}).values():
            yield from _uses(form)
        for key in ("v", "wording", "plural", "select"):
            if key in fragment:
                yield fragment[key], fragment
