"""Every kind of hand-made picture that is odd or broken: a finding, and no more than that."""

from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from comfyvn.drivers.deliver import deliver
from comfyvn.drivers.picture import FORMATS, PictureError, read_picture
from comfyvn.plan.asset_checks import check_asset, find_assets
from comfyvn.plan.requests import AssetRequest
from comfyvn.source.diagnostics import Diagnostics

SCALE = float(os.environ.get("COMFYVN_COUNT_SCALE", "0.1"))
COUNT = max(20, round(3000 * SCALE))


def figure(size: tuple[int, int] = (400, 940), mode: str = "RGBA") -> Image.Image:
    """A figure that stands on a transparent ground."""
    width, height = size
    rows, columns = np.mgrid[0:height, 0:width]
    inside = np.abs(columns - width / 2) < width / 4
    made = np.zeros((height, width, 4), np.uint8)
    made[..., 0] = rows % 256
    made[..., 1] = columns % 256
    made[..., 2] = 90
    made[..., 3] = inside * 255
    return Image.fromarray(made).convert(mode)


def scenery(size: tuple[int, int] = (1920, 1080)) -> Image.Image:
    return Image.linear_gradient("L").resize(size).convert("RGB")


def saved(image: Image.Image, format: str = "PNG", **options: Any) -> bytes:
    data = io.BytesIO()
    image.save(data, format, **options)
    return data.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, depth: int, colour: int, rows: bytes) -> bytes:
    """A PNG whose header says what one likes."""
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def other_rgb() -> bytes:
    """A profile of other colours than sRGB: red and green have changed places."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = data.replace(b"sRGB", b"ours").replace(
        "sRGB".encode("utf-16-be"), "ours".encode("utf-16-be")
    )
    return data.replace(b"rXYZ", b"?XYZ").replace(b"gXYZ", b"rXYZ").replace(b"?XYZ", b"gXYZ")


def found(
    tmp_path: Path, data: bytes, name: str = "mei.png", kind: str = "sprite"
) -> list[tuple[str, str]]:
    (tmp_path / name).write_bytes(data)
    out = Diagnostics()
    facts = check_asset(tmp_path / name, f"assets/{name}", [kind], out)
    assert (facts is None) == out.has_errors
    return [(item.code, item.severity) for item in out]


FRAMES = [figure((40, 94)), figure((40, 94)).rotate(180)]
ORIENTED = Image.Exif()
ORIENTED[0x0112] = 6
BAD: dict[str, tuple[Callable[[], bytes], str, str, list[tuple[str, str]]]] = {
    "empty": (lambda: b"", "a.png", "sprite", [("VN1003", "error")]),
    "text": (lambda: b"la la la", "a.png", "sprite", [("VN1003", "error")]),
    "svg": (lambda: b"<?xml version='1.0'?>\n<svg/>", "a.png", "sprite", [("VN1003", "error")]),
    "psd": (lambda: b"8BPS\0\1" + bytes(60), "a.png", "sprite", [("VN1003", "error")]),
    "tiff": (lambda: saved(figure(), "TIFF"), "a.png", "sprite", [("VN1003", "error")]),
    "bmp": (lambda: saved(scenery(), "BMP"), "a.png", "background", [("VN1003", "error")]),
    "heic": (lambda: b"\0\0\0\x18ftypheic" + bytes(60), "a.jpg", "sprite", [("VN1003", "error")]),
    "cut png": (lambda: saved(figure())[:3000], "a.png", "sprite", [("VN1205", "error")]),
    "cut jpeg": (
        lambda: saved(scenery(), "JPEG")[:-9000], "a.jpg", "background", [("VN1205", "error")],
    ),
    "cut webp": (
        lambda: saved(figure(), "WEBP")[:-400], "a.webp", "sprite", [("VN1205", "error")],
    ),
    "cut avif": (
        lambda: saved(figure(), "AVIF")[:-400], "a.avif", "sprite", [("VN1205", "error")],
    ),
    "bomb": (
        lambda: png(60_000, 60_000, 1, 0, bytes(10_000)), "a.png", "sprite", [("VN1206", "error")],
    ),
    "large": (
        lambda: png(9000, 9000, 1, 0, bytes(9000 * 1126)), "a.png", "picture",
        [("VN1206", "error")],
    ),
    "long": (
        lambda: saved(Image.new("RGB", (9000, 5000)), "JPEG"), "a.jpg", "background",
        [("VN1206", "warning")],
    ),
    "animated gif": (
        lambda: saved(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]),
        "a.gif", "prop", [("VN1207", "warning"), ("VN1211", "warning")],
    ),
    "animated png": (
        lambda: saved(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]),
        "a.png", "prop", [("VN1207", "warning"), ("VN1211", "warning")],
    ),
    "animated webp": (
        lambda: saved(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:]),
        "a.webp", "prop", [("VN1207", "warning"), ("VN1211", "warning")],
    ),
    "cmyk": (
        lambda: saved(scenery().convert("CMYK"), "JPEG"), "a.jpg", "background",
        [("VN1208", "warning")],
    ),
    "16 bits": (
        lambda: png(1920, 1080, 16, 2, bytes((1920 * 6 + 1) * 1080)), "a.png", "background",
        [("VN1208", "note")],
    ),
    "16 bits, grey": (
        lambda: saved(Image.fromarray(np.full((1080, 1920), 40_000, np.uint16))), "a.png",
        "background", [("VN1208", "note")],
    ),
    "profile": (
        lambda: saved(scenery(), icc_profile=other_rgb()), "a.png", "background",
        [("VN1208", "note")],
    ),
    "lying": (
        lambda: saved(scenery((1080, 1920)), "JPEG", exif=ORIENTED), "a.jpg", "background",
        [("VN1208", "note")],
    ),
    "misnamed": (lambda: saved(scenery(), "JPEG"), "a.png", "background", [("VN1209", "warning")]),
    "opaque": (lambda: saved(figure(mode="RGB")), "a.png", "sprite", [("VN1210", "warning")]),
    "invisible": (
        lambda: saved(Image.new("RGBA", (400, 940))), "a.png", "sprite", [("VN1210", "warning")],
    ),
    "small": (lambda: saved(figure((200, 470))), "a.png", "sprite", [("VN1211", "warning")]),
    "upright": (
        lambda: saved(scenery((1920, 3000))), "a.png", "background", [("VN1212", "warning")],
    ),
    "a row": (lambda: saved(figure((3000, 940))), "a.png", "sprite", [("VN1212", "warning")]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_a_bad_picture_has_its_finding(case: str, tmp_path: Path) -> None:
    make, name, kind, expected = BAD[case]
    assert found(tmp_path, make(), name, kind) == expected


@pytest.mark.parametrize("format", FORMATS)
def test_a_good_picture_has_none(format: str, tmp_path: Path) -> None:
    name = f"a{FORMATS[format][0]}"
    assert found(tmp_path, saved(scenery(), format), name, "background") == []
    if format != "JPEG":
        assert found(tmp_path, saved(figure(), format), name) == []


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_mode_of_png_is_shown_as_it_is(mode: str) -> None:
    grey = np.tile(np.linspace(0, 255, 64).astype(np.uint8), (64, 1))
    image = Image.fromarray(grey)
    deep = Image.fromarray(grey.astype(np.uint16) * 257)
    image = deep if mode == "I;16" else image.convert(mode)
    shown = read_picture(saved(image)).image
    assert shown.mode == "RGB"
    expected = (grey > 127) * 255 if mode == "1" else grey
    near = 255 if mode == "1" else 3 if mode == "P" else 0  # dithered; of 216 colours
    assert np.abs(np.asarray(shown)[..., 0].astype(int) - expected).mean() <= near


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright(orientation: int) -> None:
    image = Image.new("RGB", (32, 16), "black")
    image.paste("red", (0, 0, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    facts, shown = read_picture(saved(image, exif=exif))
    assert facts.turned == (orientation > 1)
    assert shown.size == ((16, 32) if orientation > 4 else (32, 16))
    corner = {
        1: (0, 0),
        2: (1, 0),
        3: (1, 1),
        4: (0, 1),
        5: (0, 0),
        6: (1, 0),
        7: (1, 1),
        8: (0, 1),
    }
    x, y = corner[orientation]
    assert shown.getpixel((x * (shown.width - 1), y * (shown.height - 1))) == (255, 0, 0)


def test_a_picture_that_is_not_exported_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets/mei smile.psd").write_bytes(b"8BPS")
    smile = AssetRequest("sprite", "mei", ("smile",))
    out = Diagnostics()
    assert find_assets(tmp_path, [smile], out) == {}
    assert [(item.code, item.severity, item.span.path) for item in out] == [
        ("VN1204", "warning", "assets/mei smile.psd")
    ]
    (tmp_path / "assets/mei.png").write_bytes(saved(figure()))
    out = Diagnostics()
    assert find_assets(tmp_path, [smile], out) != {}
    assert out == []


@cache
def samples() -> list[bytes]:
    image = figure((24, 30))
    small = [frame.resize((8, 9)) for frame in FRAMES]
    exif = Image.Exif()
    exif[0x0112] = 3
    profile = other_rgb()
    made = [saved(image, name, exif=exif) for name in ("PNG", "WEBP", "AVIF")]
    made += [saved(image.convert(mode), icc_profile=profile) for mode in ("RGB", "P", "LA")]
    made += [saved(image.convert(mode), "JPEG", exif=exif) for mode in ("RGB", "L", "CMYK")]
    made += [saved(image.convert("RGB"), "JPEG", progressive=True, icc_profile=profile)]
    made += [
        saved(small[0], name, save_all=True, append_images=small[1:])
        for name in ("GIF", "PNG", "WEBP")
    ]
    return made


@settings(max_examples=COUNT, deadline=None)
@given(st.integers(0, 12), st.integers(0, 2**32))
@example(0, 0)
def test_no_damage_is_more_than_an_error(which: int, seed: int) -> None:
    data = bytearray(samples()[which])
    random = Random(seed)
    for _ in range(random.randrange(1, 6)):
        at = random.randrange(len(data))
        match random.randrange(4):
            case 0:
                data[at] = random.randrange(256)
            case 1:
                del data[at : at + random.randrange(1, 40)]
            case 2:
                data[at:at] = random.randbytes(random.randrange(1, 40))
            case 3:
                data[at : at + 4] = random.choice([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff"])
    try:
        facts = read_picture(bytes(data)).facts
        deliver(bytes(data), "kept", lambda width, height: (width, height))
    except PictureError:
        pass
    else:
        assert facts.width * facts.height <= 50_000_000


@pytest.mark.skipif(sys.platform != "linux", reason="measures as Linux tells it")
def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # A square of 8,000 MB that deflates to 8 MB; and a note of 4 GB in a small picture.
    found(tmp_path, png(50_000, 40_000, 16, 6, bytes(40_000_000)))
    text = b"Comment\0\0" + zlib.compress(bytes(200_000_000))
    data = saved(figure((40, 94)))
    found(tmp_path, data[:33] + chunk(b"zTXt", text) + data[33:])
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after - before < 400_000  # kB; the test's own bytes are most of it


def test_scans_without_end_are_not_drawn(tmp_path: Path) -> None:
    data = saved(scenery((64, 64)), "JPEG", progressive=True)
    start = data.index(b"\xff\xda")
    scan = data[start : data.index(b"\xff", start + 20)]
    bomb = data[:start] + scan * 2000 + data[start:]
    assert found(tmp_path, bomb, "a.jpg", "prop") == [("VN1205", "error")]


NO_PIXELS = b"GIF89a" + bytes(7) + b";"
TEXTS = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(3_000_000)))


@pytest.mark.parametrize(
    ("data", "said", "help"),
    [
        (NO_PIXELS, "it says that it has no pixels", "copy it again"),
        (png(0, 5, 8, 2, b""), "it says that it has no pixels", "copy it again"),
        (saved(figure())[:3000], "it ends too early", "copy it again"),
        (saved(figure(), "WEBP")[:-400], "its parts contradict each other", "copy it again"),
        (
            saved(figure())[:33] + TEXTS + saved(figure())[33:],
            "the texts beside",
            "without comments",
        ),
    ],
)
def test_damage_is_said_in_words_of_ours(tmp_path: Path, data: bytes, said: str, help: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(data)
    out = Diagnostics()
    assert check_asset(path, "assets/a.png", ["sprite"], out) is None
    (finding,) = out
    assert finding.code == "VN1205"
    assert f"cannot be decoded: {said}" in finding.message
    assert help in (finding.help or "")
