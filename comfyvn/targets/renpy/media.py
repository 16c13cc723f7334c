"""Pictures and sounds: their files, and the statements that name them."""

from __future__ import annotations

from collections.abc import Mapping

from comfyvn.plan.assets import Asset
from comfyvn.plan.requests import SOUNDS, AssetRequest
from comfyvn.source.diagnostics import Span
from comfyvn.targets.renpy.context import Context, Lines
from comfyvn.targets.renpy.expressions import literal
from comfyvn.targets.renpy.names import LOOK_KINDS, PICTURE, SCENERY, ops

SILENCE = "<silence 1.0>"
UNPLAYABLE = frozenset({".m4a"})
"""Endings of sounds that browsers play and Ren'Py does not."""


Files = dict[str, bytes]


def pictures(
    context: Context, assets: Mapping[AssetRequest, Asset]
) -> tuple[dict[str, str], Files]:
    """Return what each image is, by its name, and the copied files.

    Raises:
        OSError: an asset cannot be read.
    """
    copied: Files = {}
    paths: dict[str, str] = {}
    named: dict[str, str] = {}
    for request, asset in sorted(assets.items()):
        if request.kind not in SOUNDS:
            image = " ".join(image_name(context, request))
            folder = f"art/{request.kind}"
            path = _copy(asset, folder, image.replace(" ", "_"), copied, paths)
            named[image] = f"vn.{request.kind}({literal(path)})"
    return named, copied


def image_statements(context: Context, named: Mapping[str, str]) -> str:
    """Return `images.rpy`."""
    lines = Lines()
    lines.add("# Every picture that the story shows.", "")
    lines.add(*(f"image {image} = {code}" for image, code in sorted(named.items())))
    stand_ins = _stand_ins(context, named)
    if stand_ins:
        lines.add("", "# Shown as what comes nearest; the rest depends on what was worn before.")
        lines.add(*(f"image {image} = {code}" for image, code in stand_ins.items()))
    absent = _never_shown(context, {*named, *stand_ins})
    if named and absent:
        lines.add("", "# Named by the story, and never shown.")
        lines.add(*(f"image {image} = Null()" for image in absent))
    return lines.text()


def _never_shown(context: Context, drawn: set[str]) -> list[str]:
    """Return the images that statements name and nothing is drawn for.

    Such a statement stands where no play comes by, or hides or moves who is never on stage.
    """
    names = context.names
    tags = {image.split()[0] for image in drawn}
    mentioned = names.used["hidden"] | names.used["shown"]
    absent = {names.tags[what] for what in mentioned if what in names.tags} - tags
    pictures = {f"{PICTURE} {names.pictures[asset]}" for asset in names.used["picture"]}
    return sorted(absent | (pictures - drawn))


def sounds(context: Context, assets: Mapping[AssetRequest, Asset]) -> tuple[str, Files]:
    """Return `sounds.rpy` and the copied files.

    Raises:
        OSError: an asset cannot be read.
    """
    lines = Lines()
    lines.add("# Every sound that the story plays; a missing one is silence.", "")
    copied: Files = {}
    paths: dict[str, str] = {}
    for (channel, name), variable in sorted(context.names.sounds.items()):
        asset = assets.get(AssetRequest(channel, name))
        path = SILENCE
        if asset is not None and asset.suffix in UNPLAYABLE:
            context.out.warning(
                "VN1011",
                f"Ren'Py cannot play `{asset.path.name}`, so `{name}` is silent there",
                Span.whole_file(asset.path.name),
                "save it as Ogg, Opus or MP3",
            )
        elif asset is not None:
            path = _copy(asset, f"sound/{channel}", variable, copied, paths)
        lines.add(f"define audio.{variable} = {literal(path)}")
    return lines.text(), copied


def image_name(context: Context, request: AssetRequest) -> list[str]:
    """Return the name of the image that answers a request."""
    names = context.names
    if request.kind == "background":
        kinds = names.looks[SCENERY]
        location = kinds[0][request.subject]
        rest = [kind[trait] for trait in request.traits for kind in kinds[1:] if trait in kind]
        return [SCENERY, location, *dict.fromkeys(rest)]
    if request.kind == "picture":
        return [PICTURE, names.pictures[request.subject]]
    tag = names.tags[request.subject]
    if request.kind != "sprite":
        return [tag]
    kinds = names.looks[tag]
    worn = []
    traits = list(request.traits)
    for kind in kinds:
        if traits and traits[0] in kind:
            worn.append(kind[traits.pop(0)])
    return [tag, *worn]


def _stand_ins(context: Context, named: Mapping[str, str]) -> dict[str, str]:
    """Return images that the script seems to show, seen without what went before.

    Ren'Py's lint looks at each statement alone: `show mei smile` completed by Mei's default
    looks, which may be a picture that never occurs.
    """
    if not named:
        return {}
    names = context.names
    written: set[tuple[str, ...]] = set()
    for op in ops(context.program):
        if op["op"] == "scene":
            scenery = names.scenery(op["location"], op.get("time"), op.get("weather"))
            written.add((SCENERY, *scenery))
        elif op["op"] == "move" and op["what"] in context.program.get("characters", {}):
            written.add(_dressed(context, op["what"], {}))
        elif op["op"] == "show" and op["kind"] == "sprite":
            written.add(_dressed(context, op["what"], op.get("look", {})))
        elif op["op"] == "show" and op.get("look"):
            what = op["what"]
            written.add((names.tags[what], *names.attributes(what, op["look"])))
        elif op["op"] == "say" and op.get("look"):
            for who in op["who"]:
                if who in names.used["staged"]:
                    written.add(_dressed(context, who, op["look"]))
    found = {}
    for words in sorted(written):
        image = " ".join(words)
        near = [other.split() for other in named if other.split()[0] == words[0]]
        if image in named:
            continue
        if near:
            best = max(near, key=lambda other: len(set(other) & set(words)))
            found[image] = named[" ".join(best)]
        else:  # nothing leads to where it is shown
            found[image] = "Null()"
    return found


def _dressed(context: Context, who: str, look: Mapping[str, str]) -> tuple[str, ...]:
    tag = context.names.tags[who]
    kinds = context.names.looks[tag]
    worn = (
        kind.get(look.get(name, ""), next(iter(kind.values()), ""))
        for name, kind in zip(LOOK_KINDS, kinds, strict=True)
    )
    return (tag, *(one for one in worn if one))


def _copy(
    asset: Asset, folder: str, stem: str, copied: dict[str, bytes], paths: dict[str, str]
) -> str:
    """Copy a file once, however many names it has; return its path below `game/`."""
    key = str(asset.path)
    if key not in paths:
        paths[key] = f"{folder}/{stem}{asset.suffix}"
        copied[f"game/{paths[key]}"] = asset.read()
    return paths[key]
