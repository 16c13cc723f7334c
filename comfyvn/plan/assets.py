"""Which file each asset request gets: a hand-made one below `assets/`, else what makes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from comfyvn.engine.digest import digest_of
from comfyvn.plan import render_brief
from comfyvn.plan.library import Library, words
from comfyvn.plan.painted import Moments, brief_of
from comfyvn.plan.prompt import compose
from comfyvn.plan.renderings import Rendering, named, set_of
from comfyvn.plan.requests import SOUNDS, AssetRequest
from comfyvn.plan.sounds import ambience_of
from comfyvn.plan.variations import Place, Variation, report_unheard, variations, whole_file
from comfyvn.plan.workflows import PICTURES, Workflows
from comfyvn.source.diagnostics import Diagnostics, Span

MAKERS = {"painter": ".webp", "comfyui": ".webp", "ambience": ".opus", "variation": ".opus"}
"""What makes pictures and sounds, and the ending of what it makes."""


def suffix_of(maker: str) -> str:
    """Return the ending of what a maker makes."""
    return MAKERS[maker]


class Found(NamedTuple):
    """What answers the requests of a story.

    Attributes:
        assets: the hand-made files that are used, by their keys: paths from the project's folder.
            Those that only music is made from answer nothing.
        made: what makes each of the others, by its key: a name of `MAKERS`.
        briefs: what those are made from, by their keys.
        answers: the key of what answers each request that is not silent.
        rendered: how each of the pictures is rendered that ComfyUI makes, by its key.
        sources: the file that each variation of music is made from, by its key.
        moods: words to find each variation by, by its key.
    """

    assets: dict[str, str]
    made: dict[str, str]
    briefs: dict[str, Mapping[str, Any]]
    answers: dict[AssetRequest, str]
    rendered: dict[str, Rendering]
    sources: dict[str, str]
    moods: dict[str, tuple[str, ...]]


def answer(
    head: Mapping[str, Any],
    said: Mapping[str, Any],
    alts: Mapping[str, str],
    requests: Iterable[AssetRequest],
    files: Iterable[str],
    out: Diagnostics,
    takes: Mapping[str, int] = MappingProxyType({}),
    workflows: Workflows | None = None,
    hears: bool = False,
    moments: Moments = MappingProxyType({}),
    place: Place = whole_file,
    used_at: Callable[[AssetRequest], Span] | None = None,
) -> Found:
    """Return what answers each request, of the files below `assets/` and what can be made.

    A key belongs to a file's path or to a request: what it holds may change.

    Args:
        head: the Program; its scenes are not looked at.
        said: what the YAML sources say (`comfyvn.model.globals`).
        alts: the alt texts of pictures.
        requests: what is asked for.
        files: the hand-made files.
        out: where findings go.
        takes: the takes that `vn.lock` pins.
        workflows: those of the project.
        hears: whether sounds can be made on this machine.
        moments: where the story is when it shows a full-screen picture.
        place: where findings on variations of music are.
        used_at: where a sound is asked for.
    """
    requests, files = list(requests), list(files)
    varied = variations(said.get("music", {}), files, out, place)
    ambiences = {each: recipe for each in requests if hears and (recipe := ambience_of(each))}
    music = {
        each: varied[named_so]
        for each in requests
        if each.kind == "music" and (named_so := words(each.subject)) in varied
    }
    # What is wrong with a variation that cannot be made was said.
    declared = {words(name) for name in said.get("music", {})}
    known = {each for each in requests if each.kind == "music" and words(each.subject) in declared}
    made = Library(files, said.get("music", {})).answers(
        requests, out, {*ambiences, *known}, used_at
    )
    found = Found({}, {}, {}, {}, {}, {}, {})
    for request in requests:
        if request in made:
            key = key_of("asset", made[request])
            found.assets[key] = made[request]
        elif render_brief.is_rendered(said, request.kind):
            take = takes.get(named(request), 1)
            key = add_rendering(found, said, alts, request, take, workflows)
        elif request.kind not in SOUNDS:
            key = key_of("drawing", request.kind, request.subject, *request.traits)
            found.made[key] = "painter"
            found.briefs[key] = brief_of(head, said, alts, moments, request)
        elif request in ambiences:
            # Every rain is the same rain, by whatever name.
            key = key_of("ambience", ambiences[request])
            found.made[key] = "ambience"
            found.briefs[key] = {"recipe": ambiences[request]}
        elif request in music and hears:
            key = _add_variation(found, music[request])
        else:
            if request in music:
                report_unheard(music[request], out)
            continue
        found.answers[request] = key
    return found


def _add_variation(found: Found, variation: Variation) -> str:
    """Add a variation of music, and the file that it is made from; return its key."""
    key = key_of("variation", variation.name)
    found.made[key] = "variation"
    found.briefs[key] = {"name": variation.name, "from": variation.path, "steps": variation.steps}
    found.sources[key] = variation.path
    found.moods[key] = variation.mood
    found.assets[key_of("asset", variation.path)] = variation.path
    return key


def add_rendering(
    found: Found,
    said: Mapping[str, Any],
    alts: Mapping[str, str],
    request: AssetRequest,
    take: int,
    workflows: Workflows | None,
) -> str:
    """Add a take of a picture that ComfyUI renders; return its key."""
    key = key_of("rendering", request.kind, request.subject, *request.traits, str(take))
    alt = alts.get(request.subject, "") if request.kind == "picture" else ""
    found.made[key] = "comfyui"
    brief = render_brief.brief_of(said, request, compose(said, request, alt), alt, take)
    workflow = brief["workflow"]
    if workflows is not None:
        # A change of what the workflow does not take must not render it anew.
        taken = workflows.inputs(workflow, request.kind)
        brief["inputs"] = {name: each for name, each in brief["inputs"].items() if name in taken}
        for name in taken.intersection(PICTURES):
            if path := workflows.picture(name, request.subject):
                brief["inputs"][name] = path
        loras = [lora for lora, _ in brief["inputs"].get("loras", ())]
        if models := workflows.digests(workflow, loras):
            brief["models"] = models
    found.briefs[key] = brief
    pictures = {name: brief["inputs"][name] for name in PICTURES if name in brief["inputs"]}
    needs = workflows.needs(workflow) if workflows is not None else {}
    found.rendered[key] = Rendering(workflow, take, set_of(request), pictures, needs)
    return key


def key_of(*names: str) -> str:
    """Return the key of what has these names: 12 hexadecimal digits."""
    return digest_of("\0".join(names).encode())[:12]
