"""Addresses of servers as they are shown."""

from __future__ import annotations

import re

# A password may hold what an address does not: all up to the last `@`, unless a port is before.
_SECRET = re.compile(r"(?<=://)(?:[^/:\[\s]*:(?!\d*(?:[/?#\s]|$))[^\s]*@|[^/\s]*@)")


def shown(text: str) -> str:
    """Return text with no name and password in the addresses that it quotes."""
    return _SECRET.sub("***@", text)


def covered(text: str) -> str:
    """Return text of the same length, with `*` for names and passwords in addresses."""
    return _SECRET.sub(lambda found: "*" * (len(found[0]) - 1) + "@", text)
