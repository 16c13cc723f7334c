"""Figures with soft edges and no fringe of the ground's colour."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from comfyvn.drivers.cutout.flood import Mask
from comfyvn.drivers.cutout.ground import Colours, Ground, find_ground

if TYPE_CHECKING:
    from PIL.Image import Image

Picture = NDArray[np.uint8]
"""Height x width x 4: colours and alpha, not multiplied."""


def cut_out(data: bytes) -> tuple[Picture, bool]:
    """Cut the figure of a picture out of its ground.

    Args:
        data: the file of a picture. If it is transparent somewhere, that is left as it is.

    Returns:
        The figure, and whether it stands free: False if there is no even ground to cut it from,
        and the picture is whole.

    Raises:
        OSError: it is no picture that Pillow can read.
    """
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        if image.has_transparency_data:
            figure = np.array(image.convert("RGBA"))
            if (figure[..., 3] < 250).mean() > 0.005:
                return figure, True
        colours = np.array(image.convert("RGB"))
    ground = find_ground(colours.astype(np.float32))
    if ground is None:
        return np.dstack([colours, np.full(colours.shape[:2], 255, np.uint8)]), False
    return _matted(colours.astype(np.float32), ground), True


def _matted(picture: Colours, ground: Ground) -> Picture:
    """Return the figure; along its edge, what shares of each pixel are its own and the ground's.

    A pixel C there is a mix aF + (1 - a)B of the figure's colour and the ground's; F and B are
    taken from what is surely figure and ground nearby. Then a = |C - B| / |F - B|, and with a
    known, C says what F is at that very pixel.
    """
    reach = max(2, round(min(picture.shape[:2]) / 400))
    surely = _shrunk(~ground.mask, reach)
    edge = _grown(~ground.mask, reach) & ~surely
    inner, there = _nearby(picture, surely, 4 * reach)
    distance = np.linalg.norm(picture - ground.colours, axis=2)
    apart = np.linalg.norm(inner - ground.colours, axis=2)
    # What is thinner than the edge is wide, as a hair, is itself where it differs most.
    apart = np.where(there, apart, _greatest(distance, reach))
    least = ground.tolerance * 0.4
    share = np.clip((distance - least) / np.maximum(apart - least, 1), 0, 1)
    # What looks like the ground is as the mask has it.
    alike = apart < 2 * ground.tolerance
    share[alike] = _blurred((~ground.mask).astype(np.float32)[..., None], 1)[..., 0][alike]
    alpha = np.where(edge, share, surely.astype(np.float32))
    a = np.maximum(alpha, 0.05)[..., None]
    own = np.clip((picture - (1 - a) * ground.colours) / a, 0, 255)
    # The less there is of the figure in a pixel, the less it says of its colour.
    trust = np.where(there, np.clip((alpha - 0.1) / 0.5, 0, 1), 1)[..., None]
    colours = np.where((alpha < 1)[..., None], trust * own + (1 - trust) * inner, picture)
    colours[alpha == 0] = 0
    return np.dstack([colours, alpha * 255]).round().astype(np.uint8)


def _nearby(picture: Colours, mask: Mask, reach: int) -> tuple[Colours, Mask]:
    """Return the mean colour of the masked pixels around each pixel, and where there are some."""
    weight = mask.astype(np.float32)[..., None]
    sums, weights = _blurred(picture * weight, reach), _blurred(weight, reach)
    mean = np.divide(sums, np.maximum(weights, 1e-4), dtype=np.float32)
    return mean, weights[..., 0] > 1e-4


def _blurred(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Return the means of squares of 2 * reach + 1 pixels."""
    for axis in (0, 1):
        length = values.shape[axis]
        sums = np.cumsum(values, axis=axis, dtype=np.float64)
        sums = np.concatenate([np.zeros_like(sums.take([0], axis)), sums], axis)
        low = np.maximum(np.arange(length) - reach, 0)
        high = np.minimum(np.arange(length) + reach + 1, length)
        counts = (high - low).reshape([-1 if each == axis else 1 for each in range(values.ndim)])
        values = ((sums.take(high, axis) - sums.take(low, axis)) / counts).astype(np.float32)
    return values


def _greatest(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """Return the greatest value near each pixel; of what is above 255, that."""
    from PIL import Image

    image = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    return np.array(image.filter(_filter("MaxFilter", reach))).astype(np.float32)


def _grown(mask: Mask, reach: int) -> Mask:
    return np.array(_as_image(mask).filter(_filter("MaxFilter", reach))) > 0


def _shrunk(mask: Mask, reach: int) -> Mask:
    return np.array(_as_image(mask).filter(_filter("MinFilter", reach))) > 0


def _as_image(mask: Mask) -> Image:
    from PIL import Image

    return Image.fromarray(mask.astype(np.uint8) * 255)


def _filter(name: str, reach: int) -> type:
    from PIL import ImageFilter

    made: type = getattr(ImageFilter, name)(2 * reach + 1)
    return made
