"""Connected regions of masks, by runs of rows and columns: few passes whatever the size."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Labels = NDArray[np.int64]


def reached(mask: Mask, seeds: Mask) -> Mask:
    """Return the part of a mask that is connected, by sides, with seeds in it."""
    return _settled(mask, (mask & seeds).view(np.uint8)).view(np.bool_)


def regions(mask: Mask) -> Labels:
    """Return the regions of a mask, connected by sides: a number above 0 for each, 0 outside."""
    numbers = np.arange(1, mask.size + 1, dtype=np.int64).reshape(mask.shape)
    return _settled(mask, np.where(mask, numbers, 0))


def _settled(mask: Mask, values: NDArray[Any]) -> NDArray[Any]:
    """Return values with the greatest of each region in all of it."""
    rows, columns = _Runs(mask), _Runs(mask.T)
    while True:
        wider = columns.spread(rows.spread(values).T).T
        if np.array_equal(wider, values):
            return np.ascontiguousarray(wider)
        values = wider


class _Runs:
    """The runs of a mask along its rows."""

    def __init__(self, mask: Mask) -> None:
        # A column of outside on the right keeps runs from going on in the next row.
        padded = np.pad(mask, ((0, 0), (0, 1))).ravel().view(np.int8)
        edges = np.flatnonzero(np.diff(padded, prepend=np.int8(0)))
        self._lengths = edges[1::2] - edges[::2]
        self._starts = np.cumsum(self._lengths) - self._lengths
        self._inside = np.flatnonzero(mask.ravel())

    def spread(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values with the greatest of each run in all of it, and 0 outside."""
        out = np.zeros_like(values, order="C")
        if len(self._starts):
            greatest = np.maximum.reduceat(values.ravel()[self._inside], self._starts)
            out.ravel()[self._inside] = np.repeat(greatest, self._lengths)
        return out
