"""Numbers and how they are written; `docs/determinism.md` is the specification.

An int stays a Python int and a number may be either kind: they differ only by the operation.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

LIMIT = 2**53


def clamp(x: float) -> float:
    """Bring a result into ±2^53; a negative zero becomes zero."""
    if -LIMIT <= x <= LIMIT:
        return x or 0
    return LIMIT if x > 0 else -LIMIT


def divide(a: int, b: int) -> tuple[float, float]:
    """Return `a // b` and `a % b` of integers."""
    return (clamp(a // b), a % b) if b else (0, 0)


def divide_numbers(a: float, b: float) -> tuple[float, float]:
    """Return `a // b` and `a % b` of numbers."""
    if b == 0:
        return 0, 0
    a, b = float(a), float(b)
    quotient = float(math.floor(clamp(a / b)))
    return clamp(quotient), clamp(a - clamp(quotient * b))


def print_number(x: float) -> str:
    """Return the shortest digits that read back as `x`, without exponent or trailing `.0`."""
    text = repr(x)
    if "e" in text:
        return f"{Decimal(text):f}"
    return text.removesuffix(".0")


def fixed(x: float, digits: int) -> str:
    """Return exactly `digits` digits after the point, from the exact value, halves to even."""
    text = f"{x:.{digits}f}"
    return text if text.strip("-0.") else text.lstrip("-")


def print_value(value: Any, digits: int | None = None) -> str:
    """Return a value as text shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return print_number(value) if digits is None else fixed(value, digits)
    return ", ".join(value) if isinstance(value, list) else str(value)
