"""The steps of the front that are about the whole project; `scene_actions` has those of one scene.

`comfyvn.story.compile.compile_project` is the same in one call. What each artifact holds is in
`docs/engine.md`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.engine.findings import from_json
from comfyvn.model.globals import globals_of, project_of
from comfyvn.model.listing import Listing
from comfyvn.model.load import load_facts
from comfyvn.plan.front_artifacts import (
    Scenes,
    fields_of,
    known_names,
    messages_of,
    read,
    report,
    write,
)
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.po import read_po
from comfyvn.source.syntax import At
from comfyvn.source.text import read_text
from comfyvn.source.yaml import Node, load_yaml
from comfyvn.story.compiler.facts import head_of, is_whole, located, places_held, timeline
from comfyvn.story.compiler.flow import FlowFinding, SceneFacts, Spot, check_flow
from comfyvn.story.compiler.names import labels_of, spoken_names, vocabulary
from comfyvn.story.compiler.reading import counted_lines
from comfyvn.story.compiler.scene import Spots
from comfyvn.story.compiler.translations import check_languages, lost_line, slice_messages


def project(context: Context) -> None:
    """Read the YAML sources: `@sources`, `@scenes` → `@globals`, `@names`, `@cast`, `@follows/*`.

    `@faults` says whether something is an error that is in no scene.
    """
    sources = read(context, "@sources")
    out = Diagnostics(from_json(item) for item in sources["findings"])
    listing = Listing(
        dict.fromkeys(read(context, "@scenes"), ""),
        sources["kinds"],
        sources["catalogues"],
        state=sources["state"],
    )
    loaded = load_facts(listing, context.read, out)
    faulty = any(
        item.severity == "error" and not item.span.path.startswith("i18n/") for item in out
    )
    if listing.scenes:
        check_languages(loaded, out)
    write(context, "@faults", faulty or not sources["lock"])
    write(context, "@globals", globals_of(loaded))
    write(context, "@names", vocabulary(loaded))
    write(context, "@cast", sorted(spoken_names(loaded.characters)))
    for scene, following in timeline(loaded).items():
        write(context, f"@follows/{scene}", following)
    report(context, out)


def count(context: Context) -> None:
    """Gather the lines that some scene asks `seen` for: `@asked/*` → `@counted/*`."""
    asked = (json.loads(data) for name in context.inputs if (data := context.read(name)) != b"[]")
    for scene, names in counted_lines(asked).items():
        write(context, f"@counted/{scene}", names)


def labels(context: Context) -> None:
    """Look up the places that variables may hold: `@names`, the scenes they name → `@labels`."""
    out = Diagnostics()
    scenes = Scenes(context)
    nodes: dict[str, Node | None] = {}

    def place(path: str, steps: Sequence[str | int]) -> Span:
        # Positions are not in `@names`, so that a source is read again where one is wanted.
        if path not in nodes:
            text = read_text(path, context.read, Diagnostics())
            nodes[path] = None if text is None else load_yaml(text, path, Diagnostics())
        node = nodes[path]
        return node.at(*steps) if node else Span.whole_file(path)

    words = read(context, "@names")
    found = labels_of(words, scenes, place, out)
    write(context, "@labels", found)
    if read(context, "@scenes"):
        report(context, out)


def catalogue(context: Context) -> None:
    """Read the translations into a language: a PO file → `@catalogue/LANGUAGE`."""
    path = context.inputs[0]
    out = Diagnostics()
    text = read_text(path, context.read, out)
    messages = {} if text is None else read_po(text, path, out)
    write(context, f"@catalogue/{PurePosixPath(path).stem}", fields_of(messages))
    report(context, out)


def slices(context: Context) -> None:
    """Part a catalogue by scene: `@catalogue`, `@lock/*` → `@messages/LANGUAGE/*`, `@strays`."""
    language = context.params["language"]
    home = {
        id: name.removeprefix("@lock/")
        for name in context.inputs
        if name.startswith("@lock/")
        for id in read(context, name)
    }
    messages = messages_of(context.read(f"@catalogue/{language}"))
    found, strays = slice_messages(messages, home)
    for scene, each in found.items():
        write(context, f"@messages/{language}/{scene}", fields_of(each))
    write(
        context,
        f"@strays/{language}",
        {id: (messages[id].line, messages[id].column, messages[id].end_column) for id in strays},
    )


def link(context: Context) -> None:
    """Check the whole: `@facts/*`, `@globals`, … → `@head`, `@flow`."""
    scenes = read(context, "@scenes")
    loaded = project_of(read(context, "@globals"), Listing(dict.fromkeys(scenes, "")))
    facts: dict[str, SceneFacts] = {
        scene: json.loads(context.read(f"@facts/{scene}")) for scene in scenes
    }
    names, _ = known_names(context)
    head = head_of(loaded, names.variables, facts, read(context, "@gone"))
    sound = not read(context, "@faults") and is_whole(
        read(context, "@names"), read(context, "@labels"), facts
    )
    after = {id: each.next for id, each in timeline(loaded).items() if each.next is not None}
    flow = check_flow(facts, after, loaded.project.start, places_held(head["variables"]), sound)
    lost = [
        (language, scene, id)
        for scene, each in facts.items()
        for language, ids in each.get("lost", {}).items()
        for id in ids
    ]
    write(context, "@head", head)
    found = {"flow": flow, "lost": lost if sound else []}
    found["catalogues"] = list(names.catalogues) if sound else []
    write(context, "@flow", found)


def locate(context: Context) -> None:
    """Report what `link` found at its places: `@flow`, `@spots` of the scenes that it is in."""
    found = read(context, "@flow")
    paths: dict[str, str] = {}
    spots: dict[str, Spots] = {}

    def spot(scene: str, *rest: Any) -> Spot:
        if scene not in spots:
            said = read(context, f"@spots/{scene}")
            paths[scene], spots[scene] = said["path"], said["sections"]
        return (scene, *rest)

    for code, severity, message, at, help, related in found["flow"]:
        other = (spot(*related[0]), related[1]) if related else None
        finding = FlowFinding(code, severity, message, spot(*at), help, other)
        context.report(located(finding, paths, spots))
    for language in found["catalogues"]:
        for id, at in read(context, f"@strays/{language}").items():
            context.report(lost_line(language, id, At(*at)))
    for language, scene, id in found["lost"]:
        one = messages_of(context.read(f"@messages/{language}/{scene}"))[id]
        context.report(lost_line(language, id, At(one.line, one.column, one.end_column)))
