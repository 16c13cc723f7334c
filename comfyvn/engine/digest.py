"""Digests: BLAKE3 in hexadecimal, of bytes, files and steps."""

from __future__ import annotations

import os
from collections.abc import Iterable

from blake3 import blake3

from comfyvn.source.files import open_file

# A null build that looks into a touched source has no time for `typing` or `pathlib`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

ABSENT = ""
"""Stands for the digest of what is not there."""
UNREADABLE = "unreadable"
"""Begins what stands for the digest of a file that is there and cannot be read."""

_BLOCK = 1 << 16
_LARGE = 1 << 20


def digest_of(data: bytes) -> str:
    """Return the digest of bytes: 64 hexadecimal digits."""
    return blake3(data).hexdigest()


def digest_file(path: str | Path) -> str:
    """Return the digest of a file's content.

    Raises:
        OSError: the file cannot be read.
    """
    # Blocks of 64 KiB: `os.read` allocates what it is asked for before it reads.
    descriptor = open_file(path)
    try:
        hasher = (
            blake3(max_threads=blake3.AUTO) if os.fstat(descriptor).st_size > _LARGE else blake3()
        )
        while block := os.read(descriptor, _BLOCK):
            hasher.update(block)
        return hasher.hexdigest()
    finally:
        os.close(descriptor)


def unread(error: OSError) -> str:
    """Return what stands for the digest of a file that cannot be read: another for each cause."""
    return f"{UNREADABLE}: {error.errno}"


def step_key(facts: Iterable[str], inputs: Iterable[tuple[str, str]]) -> str:
    """Return the key of a step.

    Args:
        facts: what identifies the step but its inputs: rule, version, action, parameters, tool.
        inputs: the name and digest of each, in the rule's order.
    """
    # No fact holds a NUL, and the two lists are parted by an empty one: no two steps read alike.
    parts = [*facts, ""]
    for name, digest in inputs:
        parts += (name, digest)
    return blake3("\0".join(parts).encode()).hexdigest()
