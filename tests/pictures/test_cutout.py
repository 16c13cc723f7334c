"""Cut-outs of synthetic figures whose alpha is known, and the crop of sets."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from comfyvn.drivers.cutout.flood import reached, regions
from comfyvn.drivers.cutout.matte import cut_out
from comfyvn.drivers.cutout.sets import Figure, measure, placed, places

Plane = NDArray[np.float64]
SIZE = WIDTH, HEIGHT = 416, 608


def png(array: NDArray[np.float64]) -> bytes:
    made = io.BytesIO()
    Image.fromarray(array.round().clip(0, 255).astype(np.uint8)).save(made, "PNG")
    return made.getvalue()


def figure() -> Plane:
    """Return the alpha of a figure: a head, a body that leaves the picture, an arm, some hair."""
    width, height = WIDTH, HEIGHT
    large = Image.new("L", (width * 4, height * 4))
    draw = ImageDraw.Draw(large)
    draw.ellipse([width * 1.5, height * 0.4, width * 2.5, height * 1.3], fill=255)
    draw.polygon(
        [(width * 1.2, height * 4), (width * 1.5, height * 1.2), (width * 2.5, height * 1.2),
         (width * 2.8, height * 4)], fill=255,
    )  # fmt: skip
    arm = [(width * 1.5, height * 1.5), (width * 0.7, height * 2.2), (width * 1.4, height * 2.8)]
    draw.line(arm, fill=255, width=100, joint="curve")
    for i in range(9):
        x = width * (1.6 + i * 0.1)
        draw.line([(x, height * 0.6), (x + (i - 4) * 20, height * 0.2)], fill=255, width=9)
    return np.asarray(large.resize(SIZE, Image.Resampling.BOX), dtype=float) / 255


def grounds() -> dict[str, Plane]:
    y, x = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    return {
        "even": np.stack([x * 0 + 206, x * 0 + 205, x * 0 + 204], axis=-1),
        "shaded": np.stack([215 - 30 * y, 212 - 26 * y + 8 * x, 208 - 20 * y * x], axis=-1),
        "green": np.stack([40 + 10 * x, 200 - 20 * y, 60 + 10 * y], axis=-1),
        "dark": np.stack([30 + 12 * y, 32 + 10 * x, 40 + 8 * x], axis=-1),
    }


def colours() -> Plane:
    y, x = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    return np.stack([150 - 60 * y, 70 + 40 * x, 120 + 30 * np.sin(9 * y)], axis=-1)


@pytest.mark.parametrize("noise", [0, 3, 7])
@pytest.mark.parametrize("ground", list(grounds()))
def test_a_figure_is_cut_out_with_its_edge_and_without_a_fringe(ground: str, noise: float) -> None:
    alpha, below, own = figure(), grounds()[ground], colours()
    grain = np.random.default_rng(1).normal(0, noise, (HEIGHT, WIDTH, 3))
    shown = alpha[..., None] * own + (1 - alpha[..., None]) * below + grain
    found, free = cut_out(png(shown))
    assert free
    made = found[..., 3] / 255
    assert np.minimum(made, alpha).sum() / np.maximum(made, alpha).sum() > 0.985
    assert made[alpha == 0].mean() < 0.002
    assert made[alpha == 1].mean() > 0.998
    edge = (alpha > 0.3) & (alpha < 0.95)
    fringe = np.abs(found[..., :3] - own)[edge].mean()
    assert fringe < np.abs(shown - own)[edge].mean() * 0.6


def test_what_an_arm_encloses_is_ground_and_a_grey_button_is_not() -> None:
    alpha, own = figure(), colours()
    own[HEIGHT * 3 // 4 : HEIGHT * 3 // 4 + 14, WIDTH // 2 : WIDTH // 2 + 14] = (120, 122, 120)
    shown = alpha[..., None] * own + (1 - alpha[..., None]) * grounds()["even"]
    made = cut_out(png(shown))[0][..., 3]
    assert made[int(HEIGHT * 0.55), int(WIDTH * 0.3)] == 0
    assert made[HEIGHT * 3 // 4 + 7, WIDTH // 2 + 7] == 255


def test_a_picture_with_alpha_is_left_as_it_is() -> None:
    rgba = np.dstack([colours(), figure() * 255]).round().astype(np.uint8)
    made = io.BytesIO()
    Image.fromarray(rgba).save(made, "PNG")
    found, free = cut_out(made.getvalue())
    assert free
    assert np.array_equal(found, rgba)


@pytest.mark.parametrize("shown", ["noise", "scenery", "nothing"])
def test_without_an_even_ground_the_picture_stays_whole(shown: str) -> None:
    random = np.random.default_rng(2)
    y, x = np.mgrid[0 : 1 : HEIGHT * 1j, 0 : 1 : WIDTH * 1j]
    pictures = {
        "noise": random.uniform(0, 255, (HEIGHT, WIDTH, 3)),
        "scenery": np.stack([127 + 120 * np.sin(20 * x * y), 255 * (y > x), 128 * x], axis=-1),
        "nothing": grounds()["even"],
    }
    found, free = cut_out(png(pictures[shown]))
    assert not free
    assert (found[..., 3] == 255).all()


MASKS = st.integers(1, 9).flatmap(
    lambda width: st.lists(
        st.lists(st.booleans(), min_size=width, max_size=width), min_size=1, max_size=9
    )
)


def walked(mask: NDArray[np.bool_], start: tuple[int, int]) -> set[tuple[int, int]]:
    """Return the region around a place, step by step."""
    found, waiting = set[tuple[int, int]](), [start]
    while waiting:
        y, x = waiting.pop()
        if (
            (y, x) in found
            or not (0 <= y < mask.shape[0] and 0 <= x < mask.shape[1])
            or not mask[y, x]
        ):
            continue
        found.add((y, x))
        waiting += [(y + 1, x), (y - 1, x), (y, x + 1), (y, x - 1)]
    return found


@given(MASKS, st.randoms())
def test_regions_and_floods_are_what_walking_finds(rows: list[list[bool]], random: object) -> None:
    mask = np.array(rows)
    labels = regions(mask)
    assert np.array_equal(labels > 0, mask)
    for y, x in zip(*np.nonzero(mask), strict=True):
        found = walked(mask, (int(y), int(x)))
        assert {
            (int(a), int(b)) for a, b in zip(*np.nonzero(labels == labels[y, x]), strict=True)
        } == found
    seeds = np.zeros_like(mask)
    seeds[0] = True
    flooded = reached(mask, seeds)
    expected = set[tuple[int, int]]()
    for x in np.flatnonzero(mask[0]):
        expected |= walked(mask, (0, int(x)))
    assert {(int(a), int(b)) for a, b in zip(*np.nonzero(flooded), strict=True)} == expected


# Sets


def block(left: int, top: int, right: int, bottom: int) -> NDArray[np.uint8]:
    picture = np.zeros((120, 100, 4), dtype=np.uint8)
    picture[top:bottom, left:right] = (200, 100, 50, 255)
    return picture


def test_a_set_gets_one_crop_and_one_baseline() -> None:
    set_ = {
        "tall": block(30, 10, 60, 110),
        "moved": block(34, 14, 64, 114),
        "seated": block(25, 60, 65, 108),
    }
    found = places({name: measure(picture) for name, picture in set_.items()})
    done = {name: placed(picture, found[name]) for name, picture in set_.items()}
    assert {each.shape for each in done.values()} == {(102, 44, 4)}
    boxes = {name: measure(picture) for name, picture in done.items()}
    assert {each.bottom for each in boxes.values()} == {102}
    assert {each.stand for each in boxes.values()} == {22}
    assert boxes["tall"].top == 2
    assert np.array_equal(done["tall"], done["moved"])
    for name, picture in set_.items():
        assert (done[name][..., 3] > 0).sum() == (picture[..., 3] > 0).sum()


def test_an_arm_that_is_put_out_does_not_move_the_body() -> None:
    body = block(40, 20, 60, 110)
    waving = body.copy()
    waving[30:40, 60:95] = (200, 100, 50, 255)
    found = places({"plain": measure(body), "waving": measure(waving)})
    assert found["plain"] == found["waving"]


def test_an_empty_picture_is_a_figure_of_its_size() -> None:
    assert measure(np.zeros((8, 6, 4), dtype=np.uint8)) == Figure(0, 0, 6, 8, 3)


@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=2),
        st.tuples(*[st.integers(0, 40)] * 2, *[st.integers(1, 40)] * 2),
        min_size=1,
        max_size=5,
    )
)
def test_no_figure_of_a_set_loses_a_pixel(boxes: dict[str, tuple[int, int, int, int]]) -> None:
    set_ = {name: block(x, y, x + w, y + h) for name, (x, y, w, h) in boxes.items()}
    found = places({name: measure(picture) for name, picture in set_.items()})
    assert len({place.size for place in found.values()}) == 1
    for name, picture in set_.items():
        made = placed(picture, found[name])
        assert (made[..., 3] > 0).sum() == (picture[..., 3] > 0).sum()
        assert made[-1, :, 3].any()
