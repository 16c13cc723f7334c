"""Outlines: lists of points, x to the right and y down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Outline = list[Point]


def smooth(points: Sequence[Point], steps: int = 8, *, closed: bool = True) -> Outline:
    """Return a curve through the points: a Catmull–Rom spline."""
    count = len(points)
    found: Outline = []
    for i in range(count if closed else count - 1):
        if closed:
            a, b, c, d = (points[(i + k) % count] for k in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(max(i + k, 0), count - 1)] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            found.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    if not closed:
        found.append(points[-1])
    return found


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )


def rect(x: float, y: float, width: float, height: float) -> Outline:
    """Return a rectangle."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]


def oval(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> Outline:
    """Return an ellipse about a point; `turn` is in radians."""
    steps = 20 if max(rx, ry) < 40 else 40
    angles = [2 * math.pi * step / steps for step in range(steps)]
    cos, sin = math.cos(turn), math.sin(turn)
    return [
        (
            x + rx * math.cos(a) * cos - ry * math.sin(a) * sin,
            y + rx * math.cos(a) * sin + ry * math.sin(a) * cos,
        )
        for a in angles
    ]


def arch(x: float, y: float, width: float, height: float) -> Outline:
    """Return a rectangle whose top is a half circle (or a flatter arc when it is low)."""
    radius, rise = width / 2, min(width / 2, height * 0.7)
    top = [
        (
            x + radius - radius * math.cos(math.pi * i / 16),
            y + rise - rise * math.sin(math.pi * i / 16),
        )
        for i in range(17)
    ]
    return [*top, (x + width, y + height), (x, y + height)]


def ribbon(points: Sequence[Point], width: float, end: float | None = None) -> Outline:
    """Return a band along a line, from `width` wide to `end` wide."""
    end = width if end is None else end
    left: Outline = []
    right: Outline = []
    for i, (x, y) in enumerate(points):
        before, after = points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]
        dx, dy = after[0] - before[0], after[1] - before[1]
        length = math.hypot(dx, dy) or 1.0
        half = (width + (end - width) * i / max(len(points) - 1, 1)) / 2
        left.append((x - dy / length * half, y + dx / length * half))
        right.append((x + dy / length * half, y - dx / length * half))
    return [*left, *reversed(right)]


def moved(points: Iterable[Point], dx: float, dy: float) -> Outline:
    """Return the outline moved."""
    return [(x + dx, y + dy) for x, y in points]


def scaled(points: Iterable[Point], about: Point, by: float, by_y: float | None = None) -> Outline:
    """Return the outline made larger about a point."""
    by_y = by if by_y is None else by_y
    return [(about[0] + (x - about[0]) * by, about[1] + (y - about[1]) * by_y) for x, y in points]


def cut(points: Sequence[Point], amount: float) -> Outline:
    """Return the outline as scissors leave it: each corner off by up to `amount`, always alike."""
    return [
        (
            x + amount * math.sin(x * 12.9898 + y * 78.233),
            y + amount * math.sin(x * 39.346 + y * 11.135),
        )
        for x, y in points
    ]
