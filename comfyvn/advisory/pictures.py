"""Hand-made pictures: what nothing shows, and what does not look as it was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from comfyvn.plan.library import PICTURE_ENDINGS, SOUND_ENDINGS
from comfyvn.plan.picture_checks import BLURRED
from comfyvn.plan.recordings import recordings
from comfyvn.plan.shown import SCREEN, screen, shown_size
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Related, Span
from comfyvn.source.nearest import nearest

_OFF_GROUND = 0.02
"""What part of its height a figure may stand higher than others: 19 pixels of 940."""
_OTHER_SIZE = 0.08
"""What part of its height a figure may be larger or smaller than in the same pose."""


class Use(NamedTuple):
    """A hand-made picture, and what it answers.

    Attributes:
        path: the file.
        facts: `@checked/KEY`: what it is.
        figure: where its figure begins and ends, of a sprite: `@measured/KEY`; else empty.
        answers: the kind, subject and traits of each request that it answers.
    """

    path: str
    facts: Mapping[str, Any]
    figure: Mapping[str, Any]
    answers: tuple[tuple[str, str, tuple[str, ...]], ...]

    @property
    def kinds(self) -> set[str]:
        """What it is used as."""
        return {kind for kind, _, _ in self.answers}


def check_unused(
    files: Iterable[str], used: Collection[str], names: Iterable[str], out: Diagnostics
) -> None:
    """Report pictures and sounds below `assets/` that nothing asks for.

    Recordings are left out: they are found by the ids of lines.

    Args:
        files: the files below `assets/`.
        used: those that answer something.
        names: the names that the story asks for: `school/roof dusk`.
        out: where findings go.
    """
    left = {
        path
        for path in files
        if path.startswith("assets/")
        and PurePosixPath(path).suffix.lower() in PICTURE_ENDINGS | SOUND_ENDINGS
        and not PurePosixPath(path).name.startswith(".")
    } - {*used, *recordings(files)}
    wanted = list(names) if left else []
    for path in sorted(left):
        near = nearest(PurePosixPath(path).stem, wanted)
        out.append(
            Diagnostic(
                "VN1801",
                "note",
                f"nothing asks for `{path}`",
                Span.whole_file(path),
                f"did you mean `{near}`?" if near else "use it, or move it out of `assets/`",
            )
        )


def check_pictures(uses: Iterable[Use], widths: Mapping[str, int], out: Diagnostics) -> None:
    """Report pictures that are blurred on a wide screen, and backgrounds with holes.

    Args:
        uses: the hand-made pictures.
        widths: how wide the screen is that each target is delivered for, in pixels.
        out: where findings go.
    """
    for use in uses:
        if "background" in use.kinds and use.facts.get("transparent") == "some":
            out.warning(
                "VN1804",
                f"`{use.path}` is a background, and parts of it are transparent",
                Span.whole_file(use.path),
                help="fill them, and save it without transparency: what was shown before, or "
                "nothing, is seen through them",
            )
        _check_width(use, widths, out)


def _check_width(use: Use, widths: Mapping[str, int], out: Diagnostics) -> None:
    width, height = use.facts["width"], use.facts["height"]
    for kind in sorted(use.kinds):
        # What is blurred on the usual screen is VN1211.
        if shown_size(kind, width, height, SCREEN).height > height * BLURRED:
            return
        for target, wide in sorted(widths.items()):
            wanted = shown_size(kind, width, height, screen(wide))
            if wanted.height > height * BLURRED:
                out.warning(
                    "VN1805",
                    f"`{use.path}` is {width}×{height}, and blurred as a {kind} on the screen of "
                    f"{wide} pixels that `{target}` is for: it is shown "
                    f"{wanted.width}×{wanted.height}",
                    Span.whole_file(use.path),
                    help="export it larger, or lower `delivery` in `vn.yaml`",
                )
                return


def check_sprites(
    uses: Iterable[Use], looks: Mapping[str, Mapping[str, Collection[str]]], out: Diagnostics
) -> None:
    """Report characters who grow, shrink or float when their look changes.

    Args:
        uses: the hand-made pictures.
        looks: the poses and outfits of each character, as their sheets list them.
        out: where findings go.
    """
    sets: dict[str, list[Use]] = {}
    for use in uses:
        if use.figure:
            for who in sorted({subject for kind, subject, _ in use.answers if kind == "sprite"}):
                sets.setdefault(who, []).append(use)
    for who, group in sorted(sets.items()):
        # A pose of its own has a size of its own; its feet stand where all do.
        shapes: dict[tuple[str, ...], list[Use]] = {}
        shaping = {*looks.get(who, {}).get("poses", ()), *looks.get(who, {}).get("outfits", ())}
        for use in group:
            traits = [traits for kind, _, traits in use.answers if kind == "sprite"]
            shapes.setdefault(tuple(t for t in traits[0] if t in shaping), []).append(use)
        for alike in shapes.values():
            _compare(who, alike, _height, _OTHER_SIZE, "VN1802", out)
        _compare(who, group, _feet, _OFF_GROUND, "VN1803", out)


def _height(use: Use) -> float:
    return float(use.figure["bottom"] - use.figure["top"])


def _feet(use: Use) -> float:
    return float(use.figure["bottom"])


def _compare(
    who: str, group: list[Use], measure: Any, most: float, code: str, out: Diagnostics
) -> None:
    """Report the pictures of a set that are further than `most` from the one in the middle."""
    ordered = sorted(group, key=lambda use: (measure(use), use.path))
    middle = ordered[(len(ordered) - 1) // 2]
    for use in sorted(ordered, key=lambda use: use.path):
        off = measure(use) - measure(middle)
        if abs(off) <= most * (_height(middle) if code == "VN1802" else 1):
            continue
        if code == "VN1802":
            share = abs(off) / _height(middle)
            how = f"{share:.0%} {'larger' if off > 0 else 'smaller'}"
            help = "export all looks of a pose with the same margins"
        else:
            how = f"{abs(off):.1%} of the height {'lower' if off > 0 else 'higher'}"
            help = "let the figure stand at the same distance from the lower edge in all pictures"
        out.warning(
            code,
            f"in `{use.path}` `{who}` is {how} than in `{middle.path}`",
            Span.whole_file(use.path),
            help=help,
            related=[Related(Span.whole_file(middle.path), "the other one")],
        )
