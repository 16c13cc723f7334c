"""A story without what does not fit those it is for: one Program made into another.

Nothing is guessed here: what goes is what somebody rated. A line, choice or outcome that does not
fit is left out. A picture, prop or sound is swapped for its variant, or left out. A scene or
section is passed over: it shows nothing, asks nothing, and does and leads where it did; or the
scene that it names as its variant is played instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

RATINGS = ("everyone", "teen", "mature", "adult")
"""From the youngest audience to the oldest."""

Json = dict[str, Any]
_SHOWN = {"picture": ("picture", "asset"), "play": ("", "name"), "voice": ("voice", "name")}
_DONE = frozenset({"jump", "call", "return", "set", "ending", "unlock"})
"""What a scene that is passed over still does."""
_STAGED = ("image", "prop", "picture")


def above(rating: str | None, most: str) -> bool:
    """Whether a rating is for older people than `most`; what has none is for everyone."""
    return rating is not None and RATINGS.index(rating) > RATINGS.index(most)


class Cut(NamedTuple):
    """What decides what a target goes without.

    Attributes:
        most: the highest rating that fits.
        ratings: what is rated besides in the Program, where it wins: by id of a line, choice,
            item, section or scene, by a scene's name, or by asset, `picture one_pair`.
        variants: the names of the assets of the same kind that are shown instead, by asset.
        detours: the scenes that do not fit, and what is played instead; empty for nothing.
        alts: the alt texts of full-screen pictures that are variants, by what they stand for.
    """

    most: str
    ratings: Mapping[str, str]
    variants: Mapping[str, str]
    detours: Mapping[str, str]
    alts: Mapping[str, str] = MappingProxyType({})

    def fits(self, *names: str, own: str | None = None) -> bool:
        """Whether what goes by these names, and has the rating `own` in the Program, fits."""
        said = next((self.ratings[name] for name in names if name in self.ratings), own)
        return not above(said, self.most)

    def asset(self, kind: str, name: str) -> str | None:
        """Return what is shown for an asset: itself, its variant, or nothing."""
        if self.fits(f"{kind} {name}"):
            return name
        variant = self.variants.get(f"{kind} {name}")
        return variant if variant and self.fits(f"{kind} {variant}") else None


def scene_rating(name: str, scene: Mapping[str, Any], ratings: Mapping[str, str]) -> str | None:
    """Return who a scene is for: what is said of it elsewhere wins; None if nobody says."""
    found: str | None = ratings.get(name) or ratings.get(scene.get("id", "")) or scene.get("rating")
    return found


def cut_of(
    scenes: Mapping[str, Mapping[str, Any]],
    most: str,
    ratings: Mapping[str, str],
    variants: Mapping[str, str],
    alts: Mapping[str, str] = MappingProxyType({}),
) -> Cut:
    """Return the cut of a story; of `scenes` only ids, ratings and variants are read."""

    def fits(name: str) -> bool:
        return not above(scene_rating(name, scenes[name], ratings), most)

    detours = {}
    for name, scene in scenes.items():
        if not fits(name):
            variant = scene.get("sfw_variant", "")
            detours[name] = variant if variant in scenes and fits(variant) else ""
    return Cut(most, ratings, variants, detours, alts)


def fit_program(program: Mapping[str, Any], cut: Cut) -> Json:
    """Return a Program without what does not fit."""
    scenes = {name: fit_scene(name, scene, cut) for name, scene in program["scenes"].items()}
    fitted = fit_head(program, cut) | {"scenes": scenes}
    if "translations" in program:
        gone = set[str]().union(
            *(gone_ids(program["scenes"][name], scene) for name, scene in scenes.items())
        )
        fitted["translations"] = {
            language: fit_words(words, gone, cut)
            for language, words in program["translations"].items()
        }
    return fitted


def fit_head(head: Mapping[str, Any], cut: Cut) -> Json:
    """Return what a Program says besides its scenes, with a rating that is true of what is left."""
    fitted = dict(head)
    about = head.get("about", {})
    if above(about.get("rating"), cut.most):
        fitted["about"] = {**about, "rating": cut.most}
    if "locations" in head:
        fitted["locations"] = {
            name: _location(location, cut) for name, location in head["locations"].items()
        }
    return fitted


def fit_scene(name: str, scene: Mapping[str, Any], cut: Cut) -> Json:
    """Return a scene without what does not fit; its sections stay, whatever is left of them."""
    fitted = dict(scene)
    variant = cut.detours.get(name)
    passed = variant is not None
    if passed:
        fitted["enter"] = []
    else:
        fitted["enter"] = _fit(scene.get("enter", ()), cut)
    fitted["sections"] = [
        {**section, "body": _section(name, section, variant, cut)} for section in scene["sections"]
    ]
    return fitted


def fit_words(words: Mapping[str, Any], gone: frozenset[str] | set[str], cut: Cut) -> Json:
    """Return the translations of a scene's texts without those of texts that are left out."""
    return {
        id: {**said, "text": _text(said["text"], cut)}
        for id, said in words.items()
        if id not in gone and id.removesuffix("_locked") not in gone
    }


def gone_ids(scene: Mapping[str, Any], fitted: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of what stands in a scene and no more in the fitted one."""
    return frozenset(ids_of(scene)) - frozenset(ids_of(fitted))


def ids_of(scene: Mapping[str, Any]) -> Iterator[str]:
    """Yield the ids of everything in a scene that has one."""
    stack: list[Any] = [section["body"] for section in scene["sections"]]
    while stack:
        for op in stack.pop():
            if "id" in op:
                yield op["id"]
            stack += [op[key] for key in ("body", "choices", "items", "branches") if key in op]


def _location(location: Mapping[str, Any], cut: Cut) -> Json:
    ambience = location.get("ambience")
    if not ambience or ambience == "none":
        return dict(location)
    kept = cut.asset("ambience", ambience)
    if kept is None:
        return {key: value for key, value in location.items() if key != "ambience"}
    return {**location, "ambience": kept}


def _section(name: str, section: Mapping[str, Any], variant: str | None, cut: Cut) -> list[Json]:
    if variant:
        return [{"op": "jump", "to": f"{variant}#"}]
    place = f"{name}#{section['label']}"
    if variant is None and cut.fits(*((section["id"], place) if section["label"] else ())):
        return _fit(section["body"], cut)
    return _silent(section["body"])


def _fit(body: Sequence[Mapping[str, Any]], cut: Cut) -> list[Json]:
    return [fitted for op in body if (fitted := _op(op, cut)) is not None]


def _op(op: Mapping[str, Any], cut: Cut) -> Json | None:
    """Return an op as it fits; None if it is left out."""
    match op["op"]:
        case "say":
            if not cut.fits(op["id"], own=op.get("rating")):
                return None
            return {**op, "text": _text(op["text"], cut)}
        case "input" | "break":
            return dict(op) if cut.fits(op["id"], own=op.get("rating")) else None
        case "page":
            body = _fit(op["body"], cut)
            return {**op, "body": body} if body else None
        case "if":
            return {**op, "branches": [_within(each, cut) for each in op["branches"]]}
        case "menu" | "pick":
            key = "choices" if op["op"] == "menu" else "items"
            left = [
                _within(each, cut)
                for each in op[key]
                if cut.fits(each["id"], own=each.get("rating"))
            ]
            return {**op, key: left} if left and cut.fits(op["id"]) else None
        case "show" if op["kind"] in _STAGED:
            return _swapped(op, op["kind"], "what", cut)
        case "hide" | "move":
            # It has no kind: what it names is on the stage by the name that `show` gave it.
            shown = (cut.asset(kind, op["what"]) for kind in _STAGED)
            other = next((name for name in shown if name not in (None, op["what"])), op["what"])
            return {**op, "what": other}
        case "play" | "picture" | "voice" as name:
            kind, key = _SHOWN[name]
            fitted = _swapped(op, kind or op["channel"], key, cut)
            if name == "picture" and fitted is not None and fitted[key] != op[key]:
                fitted["alt"] = cut.alts.get(f"picture {op[key]}", op["alt"])
            return fitted
    return dict(op)


def _within(each: Mapping[str, Any], cut: Cut) -> Json:
    return {**each, "body": _fit(each.get("body", ()), cut)}


def _swapped(op: Mapping[str, Any], kind: str, key: str, cut: Cut) -> Json | None:
    name = cut.asset(kind, op[key])
    return None if name is None else {**op, key: name}


def _text(text: Sequence[Any], cut: Cut) -> list[Any]:
    """Return a text with those of its effects that fit."""
    fitted: list[Any] = []
    for fragment in text:
        if isinstance(fragment, dict) and "fx" in fragment:
            if effects := _fit(fragment["fx"], cut):
                fitted.append({"fx": effects})
        else:
            fitted.append(fragment)
    return fitted


def _silent(body: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Return what a body does besides showing and asking."""
    left: list[Json] = []
    for op in body:
        if op["op"] in _DONE:
            left.append(dict(op))
        elif op["op"] == "page":
            left += _silent(op["body"])
        elif op["op"] in ("if", "pick"):
            key = "branches" if op["op"] == "if" else "items"
            within = [{**each, "body": _silent(each.get("body", ()))} for each in op[key]]
            if any(each["body"] for each in within):
                left.append({**op, key: within})
    return left
