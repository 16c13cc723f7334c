"""A sound in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]


class Clip(NamedTuple):
    """A sound in memory.

    Attributes:
        samples: float32 of shape (samples, channels), 1 or 2 channels; full scale is -1 to 1.
        rate: samples a second.
    """

    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / self.rate

    @property
    def channels(self) -> int:
        """1 or 2."""
        return int(self.samples.shape[1])


def mono(clip: Clip) -> Clip:
    """Return the mean of the channels."""
    import numpy as np

    if clip.channels == 1:
        return clip
    return Clip(clip.samples.mean(axis=1, keepdims=True, dtype=np.float32), clip.rate)
