"""Which asset somebody means who names one on the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

_SHOWN = 12


def pick(words: Sequence[str], names: Sequence[str]) -> str | None:
    """Return the name that words mean; if that is none or several, say so.

    Words mean the one name that they are, without its kind, too: `kit grin` for `sprite kit grin`;
    else the one that has all of them.

    Args:
        words: as they were typed.
        names: each begins with its kind.
    """
    from comfyvn.plan.casting import LINE
    from comfyvn.source.nearest import nearest
    from comfyvn.source.render import plain

    def bare(name: str) -> str:
        return name.removeprefix(f"{LINE} ") if name.startswith(LINE) else name.partition(" ")[2]

    asked = " ".join(words)
    parts = asked.casefold().split()
    exact = [name for name in names if asked.casefold() in (name.casefold(), bare(name.casefold()))]
    fitting = exact or [name for name in names if set(parts) <= set(name.casefold().split())]
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        known = list(dict.fromkeys(word for name in names for word in name.casefold().split()))
        meant = [word if word in known else nearest(word, known) for word in parts]
        near = " ".join(filter(None, meant)) if all(meant) and meant != parts else None
        help = f"did you mean `{near}`?" if near else "`comfyvn assets` lists them all"
        print(plain(f"the story asks for no `{asked}`; {help}"), file=sys.stderr)
        return None
    print(f"`{plain(asked)}` may be one of {len(fitting)}; say which:", file=sys.stderr)
    for name in fitting[:_SHOWN]:
        print(f"  {plain(name)}", file=sys.stderr)
    if len(fitting) > _SHOWN:
        print(f"  and {len(fitting) - _SHOWN} more", file=sys.stderr)
    return None
