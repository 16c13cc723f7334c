"""Pictures as targets ship them: their format, size, colours and bytes."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from plan.test_picture_checks import figure, other_rgb, saved

from comfyvn.drivers.deliver import KEPT, Codec, deliver
from comfyvn.plan.delivery import form_of
from comfyvn.plan.shown import SCREEN, screen, shown_size


def photograph(size: tuple[int, int] = (800, 450)) -> Image.Image:
    """A picture with grain and soft shapes, as cameras and painters make them."""
    random = np.random.default_rng(7)
    rough = random.integers(0, 256, (12, 20, 3), np.uint8)
    soft = np.asarray(Image.fromarray(rough).resize(size, Image.Resampling.BICUBIC)).astype(int)
    return Image.fromarray(np.clip(soft + random.normal(0, 6, soft.shape), 0, 255).astype(np.uint8))


def drawing(size: tuple[int, int] = (800, 450)) -> Image.Image:
    """A picture of flat colours and hard edges."""
    rows, columns = np.mgrid[0 : size[1], 0 : size[0]]
    colours = np.array([[20, 30, 60], [240, 200, 90], [180, 40, 70], [250, 250, 250]], np.uint8)
    return Image.fromarray(colours[(rows // 50 + columns // 70) % 4])


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def fits(kind: str, width: int = 1920) -> Any:
    return lambda w, h: shown_size(kind, w, h, screen(width))


def distance(one: Image.Image, other: Image.Image) -> float:
    """The mean difference of two pictures of one size, in steps of 255."""
    pair = [np.asarray(image.convert("RGB")).astype(float) for image in (one, other)]
    return float(np.abs(pair[0] - pair[1]).mean())


@pytest.mark.parametrize("kind", ["background", "picture", "sprite", "prop", "image"])
@pytest.mark.parametrize("size", [(4000, 2250), (2250, 4000), (300, 200)])
def test_nothing_is_larger_than_it_is_shown_nor_enlarged(kind: str, size: tuple[int, int]) -> None:
    made = deliver(saved(Image.new("RGB", size, "#335577"), "JPEG"), "webp", fits(kind))
    width, height = opened(made.data).size
    assert (width, height) == (made.width, made.height)
    shown = shown_size(kind, *size, SCREEN)
    assert width <= min(size[0], max(shown.width, size[0] if size[0] < shown.width * 1.02 else 0))
    assert abs(width / height - size[0] / size[1]) < 0.02
    if size[0] > shown.width * 1.02:
        assert (width, height) == shown


def test_sizes_are_those_of_the_stage() -> None:
    assert shown_size("background", 4000, 2250, SCREEN) == (1920, 1080)
    assert shown_size("background", 1000, 1000, SCREEN) == (1920, 1920)  # covers
    assert shown_size("picture", 1000, 1000, SCREEN) == (1080, 1080)  # is seen whole
    assert shown_size("sprite", 840, 1880, SCREEN) == (420, 940)
    assert shown_size("prop", 480, 480, SCREEN) == (228, 228)
    assert shown_size("image", 1000, 500, SCREEN) == (1296, 648)
    assert shown_size("sprite", 840, 1880, screen(3840)) == (840, 1880)


@pytest.mark.parametrize(
    ("target", "said", "form"),
    [
        ("web", {}, "webp-1920"),
        ("web", {"web": {"pictures": "avif", "width": 1280}}, "avif-1280"),
        ("renpy", {"renpy": {"pictures": "avif"}}, "webp-1920"),
        ("renpy", {"renpy": {"pictures": "kept"}}, "plain-1920"),
        ("web", {"web": {"pictures": "kept"}}, "kept-1920"),
        ("renpy", {"web": {"pictures": "kept"}}, "webp-1920"),
    ],
)
def test_each_target_has_its_form(target: str, said: Any, form: str) -> None:
    assert form_of(said, target) == form


def test_a_painting_is_sent_with_loss_and_a_drawing_without() -> None:
    painted = deliver(saved(photograph()), "webp", fits("background"))
    drawn = deliver(saved(drawing()), "webp", fits("background"))
    assert b"VP8L" not in painted.data[:32]
    assert b"VP8L" in drawn.data[:32]
    assert distance(opened(drawn.data), drawing()) == 0
    assert 0 < distance(opened(painted.data), photograph()) < 6
    assert len(painted.data) < len(saved(photograph())) / 5


def test_the_edge_of_a_figure_stays_as_it_was() -> None:
    image = figure((400, 900))
    made = opened(deliver(saved(image), "webp", fits("sprite")).data)
    assert made.mode == "RGBA"
    assert made.getchannel("A").tobytes() == image.getchannel("A").tobytes()


def test_what_shines_through_does_not_colour_the_edge() -> None:
    image = Image.new("RGBA", (400, 1880), (0, 255, 0, 0))
    image.paste((200, 0, 0, 255), (100, 100, 300, 1800))
    pixels = np.asarray(opened(deliver(saved(image), "webp", fits("sprite")).data))
    assert pixels.shape[:2] == (940, 200)
    assert pixels[pixels[..., 3] > 40][:, 1].max() < 40


@pytest.mark.parametrize("codec", KEPT)
@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "AVIF", "GIF"])
def test_what_is_good_stays_byte_for_byte(codec: Codec, format: str) -> None:
    data = saved(drawing() if format in ("PNG", "GIF") else photograph(), format)
    made = deliver(data, codec, fits("background"))
    if format in KEPT[codec] and codec != "avif":
        assert made.data is data
    assert opened(made.data).format in {"PNG", "JPEG", "WEBP"} | KEPT[codec]
    assert made.suffix == f".{opened(made.data).format.lower().replace('jpeg', 'jpg')}"
    assert distance(opened(made.data), opened(data)) < 6
    again = deliver(data, codec, fits("background"))
    assert again == made


def test_what_is_a_little_too_large_is_not_encoded_twice() -> None:
    data = saved(photograph((290, 290)), "WEBP")
    assert deliver(data, "webp", fits("prop")).data is data
    larger = saved(photograph((310, 310)), "WEBP")
    assert opened(deliver(larger, "webp", fits("prop")).data).size == (228, 228)


def test_a_small_jpeg_is_not_made_larger() -> None:
    data = saved(photograph(), "JPEG", quality=40)
    assert deliver(data, "webp", fits("background")).data is data


@pytest.mark.parametrize("codec", ["kept", "plain", "webp"])
def test_what_players_would_see_wrongly_is_converted(codec: Codec) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    grey = np.tile(np.linspace(0, 65535, 300).astype(np.uint16), (200, 1))
    for data, mode in (
        (saved(photograph().convert("CMYK"), "JPEG"), "RGB"),
        (saved(photograph(), "JPEG", exif=exif), "RGB"),
        (saved(Image.fromarray(grey)), "RGB"),
        (saved(figure(), icc_profile=other_rgb()), "RGBA"),
        (saved(figure(), "GIF", save_all=True, append_images=[figure().rotate(180)]), "RGBA"),
    ):
        made = opened(deliver(data, codec, fits("sprite")).data)
        assert made.mode == mode
        assert made.getexif().get(0x0112, 1) == 1
        assert "icc_profile" not in made.info
        assert not getattr(made, "is_animated", False)
    turned = opened(deliver(saved(photograph(), "JPEG", exif=exif), codec, fits("picture")).data)
    assert turned.size == (450, 800)


def test_a_profile_is_applied() -> None:
    colours = Image.new("RGB", (64, 64), (120, 60, 30))
    made = opened(deliver(saved(colours, icc_profile=other_rgb()), "webp", fits("prop")).data)
    assert distance(made, Image.new("RGB", (64, 64), (60, 120, 30))) < 3


def test_avif_comes_beside_what_everyone_shows_if_it_is_smaller() -> None:
    made = deliver(saved(photograph()), "avif", fits("background"))
    assert opened(made.data).format == "WEBP"
    assert opened(made.avif).format == "AVIF"
    assert len(made.avif) <= 0.9 * len(made.data)
    assert distance(opened(made.avif), photograph()) < 7
    assert deliver(saved(drawing()), "avif", fits("background")).avif == b""


SIDE = st.integers(1, 300) | st.sampled_from([1, 2, 8193, 17_000])


@settings(max_examples=12, deadline=None)
@given(SIDE, SIDE, st.sampled_from(["RGB", "RGBA", "L", "P", "LA"]), st.sampled_from(sorted(KEPT)))
@example(20_000, 100, "RGB", "webp")
@example(20_000, 100, "CMYK", "kept")
@example(1, 1, "LA", "avif")
def test_any_size_can_be_delivered(width: int, height: int, mode: str, codec: Codec) -> None:
    height = height if width < 1000 else min(height, 100)
    image = Image.new("RGBA", (width, height), (200, 90, 30, 120)).convert(mode)
    data = saved(image, "JPEG" if mode == "CMYK" else "PNG")
    for kind in ("background", "sprite", "prop"):
        made = deliver(data, codec, fits(kind, 320))
        assert opened(made.data).size == (made.width, made.height)
        assert made.data is data or max(made.width, made.height) <= 8192
