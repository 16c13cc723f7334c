"""A step's result as it is in a shared cache: canonical JSON, and believed only as far as its form.

    {"findings": […], "outputs": [[name, digest, size], …], "reads": [[name, digest or null], …],
     "seconds": 1.5}

Findings are as `comfyvn.engine.findings` writes them. The digests of the step's own inputs are not
in it: who asks knows them.
"""

from __future__ import annotations

import json
import math
import re
from itertools import pairwise
from typing import Any

from comfyvn.engine.digest import ABSENT
from comfyvn.engine.result import Result
from comfyvn.engine.step import canonical

BLOB_LIMIT = 1 << 30
"""The most bytes that one output may have in a shared cache."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_FIELDS = {"outputs", "reads", "findings", "seconds"}


def is_digest(text: object) -> bool:
    """Return whether this is a digest as we write it; it may then be part of a path."""
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


def record_json(result: Result) -> dict[str, Any]:
    """Return a result as a JSON object."""
    return {
        "outputs": [list(output) for output in result.outputs],
        "reads": [[name, None if digest == ABSENT else digest] for name, digest in result.reads],
        "findings": list(result.findings),
        "seconds": result.seconds,
    }


def write_record(result: Result) -> bytes:
    """Return a result as canonical JSON."""
    return canonical(record_json(result)).encode()


def read_record(data: bytes) -> Result:
    """Read what `write_record` wrote.

    Raises:
        ValueError: it is no record, or not canonical.
    """
    result = parse_record(load_json(data))
    if write_record(result) != data:
        raise ValueError("not canonical")
    return result


def parse_record(value: Any) -> Result:
    """Return the result that a JSON object stands for.

    It is well formed and no more: whether its names are the step's is for the caller to see.

    Raises:
        ValueError: it is no record.
    """
    if not isinstance(value, dict) or value.keys() != _FIELDS:
        raise ValueError("not a record")
    outputs, reads, findings, seconds = (
        value[field] for field in ("outputs", "reads", "findings", "seconds")
    )
    well_formed = (
        isinstance(outputs, list)
        and all(map(_is_output, outputs))
        and all(a[0] < b[0] for a, b in pairwise(outputs))
        and isinstance(reads, list)
        and all(map(_is_read, reads))
        and isinstance(findings, list)
        and all(map(_is_finding, findings))
        and type(seconds) in {int, float}
        and math.isfinite(seconds)
        and seconds >= 0
    )
    if not well_formed:
        raise ValueError("not a record")
    return Result(
        outputs=tuple((name, digest, size) for name, digest, size in outputs),
        reads=tuple((name, ABSENT if digest is None else digest) for name, digest in reads),
        findings=tuple(findings),
        seconds=seconds,
    )


def load_json(data: bytes) -> Any:
    """Return the JSON value that bytes from outside hold.

    Raises:
        ValueError: they hold none, or one that nests too deeply to be ours.
    """
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _is_finding(value: Any) -> bool:
    """Whether this is what `comfyvn.engine.findings.as_json` gives: it is shown to the user."""
    match value:
        case [
            str(),
            "error" | "warning" | "note",
            str(),
            list(span),
            None | str(),
            list(related),
            list(fix),
        ]:
            return _is_span(span) and all(map(_is_text_at, [*related, *fix]))
    return False


def _is_text_at(value: Any) -> bool:
    match value:
        case [list(span), str()]:
            return _is_span(span)
    return False


def _is_span(value: list[Any]) -> bool:
    return (
        len(value) == 5
        and isinstance(value[0], str)
        and all(type(number) is int and 0 <= number < 1 << 31 for number in value[1:])
    )


def _is_output(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 3
        and isinstance(value[0], str)
        and is_digest(value[1])
        and type(value[2]) is int
        and 0 <= value[2] <= BLOB_LIMIT
    )


def _is_read(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and (value[1] is None or is_digest(value[1]))
    )
