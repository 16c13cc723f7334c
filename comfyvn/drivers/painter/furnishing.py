"""Where things stand in a room: along the wall, upon each other, hung."""

from __future__ import annotations

from collections.abc import Sequence

from comfyvn.drivers.painter.pieces import PIECES, USUAL
from comfyvn.drivers.painter.scene import Box, Scene

_FRONT = (1180.0, 640.0)
"""Where the middle of what stands before the furniture is, in pixels."""
FLOOR = 800.0
"""Where the wall meets the floor, in pixels."""


def _wanted(scene: Scene, kind: str) -> list[str]:
    """Return what stands in the room: what is mentioned, else what is usual."""
    said = [name for name in scene.things if name in PIECES]
    usual = [name for name in USUAL.get(kind, USUAL["room"]) if name in PIECES]
    floor = [name for name in said if PIECES[name].where == "floor"]
    if len(floor) < 2:
        said += [name for name in usual if name not in said]
    if [name for name in said if PIECES[name].where == "floor"] == ["bench"]:
        said.append("bench")
    return said


def furnish(scene: Scene, kind: str, taken: list[Box]) -> list[Box]:
    """Stand the furniture along the wall, and what is small upon it; return their tops."""
    wanted = _wanted(scene, kind)
    standing = [name for name in wanted if PIECES[name].where == "floor"]
    # What stays is where it is in any weather; what came with it finds a place in front.
    floor = [name for name in standing if name not in scene.brought][:5]
    brought = [name for name in standing if name in scene.brought][: len(_FRONT)]
    tops: list[tuple[str, Box]] = []
    for name, box in [*_placed(scene, floor, taken), *_before(brought)]:
        PIECES[name].draw(scene, box, scene.like(name))
        scene.stands.setdefault(name, box)
        if PIECES[name].height < 450 and name not in {
            "bench",
            "bed",
            "sofa",
            "armchair",
            "plant",
            "chair",
            "bucket",
        }:
            tops.append((name, Box(box.x, box.y, box.width, 0)))
        if name in {"bench"}:
            tops.append((name, Box(box.x, box.y + box.height * 0.6, box.width, 0)))
    scene.sheet.plane = 90
    _upon(scene, [name for name in wanted if PIECES[name].where == "top"], tops)
    scene.sheet.plane = 40
    _hung(scene, [name for name in wanted if PIECES[name].where == "wall"], taken, floor)
    return [box for _, box in tops]


def _before(names: Sequence[str]) -> list[tuple[str, Box]]:
    """Return where things stand that stand before the furniture."""
    return [
        (name, Box(x - piece.width / 2, FLOOR + 66 - piece.height, piece.width, piece.height))
        for name, x in zip(names, _FRONT, strict=False)
        for piece in (PIECES[name],)
    ]


def _placed(scene: Scene, names: Sequence[str], taken: list[Box]) -> list[tuple[str, Box]]:
    """Return where furniture stands: tall pieces at the sides, low ones under the windows."""
    tall = [name for name in names if PIECES[name].height > 450]
    low = [name for name in names if PIECES[name].height <= 450]
    places: list[tuple[str, Box]] = []
    left, right = 70.0, 1850.0
    for n, name in enumerate(tall[:2]):
        width = PIECES[name].width * (1.0 if len(names) > 3 else 1.15)
        x = left if n % 2 == 0 else right - width
        places.append((name, Box(x, FLOOR + 12 - PIECES[name].height, width, PIECES[name].height)))
        if n % 2 == 0:
            left += width + 36
        else:
            right -= width + 36
    total = sum(PIECES[name].width for name in low)
    shrink = min((right - left - 30 * len(low)) / max(total, 1), 1.12)
    gap = (right - left - total * shrink) / max(len(low), 1)
    x = left + gap / 2
    # What is said first of the low pieces stands in the middle, where a narrow screen looks.
    order = [*low[1::2], *low[:1], *low[2::2]] if len(low) > 2 else low[::-1] if tall else low
    for name in order:
        piece = PIECES[name]
        width, height = piece.width * shrink, piece.height * max(shrink, 0.86)
        places.append((name, Box(x, FLOOR + 18 - height, width, height)))
        x += width + gap
    return places


def _upon(scene: Scene, names: Sequence[str], tops: list[tuple[str, Box]]) -> None:
    """Stand small things on the furniture: a telephone on the desk, a lantern on the piano."""
    likely = {
        "telephone": "desk",
        "lamp": "desk",
        "computer": "desk",
        "lantern": "piano",
        "candle": "bench",
        "pile": "desk",
        "camp_stove": "drawer",
        "mug": "table",
    }
    used: dict[int, int] = {}
    slots = (0.16, 0.78, 0.47)
    for name in names:
        if name in {"lamp", "candle", "lantern"} and _unlit(scene, name):
            continue
        choice = [i for i, (at, _) in enumerate(tops) if at == likely.get(name)]
        free = [i for i in range(len(tops)) if used.get(i, 0) < 2]
        index = next((i for i in choice if used.get(i, 0) < 3), free[0] if free else None)
        piece = PIECES[name]
        if index is None:
            box = Box(820 + 90 * len(used), FLOOR + 40 - piece.height, piece.width, piece.height)
        else:
            top = tops[index][1]
            x = top.x + top.width * slots[used.get(index, 0) % 3] - piece.width / 2
            box = Box(max(x, top.x - 8), top.y - piece.height + 3, piece.width, piece.height)
            used[index] = used.get(index, 0) + 1
        piece.draw(scene, box, scene.like(name))


def _unlit(scene: Scene, name: str) -> bool:
    """Whether a lamp is not to be seen now: a lantern by day has no business here."""
    return name in {"candle", "lantern"} and not scene.light.night and scene.light.time != "dawn"


def _hung(scene: Scene, names: Sequence[str], taken: list[Box], floor: Sequence[str]) -> None:
    """Hang things on what is free of the wall."""
    spots = [
        Box(1300, 130, 480, 320),
        Box(150, 130, 480, 320),
        Box(700, 120, 520, 320),
        Box(560, 200, 150, 200),
        Box(1230, 200, 150, 200),
    ]
    tall = sum(PIECES[name].height > 450 for name in floor)
    if tall > 1:
        spots = spots[2:] + spots[:1]
    elif tall:
        spots = [spots[0], *spots[2:]]
    free = [spot for spot in spots if not any(_meet(spot, box) for box in taken)]
    for name in names:
        piece = PIECES[name]
        spot = next((s for s in free if s.width * 1.6 >= piece.width), None)
        if spot is None:
            continue
        free.remove(spot)
        box = Box(
            spot.middle - piece.width / 2,
            spot.y + (spot.height - min(piece.height, 330)) / 2,
            piece.width,
            piece.height,
        )
        piece.draw(scene, box, scene.like(name))


def _meet(a: Box, b: Box) -> bool:
    return a.x < b.right and b.x < a.right and a.y < b.foot and b.y < a.foot
