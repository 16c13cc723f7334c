"""The front matter of a scene: its facts, and the ops that entering it runs."""

from __future__ import annotations

from collections.abc import Collection

from comfyvn.model.header import Header
from comfyvn.model.validate import validate_plain
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.nearest import did_you_mean
from comfyvn.source.syntax import Scene
from comfyvn.story.directive_form import TRANSITIONS
from comfyvn.story.directives_stage import location_ambience
from comfyvn.story.resolve import Names, asset_problem
from comfyvn.story.types import Op

_EMPTY = Header()
_WORLDLY = ("VN0605", "VN0607")


def read_header(scene: Scene, out: Diagnostics) -> Header:
    """Return the front matter, reporting what is wrong with it."""
    if not scene.header:
        return _EMPTY

    def place(steps: tuple[str | int, ...], key: bool) -> Span:
        name = str(steps[0]) if steps else ""
        return value_span(scene, name) if len(steps) == 1 and not key else header_span(scene, name)

    return validate_plain(Header, scene.header, place, out, {}) or _EMPTY


def header_span(scene: Scene, key: str) -> Span:
    """Return where a key of the front matter stands."""
    at = scene.header_at.get(key)
    return Span.on_line(scene.path, *at) if at else Span.whole_file(scene.path)


def value_span(scene: Scene, key: str) -> Span:
    """Return where the value of a key of the front matter stands."""
    at = scene.values_at.get(key)
    return Span.on_line(scene.path, *at) if at else header_span(scene, key)


def enter_ops(
    scene: Scene, header: Header, names: Names, default_theme: str | None, out: Diagnostics
) -> list[Op]:
    """Return the ops that set the scene's facts on the stage; report unknown names."""
    facts = _Facts(scene, header, names, out)
    ops: list[Op] = []
    theme = facts.known("theme", header.theme, list(names.themes), "VN0609") or default_theme
    if theme:
        ops.append({"op": "theme", "value": theme})
    ops += facts.background()
    if header.music:
        ops.append(facts.sound("music", header.music))
    if header.ambience:
        ops.append(facts.sound("ambience", header.ambience))
    elif facts.location:
        ops += location_ambience(names, facts.location)
    facts.known("pov", header.pov, list(names.characters), "VN0606")
    return ops


class _Facts:
    def __init__(self, scene: Scene, header: Header, names: Names, out: Diagnostics) -> None:
        self.scene = scene
        self.header = header
        self.names = names
        self.out = out
        self.location: str | None = None

    def known(self, key: str, name: str | None, valid: list[str], code: str) -> str | None:
        """Return `name` when it is declared; report it when it is not."""
        if name is None or name in valid or (code in _WORLDLY and self.names.worlds_unread):
            return name
        kinds = {"time": "time of day", "pov": "character"}
        self.out.error(
            code,
            f"there is no {kinds.get(key, key)} `{name}`",
            value_span(self.scene, key),
            did_you_mean(name, valid) or "declare it first",
        )
        return None

    def sound(self, channel: str, name: str) -> Op:
        """Return the op that plays `name`, or silence for `none`."""
        if name == "none":
            return {"op": "stop", "channel": channel}
        if problem := asset_problem(name):
            span = value_span(self.scene, channel)
            self.out.error(problem.code, problem.message, span, problem.help)
        return {"op": "play", "channel": channel, "name": name}

    def listed(self, key: str, name: str | None, valid: Collection[str]) -> str | None:
        """Return `name` when it is declared, or nothing of its kind is."""
        return self.known(key, name, sorted(valid), "VN0607") if valid else name

    def background(self) -> list[Op]:
        """Return the ops for location, time and weather."""
        header, names = self.header, self.names
        time = self.listed("time", header.time, names.times)
        weather = self.listed("weather", header.weather, names.weathers)
        self.location = self.known("location", header.location, list(names.locations), "VN0605")
        if self.location is None:
            pairs = (("time", time), ("weather", weather))
            return [{"op": key, "value": value} for key, value in pairs if value]
        op: Op = {"op": "scene", "location": self.location}
        if time:
            op["time"] = time
        if weather:
            op["weather"] = weather
        return [op | {"with": "dissolve", "seconds": TRANSITIONS["dissolve"], "wait": True}]
