"""The steps of the advice about ratings, content modes and licences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from comfyvn.advisory.hints import Lexicon, words_for
from comfyvn.advisory.licences import Use, Work, check_works
from comfyvn.advisory.ratings import doubts_in, highest, rated_in
from comfyvn.advisory.snapshots import Snapshot, check_snapshots, digest_of_text
from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical, canonical_bytes
from comfyvn.model.find import RATINGS_FILE
from comfyvn.model.policy import LICENCES_FOLDER, LicenceText, Words
from comfyvn.model.reuse import ENDING, REUSE_FILE, Reuse, Told, read_beside, read_reuse
from comfyvn.plan.acted import acted_in, asset_names, recording_ratings
from comfyvn.plan.assets import key_of
from comfyvn.plan.content_actions import rated_assets
from comfyvn.plan.front_artifacts import read, report
from comfyvn.plan.requests import AssetRequest
from comfyvn.plan.workflows import workflow_file
from comfyvn.source.diagnostics import Diagnostic, Diagnostics, Span
from comfyvn.source.nearest import nearest
from comfyvn.source.text import read_text
from comfyvn.source.yaml import load_yaml
from comfyvn.story.content import above

_RATED = "@rated/"


def lexicon(context: Context) -> None:
    """Gather what words hint at: `@globals`, `policy/ratings.yaml` → `@lexicon`."""
    own = Words()
    if context.find(RATINGS_FILE) is not None:
        from comfyvn.model.ratings import read_ratings

        own = read_ratings(context.read, Diagnostics())[0].words
    project = read(context, "@globals")["project"]
    found = {
        "words": words_for(own).model_dump(),
        "language": project.get("language", "en"),
        "declared": project.get("rating", "everyone"),
    }
    context.write("@lexicon", canonical_bytes(found))


@lru_cache(maxsize=2)
def _lexicon(data: bytes) -> tuple[Lexicon, str]:
    told = json.loads(data)
    return Lexicon(Words.model_validate(told["words"]), told["language"]), told["declared"]


def rated(context: Context) -> None:
    """Say what a scene is rated, and doubt it: `@part/SCENE`, … → `@rated/SCENE`."""
    scene = context.params["scene"]
    path, part, places, marks, lists = context.inputs
    words, declared = _lexicon(context.read(lists))
    ratings = read(context, marks)["ratings"]
    told = read(context, part)
    at = read(context, places)
    doubts = list(doubts_in(scene, told, declared, ratings, words))
    out = Diagnostics()
    for doubt in doubts:
        hint, is_rated = doubt.hint, doubt.rating or declared
        out.append(
            Diagnostic(
                "VN1901",
                "note",
                f"`{hint.found}` hints at {hint.hint}, which is for `{hint.rating}`, and this is "
                f"rated `{is_rated}` ({hint.sure:.0%} sure)",
                _place(path, at, doubt.id),
                f"write `rated {hint.rating}` behind it, or `rated {is_rated}` if it is harmless",
            )
        )
    found = {
        "rated": rated_in(scene, told, ratings),
        "doubts": [{"id": each.id, "rated": each.rating, **each.hint._asdict()} for each in doubts],
        "labels": [f"{scene}#{section['label']}" for section in told["sections"]],
    }
    context.write(f"{_RATED}{scene}", canonical_bytes(found))
    report(context, out)


def ratings(context: Context) -> None:
    """Hold all that is rated against what the story is declared to be → `@ratings`.

    Reads `@globals`, `@marks`, `@found`, `@rated/*`, `@acted`; places, where something is found.
    """
    said = read(context, "@globals")["project"]
    declared = said.get("rating", "everyone")
    answers = read(context, "@found")["answers"]
    acted = acted_in(context)
    marks = read(context, "@marks")
    assets = rated_assets(marks, answers).ratings
    scenes = {
        name.removeprefix(_RATED): read(context, name)
        for name in context.inputs
        if name.startswith(_RATED)
    }
    out = Diagnostics()
    modes = {target: said.get("content", {}).get(target, {}) for target in _targets(said)}
    shown = {
        target: mode.get("rating", "teen") if mode.get("mode") == "sfw" else None
        for target, mode in modes.items()
    }
    # What every target goes without, no player sees.
    open_to = [most for most in shown.values() if most is None or above(most, declared)]
    for scene, told in scenes.items():
        over = [(item, rating) for item, rating, _ in told["rated"] if above(rating, declared)]
        over = [
            (item, rating)
            for item, rating in over
            if any(most is None or not above(rating, most) for most in open_to)
        ]
        if over:
            item, rating = next(each for each in over if each[1] == highest(r for _, r in over))
            what = f"the scene `{scene}`" if item == scene else f"something in `{scene}`"
            at = _places(context, scene)
            out.warning(
                "VN1902",
                f"{what} is rated `{rating}`, and the story `{declared}`",
                _place(f"scenes/{scene}.md", at, item),
                help=f"write `rating: {rating}` in vn.yaml, or let targets leave it out",
            )
    named = {f"{kind} {AssetRequest(kind, s, tuple(t)).name}" for kind, s, t, _ in answers}
    _check_overrides(context, marks, scenes, named | asset_names(acted), out)
    for target, mode in modes.items():
        if mode.get("mode") == "warn" and not said.get("content_notes"):
            out.warning(
                "VN1908",
                f"`{target}` is to warn of its content, and there is nothing that says of what",
                Span.whole_file("vn.yaml"),
                help="write `content_notes: [violence, …]`; they are shown before the game starts",
            )
    everything = [each[1] for told in scenes.values() for each in told["rated"]]
    used = {name: rating for name, rating in assets.items() if name in named}
    used |= recording_ratings(marks, acted)
    everything += used.values()
    whole = highest([declared, *everything])
    found = {
        "declared": declared,
        "story": whole,
        "scenes": {
            scene: highest(each[1] for each in told["rated"]) for scene, told in scenes.items()
        },
        "items": [list(each) for told in scenes.values() for each in told["rated"]],
        "assets": used,
        "doubts": [{"scene": scene, **each} for scene, told in scenes.items()
                   for each in told["doubts"]],
        "targets": {
            target: {
                "mode": mode.get("mode", "unrestricted"),
                "rating": whole if (most := shown[target]) is None or above(most, whole) else most,
            }
            for target, mode in modes.items()
        },
    }  # fmt: skip
    context.write("@ratings", canonical_bytes(found))
    report(context, out)


def _targets(said: Mapping[str, Any]) -> list[str]:
    return list(said.get("targets", ["renpy", "web"]))


def _check_overrides(
    context: Context,
    marks: Mapping[str, Any],
    scenes: Mapping[str, Any],
    named: set[str],
    out: Diagnostics,
) -> None:
    """Report decisions about what there is not."""
    if not marks["ratings"]:
        return
    from comfyvn.model.ratings import read_ratings

    decided, node = read_ratings(context.read, Diagnostics())
    known = named | scenes.keys() | {label for told in scenes.values() for label in told["labels"]}
    for number, each in enumerate(decided.overrides):
        if each.item in known or any(each.item in _places(context, name) for name in scenes):
            continue
        # What is mistyped is a place, an asset or an id; or an asset is named without its kind.
        bare = {name.partition(" ")[2]: name for name in sorted(known) if " " in name}
        ids = {id for name in scenes for id in _places(context, name)}
        near = nearest(each.item, sorted(known)) or nearest(each.item, sorted(ids))
        near = near or bare.get(nearest(each.item.rpartition(" ")[2], bare) or "")
        out.warning(
            "VN1906",
            f"there is no `{each.item}` in the story",
            node.at("overrides", number, "item") if node else Span.whole_file(RATINGS_FILE),
            help=f"did you mean `{near}`?" if near else "name an id, a scene, or `picture NAME`",
        )


def _places(context: Context, scene: str) -> dict[str, Any]:
    found = context.find(f"@places/{scene}")
    return {} if found is None else json.loads(found)


def _place(path: str, places: Mapping[str, Any], id: str) -> Span:
    at = places.get(id)
    return Span.on_line(path, at[0], at[1], at[1] + 1) if at else Span.whole_file(path)


def licences(context: Context) -> None:
    """Look at the licences of what goes into the game → `@licences`.

    Reads `@globals`, `@found`, `@acted`, `@assets`, `@sidecar/*`, `licenses/*`, `REUSE.toml` and
    `FILE.license` beside files.
    """
    out = Diagnostics()
    said = read(context, "@globals")
    project = said["project"]
    found = read(context, "@found")
    listed = set(read(context, "@assets"))
    reuse = Reuse()
    if context.find(REUSE_FILE) is not None:
        text = read_text(REUSE_FILE, context.read, out)
        reuse = read_reuse(text, out) if text is not None else reuse
    use = Use(project.get("licence"), project.get("commercial", False))
    works = []
    for path in sorted({*found["assets"].values(), *acted_in(context)}):
        told = _told(context, path, listed, reuse)
        works.append(Work(path, told.licence, told.author, False, Span.whole_file(path)))
    models = _models(said, found)
    snapshots = check_snapshots(_snapshots(context, out), models, out)
    for model, span in sorted(models.items()):
        licence = next((each.told.licence for each in snapshots if each.covers(model)), None)
        works.append(Work(model, licence, None, True, span))
    check_works(works, use, out)
    told_of = {
        "works": [
            {
                "name": each.name,
                "licence": each.licence,
                "author": each.author,
                "kind": "model" if each.model else "file",
            }
            for each in works
        ],
        "texts": [
            {
                "name": each.name,
                "source": each.told.source,
                "licence": each.told.licence,
                "sha256": each.sha256,
                "needed": each.needed,
                "acknowledged": [
                    one.model_dump(exclude_none=True)
                    for one in each.told.acknowledged
                    if one.sha256 == each.sha256
                ],
            }
            for each in snapshots
        ],
    }
    context.write("@licences", canonical(told_of).encode())
    report(context, out)


def _told(context: Context, path: str, listed: set[str], reuse: Reuse) -> Told:
    """Return what is said of a file: by its sidecar, else beside it, else for its folder."""
    said = context.find(f"@sidecar/{key_of('asset', path)}")
    sidecar = {} if said is None else json.loads(said)
    beside = Told()
    if path + ENDING in listed:
        text = read_text(path + ENDING, context.read, Diagnostics())
        beside = read_beside(text or "")
    whole = reuse.of(path)
    return Told(
        sidecar.get("licence") or beside.licence or whole.licence,
        sidecar.get("author") or beside.author or whole.author,
    )


def _models(said: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Span]:
    """Return the models that pictures are rendered with, and where each is named."""
    models: dict[str, Span] = {}
    rendered = found["rendered"]
    for workflow, _, _, _, needs in rendered.values():
        for name in needs.get("models", "").split(", "):
            if name and name != workflow:
                models.setdefault(name, Span.whole_file(workflow_file(workflow, needs)))
    drawn = {subject for kind, subject, _, key in found["answers"]
             if kind == "sprite" and key in rendered}  # fmt: skip
    for character in sorted(drawn):
        look = said["characters"].get(character, {}).get("look", {})
        for lora in look.get("loras", ()):
            models.setdefault(lora["name"], Span.whole_file(f"characters/{character}.yaml"))
    return models


def _snapshots(context: Context, out: Diagnostics) -> list[Snapshot]:
    from comfyvn.model.licence import check_licence
    from comfyvn.model.validate import validate

    found = []
    folder = f"{LICENCES_FOLDER}/"
    paths = {name for name in context.inputs if name.startswith(folder)}
    for path in sorted(name for name in paths if name.endswith(".yaml")):
        text = read_text(path, context.read, out)
        node = None if text is None else load_yaml(text, path, out)
        told = None if node is None else validate(LicenceText, node, out)
        if told is None or node is None:
            continue
        if told.licence is not None:
            check_licence(told.licence, node.at("licence"), out)
        beside = path.removesuffix(".yaml") + ".txt"
        sha256 = digest_of_text(context.read(beside)) if beside in paths else None
        found.append(Snapshot(PurePosixPath(path).stem, path, told, sha256))
    return found
