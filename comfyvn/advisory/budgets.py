"""How much a story asks of the machines that play it, and of those that host it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from comfyvn.plan.shown import Size, screen, shown_size
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span

CACHE = 300 << 20
"""Bytes of decoded pictures that Ren'Py keeps (`config.image_cache_size_mb`); other players have
about as much on telephones."""
ITCH_FILES = 1_000
"""How many files itch.io takes of a game that is played on its pages."""
_NAMED = 3


class Shown(NamedTuple):
    """A picture that a scene can show.

    Attributes:
        key: what it is told apart by.
        name: what messages call it.
        kind: what it is shown as.
        size: its own width and height.
        fixed: whether it is delivered as large as it is.
    """

    key: str
    name: str
    kind: str
    size: Size
    fixed: bool = False


def decoded(picture: Shown, width: int) -> int:
    """Return the bytes that a picture takes when it is shown on a screen that is so wide.

    Four for each pixel; nothing is delivered larger than it is shown.
    """
    own = picture.size
    seen = shown_size(picture.kind, own.width, own.height, screen(width))
    used = own if picture.fixed or seen.width >= own.width else seen
    return 4 * used.width * used.height


def check_memory(
    pictures: Iterable[Shown],
    scenes: Callable[[], Mapping[str, Iterable[Shown]]],
    widths: Mapping[str, int],
    out: Diagnostics,
) -> None:
    """Report scenes whose pictures do not fit into the memory of players together.

    Args:
        pictures: all of the story's.
        scenes: returns those of each scene; it is asked only if all together may be too many.
        widths: how wide the screen is that each target is delivered for, in pixels.
        out: where findings go.
    """
    if not widths:
        return
    target, width = max(widths.items(), key=lambda each: (each[1], each[0]))
    if _total(pictures, width)[0] <= CACHE:
        return
    for scene, shown in scenes().items():
        whole, largest = _total(shown, width)
        if whole > CACHE:
            named = ", ".join(f"`{name}` ({size >> 20} MB)" for size, name in largest[:_NAMED])
            out.warning(
                "VN1840",
                f"the pictures of `{scene}` take {whole >> 20} MB of memory for `{target}`, and "
                f"players keep {CACHE >> 20}",
                Span.whole_file(f"scenes/{scene}.md"),
                help=f"split the scene, or show fewer: the largest are {named}",
            )


def _total(pictures: Iterable[Shown], width: int) -> tuple[int, list[tuple[int, str]]]:
    sizes: dict[str, tuple[int, str]] = {}
    for each in pictures:
        size = (decoded(each, width), each.name)
        sizes[each.key] = max(size, sizes.get(each.key, size))
    return sum(size for size, _ in sizes.values()), sorted(sizes.values(), reverse=True)


def check_files(pictures: int, sounds: int, formats: int, span: Span, out: Diagnostics) -> None:
    """Report a site of more files than itch.io takes.

    Args:
        pictures: how many pictures it has.
        sounds: how many sounds, each of which goes with a twin in AAC.
        formats: in how many formats each picture goes.
        span: where the finding is placed.
        out: where findings go.
    """
    files = pictures * formats + sounds * 2
    if files > ITCH_FILES:
        out.append(
            Diagnostic(
                "VN1841",
                "note",
                f"the site has more than {files:,} files, and itch.io takes {ITCH_FILES:,}",
                span,
                "write `pictures: webp` for `web` below `delivery`, or host it elsewhere"
                if formats > 1
                else "leave some looks out, or host it elsewhere",
            )
        )
