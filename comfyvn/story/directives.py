"""All directives and modifiers of the language.

Importing the modules that describe them is what fills the registry.
"""

from __future__ import annotations

from comfyvn.story import directives_logic, directives_sound, directives_stage
from comfyvn.story.directive_form import PLACES, TRANSITIONS
from comfyvn.story.directive_registry import DIRECTIVES, MODIFIERS, Directive

__all__ = [
    "DIRECTIVES",
    "MODIFIERS",
    "Directive",
    "directives_logic",
    "directives_sound",
    "directives_stage",
    "reference",
]

_INTRODUCTION = """\
# Directives

A line of code spans, or a `stage` fence with one directive a line, directs the stage and the flow
of the story. In the forms below, what stands in capitals is yours to fill in, what stands in
brackets may be left out, `a|b` is one of several, and `…` any number. Clauses come last, in any
order. `comfyvn explain NAME` prints one of these entries.

**Time.** `with` names a transition, and the story waits until it is over. `over N` alone
dissolves for N seconds alongside what follows; `and wait` waits for that too. What each takes when
no time is given: {transitions}.

**Places.** {places}, a prop's own anchors, or two numbers from 0 to 1: how far from the left and
from the top.
"""


def reference() -> str:
    """Return the page `docs/directives.md`."""
    times = ", ".join(f"`{name}` {seconds:g} s" for name, seconds in TRANSITIONS.items() if seconds)
    places = ", ".join(f"`{name}`" for name in PLACES)
    parts = [
        _INTRODUCTION.format(transitions=f"{times}, `cut` none", places=places),
        *map(_entry, sorted(DIRECTIVES.values(), key=_chapter)),
        "# Modifiers\n\nThese trail a line, a jump, a choice or an outcome of a pick.\n",
        *map(_entry, MODIFIERS.values()),
    ]
    return "\n".join(parts)


def _chapter(directive: Directive) -> int:
    """Return where a directive's module stands on the page, whichever was imported first."""
    chapters = [
        module.__name__ for module in (directives_logic, directives_sound, directives_stage)
    ]
    return chapters.index(directive.lower.__module__) if directive.lower else 0


# Which module was imported first must not show in messages that list directives.
_in_order = {each.name: each for each in sorted(DIRECTIVES.values(), key=_chapter)}
DIRECTIVES.clear()
DIRECTIVES.update(_in_order)


def _entry(directive: Directive) -> str:
    lines = [f"## {directive.name}", "", f"`{directive.form}`", "", directive.doc]
    if directive.inline:
        lines += ["", f"Inside a line of text too: `{directive.inline}` fires when it is reached."]
    fence = "````" if "`" in directive.example else "```"
    return "\n".join([*lines, "", fence, directive.example, fence, ""])
