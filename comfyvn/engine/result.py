"""What a step made, as the store and other machines keep it."""

from __future__ import annotations

import json
from bisect import bisect_left
from typing import Any, NamedTuple

from comfyvn.engine.digest import ABSENT, digest_of

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Cause(NamedTuple):
    """Why a result is as it is, for whoever asks later.

    Attributes:
        at: when the build began that made it, in seconds since 1970; the same for all its steps.
        how: `ran`, or where a result that held came from: `reused`, `fetched`.
        why: as in `comfyvn.engine.ran.Reason`.
        names: the first of those that changed.
        more: how many others did.
    """

    at: float
    how: str
    why: str
    names: tuple[str, ...] = ()
    more: int = 0


class Result(NamedTuple):
    """What a step made.

    Attributes:
        outputs: name, digest and size of each, in the order of their names.
        reads: name and digest of each discovered input, in the order of their names.
        findings: diagnostics as JSON values.
        inputs: the beginning of each declared input's digest, to tell later which one changed.
        seconds: how long it took.
        cause: why it was made, here; it is no part of what travels to other machines.
    """

    outputs: tuple[tuple[str, str, int], ...]
    reads: tuple[tuple[str, str], ...] = ()
    findings: tuple[Any, ...] = ()
    inputs: tuple[str, ...] = ()
    seconds: float = 0.0
    cause: Cause | None = None

    def digest(self, name: str) -> str:
        """Return the digest of an output; `ABSENT` if there is none of this name."""
        outputs = self.outputs
        at = bisect_left(outputs, (name,))
        return outputs[at][1] if at < len(outputs) and outputs[at][0] == name else ABSENT

    def dump(self) -> str:
        """Return it as JSON."""
        return _encode(self)

    def variant(self) -> str:
        """Return what tells it from other results of its key: what was asked for and found."""
        return digest_of(_encode(self.reads).encode())[:16] if self.reads else ""

    @classmethod
    def parse(cls, body: str | bytes) -> Result:
        """Read what `dump` gave.

        Raises:
            ValueError: it is something else.
        """
        outputs, reads, findings, inputs, seconds, cause = json.loads(body)
        return cls(
            tuple((name, digest, size) for name, digest, size in outputs),
            tuple((name, digest) for name, digest in reads),
            tuple(findings),
            tuple(inputs),
            float(seconds),
            _cause(cause),
        )


def _cause(value: Any) -> Cause | None:
    if value is None:
        return None
    at, how, why, names, more = value
    return Cause(float(at), how, why, tuple(names), int(more))


class Made(NamedTuple):
    """A step's last result and the key it has; the key is empty if the step is to be done again."""

    key: str
    result: Result
