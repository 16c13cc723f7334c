"""The steps that say what of the story each target has, and how the steps of a target ask."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical
from comfyvn.model.find import RATINGS_FILE
from comfyvn.plan.acted import acted_in, recording_ratings
from comfyvn.plan.library import Library
from comfyvn.plan.requests import AssetRequest, backdrop, gallery, requests_of
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.story.content import Cut, above, cut_of, fit_head, fit_scene, fit_words, gone_ids
from comfyvn.story.skeleton import skeleton

_SIDECAR = "@sidecar/"
_TOLD = ("rating", "sfw_variant", "sfw_alt")


class Kept(NamedTuple):
    """What a target has of the assets and lines of the story, if it has not all of them.

    Attributes:
        answers: those of `@found` that it asks for.
        keys: the keys of the files that answer them.
        gallery: its full-screen pictures, with alt texts.
        backdrop: the first place that it shows.
        gone: the ids of the lines, choices and outcomes that it has not.
        silent: the recordings that it has not, although it may have their lines.
    """

    answers: list[list[Any]]
    keys: list[str]
    gallery: list[list[str]]
    backdrop: list[Any] | None
    gone: list[str]
    silent: list[str]


def marks(context: Context) -> None:
    """Gather what is rated outside of scenes: `@sidecar/*`, `policy/ratings.yaml` → `@marks`."""
    ratings: dict[str, str] = {}
    variants: dict[str, str] = {}
    alts: dict[str, str] = {}
    if context.find(RATINGS_FILE) is not None:
        # What types sources takes long to import, and most projects have no such file.
        from comfyvn.model.ratings import read_ratings

        out = Diagnostics()
        for each in read_ratings(context.read, out)[0].overrides:
            ratings[each.item] = each.rating
            if each.sfw_variant is not None:
                variants[each.item] = each.sfw_variant
            if each.sfw_alt is not None:
                alts[each.item] = each.sfw_alt
        for finding in out:
            context.report(finding)
    files = {}
    for name in context.inputs:
        if (told := context.find(name)) is not None:
            said = {key: value for key, value in json.loads(told).items() if key in _TOLD}
            if said:
                files[name.removeprefix(_SIDECAR)] = said
    found = {"ratings": ratings, "variants": variants, "alts": alts, "files": files}
    context.write("@marks", canonical(found).encode())


def variant_requests(
    marks: Mapping[str, Any], requests: Iterable[AssetRequest], files: Iterable[str]
) -> list[AssetRequest]:
    """Return the requests for what may be shown instead of others.

    Args:
        marks: `@marks`.
        requests: what the story asks for.
        files: the hand-made files, whose sidecars name variants too.
    """
    by_key = {key: each["sfw_variant"] for key, each in marks["files"].items()
              if "sfw_variant" in each}  # fmt: skip
    found = set()
    answers: Mapping[AssetRequest, str] = {}
    requests = list(requests)
    if by_key:
        from comfyvn.plan.assets import key_of

        paths = Library(files).answers(requests, Diagnostics(), requests)
        answers = {request: key_of("asset", path) for request, path in paths.items()}
    for request in requests:
        name = marks["variants"].get(f"{request.kind} {request.name}")
        name = name or by_key.get(answers.get(request, ""))
        if name:
            found.add(AssetRequest(request.kind, name))
    return sorted(found)


def content(context: Context) -> None:
    """Say what a target has → `@content/TARGET`, `@kept/TARGET`.

    Reads `@globals`, `@marks`, `@head`, `@scenes`, `@found` and `@acted`. The scenes, `@part/*`,
    are looked at only where a target goes without something, or without what is shown instead
    elsewhere.
    """
    target = context.params["target"]
    said = json.loads(context.read("@globals"))["project"].get("content", {}).get(target, {})
    marks = json.loads(context.read("@marks"))
    answers = json.loads(context.read("@found"))["answers"]
    rated = rated_assets(marks, answers)
    cut = None
    if said.get("mode") == "sfw" or rated.variants:
        scenes = json.loads(context.read("@scenes"))
        parts = {name: json.loads(context.read(f"@part/{name}")) for name in scenes}
        head = json.loads(context.read("@head"))
        if said.get("mode") == "sfw":
            cut = cut_of(parts, said.get("rating", "teen"), *rated)
        kept = kept_of(head, parts, cut, answers)
        if cut is not None:
            ratings = recording_ratings(marks, acted_in(context))
            silent = sorted(path for path in ratings if above(ratings[path], cut.most))
            kept = kept._replace(silent=silent)
        context.write(f"@kept/{target}", canonical(kept._asdict()).encode())
    context.write(f"@content/{target}", canonical(None if cut is None else cut._asdict()).encode())


class Marked(NamedTuple):
    """What is said of things outside of scenes, by name.

    Attributes:
        ratings: who they are for.
        variants: the names of the assets that are shown instead.
        alts: the alt texts of these.
    """

    ratings: dict[str, str]
    variants: dict[str, str]
    alts: dict[str, str]


def rated_assets(marks: Mapping[str, Any], answers: Iterable[Sequence[Any]]) -> Marked:
    """Return what is said outside of scenes, by `@marks` and the answers in `@found`.

    What sidecars say counts for all that their files answer, unless somebody decided otherwise.
    """
    found = Marked(dict(marks["ratings"]), dict(marks["variants"]), dict(marks["alts"]))
    for kind, subject, traits, key in answers:
        told = marks["files"].get(key, {})
        name = f"{kind} {AssetRequest(kind, subject, tuple(traits)).name}"
        for field, values in zip(_TOLD, found, strict=True):
            if field in told:
                values.setdefault(name, told[field])
    return found


def kept_of(
    head: Mapping[str, Any],
    parts: Mapping[str, Mapping[str, Any]],
    cut: Cut | None,
    answers: Iterable[Sequence[Any]],
) -> Kept:
    """Return what a target has, by what is left of the scenes."""
    fitted = {
        name: part if cut is None else fit_scene(name, part, cut) for name, part in parts.items()
    }
    bones = {name: skeleton(part) for name, part in fitted.items()}
    wanted = set(requests_of(head if cut is None else fit_head(head, cut), bones))
    left = [
        [kind, subject, traits, key]
        for kind, subject, traits, key in answers
        if AssetRequest(kind, subject, tuple(traits)) in wanted
    ]
    first = backdrop(bones[head["start"]])
    return Kept(
        left,
        sorted({key for *_, key in left}),
        [list(each) for each in gallery(bones)],
        None if first is None else list(first),
        sorted({id for name, part in parts.items() for id in gone_ids(part, fitted[name])}),
        [],
    )


def cut_in(context: Context, target: str) -> Cut | None:
    """Return the cut of a target by `@content/TARGET`; None if it has everything."""
    told = context.find(f"@content/{target}")
    found = None if told is None else json.loads(told)
    return None if found is None else Cut(**found)


def kept_in(context: Context, target: str) -> Kept | None:
    """Return what a target has by `@kept/TARGET`; None if it has all that is made."""
    told = context.find(f"@kept/{target}")
    return None if told is None else Kept(**json.loads(told))


def fitted(
    parts: Mapping[str, bytes], words: Mapping[str, Sequence[bytes]], cut: Cut
) -> tuple[dict[str, bytes], dict[str, list[bytes]]]:
    """Return scenes, and the translations of their texts by language, as a target has them."""
    left: dict[str, bytes] = {}
    gone: set[str] = set()
    for name, data in parts.items():
        part = json.loads(data)
        fitting = fit_scene(name, part, cut)
        gone |= gone_ids(part, fitting)
        left[name] = canonical(fitting).encode()
    said = {
        language: [canonical(fit_words(json.loads(each), gone, cut)).encode() for each in tables]
        for language, tables in words.items()
    }
    return left, said


def fitted_head(head: bytes, cut: Cut) -> bytes:
    """Return `@head` as a target has it."""
    return canonical(fit_head(json.loads(head), cut)).encode()
