"""Whether a hand-made picture can be shown, and will look as it was meant."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path, PurePosixPath

from comfyvn.drivers.picture import (
    FORMATS,
    LONGEST_SIDE,
    Facts,
    HugePictureError,
    PictureError,
    read_picture,
)
from comfyvn.plan.shown import SCREEN, shown_size
from comfyvn.plan.sniff import other_than_picture
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span
from comfyvn.source.files import read_file

BLURRED = 1.5
"""How much a picture may be enlarged before it shows."""
_CUT_OFF = 0.4
"""What part of a background the screen may cut off."""


def check_picture(path: Path, name: str, kinds: Collection[str], out: Diagnostics) -> Facts | None:
    """Look into a picture; report what is wrong with it.

    Args:
        path: the file.
        name: what messages call it: its path in the project.
        kinds: what it is used as (`background`, `sprite` …).
        out: where findings go: an error if no target can show it.

    Returns:
        What it is; None if no target can show it.
    """
    whole = Span.whole_file(name)
    try:
        data = read_file(path)
        facts = read_picture(data).facts
    except OSError as error:
        out.error("VN0151", f"cannot be read: {error.strerror}", whole)
        return None
    except HugePictureError as error:
        out.error(
            "VN1206",
            f"`{name}` {error}, and is not read",
            whole,
            help="scale it down: no screen shows more than 8,192 pixels a side",
        )
        return None
    except PictureError as error:
        _report_unread(name, data, error, out)
        return None
    found = _Findings(name, facts, kinds, out)
    found.of_file()
    found.of_colours()
    found.of_transparency()
    found.of_size()
    return facts


def _report_unread(name: str, data: bytes, error: PictureError, out: Diagnostics) -> None:
    """Report a file that holds no picture, or one that is damaged."""
    whole = Span.whole_file(name)
    holds = other_than_picture(data[:4096])
    if holds == "":
        out.error(
            "VN1205",
            f"`{name}` is damaged: it {error}",
            whole,
            help=error.help or "export or copy it again; it may have been cut off on its way",
        )
        return
    what = ": it is empty" if not data else f": it holds {holds}" if holds else ""
    pointer = data.startswith(b"version https://git-lfs")
    out.error(
        "VN1003",
        f"`{name}` holds no picture that a game can show{what}",
        whole,
        help="it only points to the file: run `git lfs pull`"
        if pointer
        else "export it as PNG, WebP, JPEG or AVIF, or remove it to have one painted",
    )


class _Findings:
    """What is odd about one picture that can be shown."""

    def __init__(self, name: str, facts: Facts, kinds: Collection[str], out: Diagnostics) -> None:
        self.name = name
        self.facts = facts
        self.kinds = kinds
        self.out = out
        self.whole = Span.whole_file(name)

    def of_file(self) -> None:
        """Report another format than the name says, and more frames than one."""
        facts = self.facts
        endings = FORMATS[facts.format]
        path = PurePosixPath(self.name)
        if path.suffix.lower() not in endings:
            self.out.warning(
                "VN1209",
                f"`{self.name}` is {_FORMAT_NAMES[facts.format]}, whatever its name says",
                self.whole,
                help=f"rename it to `{path.stem}{endings[0]}`",
            )
        if facts.moves:
            self.out.warning(
                "VN1207",
                f"`{self.name}` is animated, and only its first frame is shown",
                self.whole,
                help="save that frame alone, as PNG or WebP",
            )

    def of_colours(self) -> None:
        """Report what changes, or may change, when the colours become those of screens."""
        facts = self.facts
        if facts.mode in {"CMYK", "YCbCr", "LAB", "HSV"}:
            self.out.warning(
                "VN1208",
                f"the colours of `{self.name}` are {facts.mode}, and screens show RGB",
                self.whole,
                help="export it as RGB (sRGB), and look at it: strong colours change",
            )
            return
        converted = [
            what
            for what, here in (
                ("its 16 bits a channel become 8", facts.deep),
                ("its colours become those of sRGB", facts.profile),
                ("it is turned upright", facts.turned),
            )
            if here
        ]
        if converted:
            self.out.append(
                Diagnostic(
                    "VN1208",
                    "note",
                    f"`{self.name}` is converted for players: {', '.join(converted)}",
                    self.whole,
                    "nothing has to be done",
                )
            )

    def of_transparency(self) -> None:
        """Report a picture that nothing is seen of, and a figure with its background."""
        if self.facts.transparent == "all":
            self.out.warning(
                "VN1210",
                f"nothing is seen of `{self.name}`: all of it is transparent",
                self.whole,
                help="export it again with its layers visible",
            )
        elif self.facts.transparent == "none" and "sprite" in self.kinds:
            self.out.warning(
                "VN1210",
                f"`{self.name}` stands on the stage as a rectangle: nothing of it is transparent",
                self.whole,
                help="cut the figure out, and save it as PNG or WebP with transparency",
            )

    def of_size(self) -> None:
        """Report a picture that is too large to be sent, too small, or cut where it is shown."""
        width, height = self.facts.width, self.facts.height
        if max(width, height) > LONGEST_SIDE:
            self.out.warning(
                "VN1206",
                f"`{self.name}` is {width:,}×{height:,}, more than many devices can show",
                self.whole,
                help="scale it down; players get it no larger than their screen",
            )
        for kind in sorted(self.kinds):
            wanted = shown_size(kind, width, height, SCREEN)
            if wanted.height > height * BLURRED:
                self.out.warning(
                    "VN1211",
                    f"`{self.name}` is {width}×{height}, and blurred as a {kind}: it is shown "
                    f"{wanted.width}×{wanted.height}",
                    self.whole,
                    help="export it larger",
                )
                break
        if "background" in self.kinds:
            wide = (width / height) / (16 / 9)
            lost = 1 - min(wide, 1 / wide)
            if lost > _CUT_OFF:
                self.out.warning(
                    "VN1212",
                    f"{lost:.0%} of `{self.name}` is cut off: it is {width}×{height}, and a "
                    "background fills a screen of 16:9",
                    self.whole,
                    help="give it about the shape of the screen, such as 1920×1080",
                )
        if "sprite" in self.kinds and width > 2 * height:
            self.out.warning(
                "VN1212",
                f"`{self.name}` is {width}×{height}, and a figure is scaled by its height",
                self.whole,
                help="save one figure a file, without empty margins",
            )


_FORMAT_NAMES = {
    "PNG": "a PNG",
    "JPEG": "a JPEG",
    "WEBP": "a WebP",
    "AVIF": "an AVIF",
    "GIF": "a GIF",
}
