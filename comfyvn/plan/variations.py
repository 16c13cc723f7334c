"""Variations of music: which file each is made from, and how, from `music/*.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from comfyvn.plan.library import Library, words
from comfyvn.plan.requests import AssetRequest
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.nearest import did_you_mean

Said = Mapping[str, Mapping[str, Any]]
Place = Callable[[str, str], Span]
"""Where the value of a key of a source stands."""

DEFAULTS: Mapping[str, Any] = {
    "style": "as_is",
    "strength": 0.6,
    "tempo": 1,
    "pitch": 0,
    "seed": 0,
}
"""What a variation is made with that does not say it: as in `comfyvn.model.music`."""


class Variation(NamedTuple):
    """How a variation is made.

    Attributes:
        name: its name.
        path: the file that it is made from in the end.
        steps: what is done, one after the other: that of its source first, if that is one too.
        mood: words to find it by.
    """

    name: str
    path: str
    steps: tuple[Mapping[str, Any], ...]
    mood: tuple[str, ...]


def whole_file(path: str, key: str) -> Span:
    """Place a finding at a file, whatever the key."""
    return Span.whole_file(path)


def report_unheard(variation: Variation, out: Diagnostics) -> None:
    """Report that a variation stays silent, since nothing on this machine makes sounds."""
    out.warning(
        "VN1336",
        f"`{variation.name}` is silent: nothing here can make it from `{variation.path}`",
        Span.whole_file(f"music/{variation.name}.yaml"),
        help="run `pip install comfyvn[speech]`",
    )


def variations(
    said: Said, files: Iterable[str], out: Diagnostics, place: Place = whole_file
) -> dict[tuple[str, ...], Variation]:
    """Return the variations that can be made, by the words of their names; report the others.

    Args:
        said: what `music/` says, by name.
        files: the files below `assets/`.
        out: where findings go.
        place: says where they are.
    """
    if not said:
        return {}
    return _Chains(said, list(files), out, place).all()


class _Chains:
    def __init__(self, said: Said, files: list[str], out: Diagnostics, place: Place) -> None:
        self.out, self.place = out, place
        self.library = Library(files)
        self.said = {words(name): (name, each) for name, each in said.items()}
        self._files: dict[tuple[str, ...], tuple[str | None, Diagnostics]] = {}

    def file(self, name: str, out: Diagnostics) -> str | None:
        """Return the file that answers to the name of a track; what is wrong is said once."""
        key, request, here = words(name), AssetRequest("music", name), Diagnostics()
        if key not in self._files:
            answers = self.library.answers([request], here, [request])
            self._files[key] = answers.get(request), here
        path, found = self._files[key]
        out += found
        if out is self.out:
            found.clear()
        return path

    def all(self) -> dict[tuple[str, ...], Variation]:
        """Return what can be made."""
        found = {}
        for key, (name, each) in self.said.items():
            if (path := self.file(name, Diagnostics())) is not None:
                self.out.warning(
                    "VN1333",
                    f"`{path}` answers to `{name}`, so this variation is never made",
                    self.place(f"music/{name}.yaml", ""),
                    help="rename one of the two, or delete the one that is not wanted",
                )
            if (made := self.chain(name, each)) is not None:
                found[key] = made
        return found

    def chain(self, name: str, said: Mapping[str, Any]) -> Variation | None:
        """Follow the sources of a variation to a file; None if they lead to none."""
        steps, passed, first, mood = [_step(name, said)], [name], name, said.get("mood", ())
        while True:
            source, at = said["source"], self.place(f"music/{name}.yaml", "source")
            if (path := self.file(source, self.out)) is not None:
                return Variation(first, path, tuple(reversed(steps)), tuple(mood))
            if words(source) not in self.said:
                # Of a chain, the one that is wrong says so.
                if name == first:
                    self._unknown(name, source, at)
                return None
            name, said = self.said[words(source)]
            if name in passed:
                if name == first == min(passed):
                    self._cycle(passed, self.place(f"music/{first}.yaml", "source"))
                return None
            passed.append(name)
            steps.append(_step(name, said))

    def _unknown(self, name: str, source: str, at: Span) -> None:
        known = [path.rpartition("/")[2].rpartition(".")[0] for path in self._sounds()]
        known += [each for each, _ in self.said.values() if each != name]
        self.out.error(
            "VN1331",
            f"there is no music `{source}` that `{name}` could be made from",
            at,
            help=did_you_mean(source, known)
            or f"add `assets/music/{source}.ogg`, or name another track",
        )

    def _sounds(self) -> list[str]:
        return [path for shelf in self.library.sounds.values() for _, path in shelf]

    def _cycle(self, passed: list[str], at: Span) -> None:
        way = " from ".join(f"`{each}`" for each in [*passed, passed[0]])
        self.out.error(
            "VN1332",
            f"a track cannot be made from itself: {way}",
            at,
            help="let one of them be made from a file",
        )


def _step(name: str, said: Mapping[str, Any]) -> dict[str, Any]:
    step = {"name": name} | {key: said.get(key, value) for key, value in DEFAULTS.items()}
    if loop := said.get("loop"):
        step["loop"] = loop
    return step
