"""What may be written at a place of a YAML source or of front matter."""

from __future__ import annotations

import re
from typing import Any

from comfyvn.lsp.describe import type_of
from comfyvn.lsp.offers import Offers
from comfyvn.lsp.rename import link_path
from comfyvn.lsp.symbols import Kind
from comfyvn.lsp.yaml_context import load_schema, schema_at, schema_of, where
from comfyvn.story.directive_form import CHANNELS


class YamlOffers(Offers):
    """What may be written there."""

    def header(self, before: str) -> None:
        """Offer keys and values of front matter."""
        self._structured("scene", [*self.lines[1 : self.line - 1], before], self.line - 1)

    def yaml(self, path: str) -> None:
        """Offer keys and values of a YAML source."""
        name = schema_of(path)
        if name is not None:
            self._structured(name, self.lines, self.line)

    def _structured(self, name: str, lines: list[str], line: int) -> None:
        root = load_schema(name)
        at = where(lines, line, self.column)
        if at.key or at.steps[-1:] == ("*",):
            typed = re.split(r":\s+|-\s+|[\[{]|,\s*", self.before)[-1].lstrip("\"'")
            self._known(name, at.steps, at.key, typed)
            inner = schema_at(root, (*at.steps, at.key) if at.key else at.steps) if root else None
            for choice in (inner, (inner or {}).get("items")):
                enum = (choice or {}).get("enum", ())
                self.offer("value", [str(each) for each in enum if each is not None], typed)
            if (inner or {}).get("type") == "boolean" and at.steps[-1:] != ("given",):
                self.offer("value", ["true", "false"], typed)
        if root is None or at.key:
            return
        typed = re.split(r"(?:^|\s)-\s+", self.before)[-1].lstrip()
        if name == "playtests" and at.steps[-1:] == ("given",):
            self._given(typed)
        elif name == "playtests" and at.steps[-2:] == ("expect", "at"):
            self._places(typed)
        known: dict[str, Any] = (schema_at(root, at.steps) or {}).get("properties", {})
        self.offer(
            "key", [key for key in known if key not in at.taken], typed, rank=1,
            text=lambda key: f"{key}: ", doc=lambda key: known[key].get("description", ""),
        )  # fmt: skip

    def _known(self, name: str, steps: tuple[str, ...], key: str, typed: str) -> None:
        """Offer what the project declares for the value of a key."""
        if name == "playtests" and self._in_playtest(steps, key, typed):
            return
        kind = _VALUES.get((name, key)) or (
            _VALUES.get((name, steps[-2])) if len(steps) > 1 else None
        )
        if kind == "scene":
            self.offer("scene", self.project.scenes, typed)
        elif kind == "expression":
            self.expression(typed)
        elif kind == "asset":
            # What a variation is made from is music, as it is itself.
            self.assets("music" if name == "music" else key, typed)
        elif kind == "target":
            paths = [link_path(id, "") for id in self.project.scenes]
            if "#" in typed:
                self.target(typed)
            else:
                self.offer("scene", paths, typed)
        elif kind == "character":
            characters = self.project.loaded.characters
            self.offer("character", characters, typed, detail=lambda id: characters[id].name)
        elif kind is not None:
            self.symbols(kind, typed)  # type: ignore[arg-type]

    # Playtests

    def _in_playtest(self, steps: tuple[str, ...], key: str, typed: str) -> bool:
        """Offer what a playtest says of the story; False for what other sources say likewise."""
        within = (*steps, key) if key else steps[:-1]
        match within[1:]:
            case ("given",) if "{" in self.before:
                self._given(typed)
            case ("given", name):
                self._value_of(name, typed)
            case ("expect", "at", _):
                self.expression(typed)
            case ("expect", "shows"):
                self._shown(typed)
            case ("expect", "plays"):
                for channel in CHANNELS:
                    self.assets(channel, typed)
            case _:
                return False
        return True

    def _given(self, typed: str) -> None:
        every = type_of(self.project)
        self.offer(
            "variable", every, typed, detail=lambda n: every[n], text=lambda n: f"{n}: ",
            doc=self.about("variable"),
        )  # fmt: skip

    def _value_of(self, name: str, typed: str) -> None:
        self.offer("value", self._members(name), typed)
        if type_of(self.project).get(name) == "bool":
            self.offer("value", ["true", "false"], typed)

    def _places(self, typed: str) -> None:
        """Offer what `at` may come to: scenes, headings and lines with fixed names."""
        kinds: tuple[Kind, ...] = ("label", "line") if "#" in typed else ("scene", "label", "line")
        for rank, kind in enumerate(kinds):
            names = sorted(
                each.symbol.name for each in self.project.symbols() if each.symbol.kind == kind
            )
            self.offer(
                kind, self.project.scenes if kind == "scene" else names, typed, rank=rank,
                text=lambda n: f"{n}: ", doc=self.about(kind),
            )  # fmt: skip

    def _shown(self, typed: str) -> None:
        owner, space, look = typed.partition(" ")
        if space:
            self.looks(owner, look)
            return
        self.symbols("location", typed, rank=1)
        characters = self.project.loaded.characters
        self.offer("character", characters, typed, rank=2, detail=lambda id: characters[id].name)
        self.symbols("prop", typed, rank=3)
        for kind in ("picture", "image"):
            self.assets(kind, typed)


_VALUES: dict[tuple[str, str], str] = {
    ("scene", "location"): "location", ("scene", "time"): "time", ("scene", "weather"): "weather",
    ("scene", "theme"): "theme", ("scene", "pov"): "character", ("scene", "music"): "asset",
    ("scene", "ambience"): "asset", ("vn", "start"): "scene", ("vn", "theme"): "theme",
    ("vn", "world"): "world", ("vn", "timeline"): "timeline", ("vn", "narrator"): "character",
    ("timeline", "scenes"): "scene", ("world", "ambience"): "asset", ("music", "source"): "asset",
    ("state", "values"): "target", ("playtests", "start"): "target",
    ("playtests", "ending"): "ending",
    ("playtests", "holds"): "expression", ("playtests", "always"): "expression",
}  # fmt: skip
