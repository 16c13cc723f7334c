"""Nudity in pictures, as the detector of the package `nudenet` sees it; its model is in its wheel.

Labels and scores: https://github.com/notAI-tech/NudeNet
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from comfyvn.plan.classifiers import Guess

RATED = {
    "FEMALE_GENITALIA_EXPOSED": ("adult", "uncovered genitals"),
    "MALE_GENITALIA_EXPOSED": ("adult", "uncovered genitals"),
    "ANUS_EXPOSED": ("adult", "an uncovered anus"),
    "FEMALE_BREAST_EXPOSED": ("mature", "uncovered breasts"),
    "BUTTOCKS_EXPOSED": ("mature", "uncovered buttocks"),
}
"""Of the detector's labels those that a rating may follow from: the rating, and what is seen."""


class NudeNet:
    """The detector, ready to look. A `PictureClassifier`."""

    def __init__(self) -> None:
        from nudenet import NudeDetector

        self._detector = NudeDetector()

    def classify(self, picture: bytes) -> Sequence[Guess]:
        """Return what is seen in the first frame of a picture, each kind once, the surest first.

        Raises:
            OSError: Pillow cannot read it.
        """
        with Image.open(io.BytesIO(picture)) as image:
            layer = image.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        ground.alpha_composite(layer)
        # The detector takes what OpenCV would read: blue first.
        blue_first = np.ascontiguousarray(np.asarray(ground.convert("RGB"))[:, :, ::-1])
        return guesses(self._detector.detect(blue_first))


def guesses(detections: Sequence[dict[str, object]]) -> list[Guess]:
    """Return what a list of detections (`class`, `score`) means, each kind once, surest first."""
    surest: dict[str, float] = {}
    for each in detections:
        label, score = str(each["class"]), each["score"]
        if label in RATED and isinstance(score, float):
            surest[label] = max(surest.get(label, 0.0), score)
    ranked = sorted(surest.items(), key=lambda each: -each[1])
    return [Guess(*RATED[label], score) for label, score in ranked]
