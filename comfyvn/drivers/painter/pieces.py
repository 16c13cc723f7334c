"""What may stand in a room, and what usually does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from comfyvn.drivers.painter import fixtures, furniture, hung, lamps, piano, shelving, smalls
from comfyvn.drivers.painter.scene import Box, Scene

Draw = Callable[[Scene, Box, Sequence[str]], None]


class Piece(NamedTuple):
    """A kind of thing in a room: how large it is, and where it stands."""

    draw: Draw
    width: float
    height: float
    where: str
    """`floor`: against the wall; `top`: on furniture; `wall`; `ceiling`."""


PIECES = {
    "piano": Piece(piano.piano, 430, 400, "floor"),
    "desk": Piece(furniture.desk, 420, 220, "floor"),
    "shelf": Piece(shelving.shelves, 340, 640, "floor"),
    "bench": Piece(furniture.bench, 480, 230, "floor"),
    "drawer": Piece(furniture.drawers, 320, 330, "floor"),
    "counter": Piece(fixtures.counter, 520, 260, "floor"),
    "bed": Piece(furniture.bed, 520, 230, "floor"),
    "sofa": Piece(furniture.sofa, 440, 250, "floor"),
    "armchair": Piece(furniture.sofa, 250, 260, "floor"),
    "table": Piece(furniture.table, 420, 220, "floor"),
    "stove": Piece(fixtures.stove, 230, 260, "floor"),
    "cabinet": Piece(furniture.cabinet, 340, 480, "floor"),
    "door": Piece(fixtures.door, 220, 520, "floor"),
    "altar": Piece(fixtures.altar, 380, 230, "floor"),
    "machine": Piece(fixtures.machine, 230, 470, "floor"),
    "screen": Piece(fixtures.screen, 480, 540, "floor"),
    "plant": Piece(furniture.plant, 150, 290, "floor"),
    "chair": Piece(furniture.stool, 130, 230, "floor"),
    "crate": Piece(smalls.crate, 190, 160, "floor"),
    "barrel": Piece(smalls.barrel, 150, 210, "floor"),
    "lantern": Piece(lamps.lantern, 96, 140, "top"),
    "candle": Piece(lamps.candle, 54, 120, "top"),
    "lamp": Piece(lamps.desk_lamp, 150, 190, "top"),
    "telephone": Piece(smalls.telephone, 150, 112, "top"),
    "camp_stove": Piece(smalls.camp_stove, 110, 110, "top"),
    "mug": Piece(smalls.mugs, 110, 60, "top"),
    "pile": Piece(smalls.books, 130, 92, "top"),
    "flower": Piece(smalls.vase, 90, 150, "top"),
    "computer": Piece(smalls.computer, 210, 170, "top"),
    "clock": Piece(hung.clock, 110, 110, "wall"),
    "board": Piece(hung.board, 420, 330, "wall"),
    "blackboard": Piece(hung.blackboard, 760, 300, "wall"),
    "poster": Piece(hung.poster, 170, 220, "wall"),
    "mirror": Piece(hung.mirror, 150, 230, "wall"),
    "dial": Piece(hung.dial, 96, 96, "wall"),
    "umbrella": Piece(hung.umbrellas, 330, 230, "wall"),
    "net": Piece(hung.net, 130, 130, "ceiling"),
    "bucket": Piece(smalls.bucket, 110, 110, "floor"),
}

USUAL = {
    "office": ("desk", "cabinet", "lamp", "pile", "clock"),
    "school": ("blackboard", "desk", "desk", "desk"),
    "kitchen": ("counter", "stove", "cabinet", "mug", "ceiling_lamp"),
    "cafe": ("counter", "table", "plant", "chair", "table", "mug", "ceiling_lamp", "poster"),
    "bar": ("counter", "chair", "chair", "shelf", "shelf", "ceiling_lamp"),
    "shop": ("shelf", "counter", "shelf", "ceiling_lamp", "crate"),
    "bedroom": ("bed", "lamp", "table", "poster", "shelf"),
    "home": ("sofa", "lamp", "table", "shelf", "plant", "poster"),
    "library": ("shelf", "shelf", "table", "lamp", "pile", "shelf"),
    "hall": ("door", "clock", "bench", "poster"),
    "waiting": ("bench", "clock", "board"),
    "hospital": ("bed", "chair", "plant", "clock", "curtain"),
    "workshop": ("table", "crate", "barrel", "shelf", "ceiling_lamp", "board"),
    "stores": ("shelf", "crate", "shelf"),
    "studio": ("table", "poster", "plant", "lamp", "chair"),
    "bath": ("mirror", "cabinet", "plant"),
    "cabin": ("bed", "lantern", "crate", "barrel", "table"),
    "room": ("sofa", "table", "lamp", "shelf", "poster"),
}
"""What stands in a room that nothing more is said about."""
