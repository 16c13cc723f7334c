"""The steps from sources to the parts of the Program.

`comfyvn.story.compile.compile_project` is the same in one call. What each artifact holds is in
`docs/engine.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.engine.findings import from_json
from comfyvn.model.globals import globals_of, project_of
from comfyvn.model.listing import Listing
from comfyvn.model.load import load_facts, read_text
from comfyvn.plan.readings import READINGS
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.po import Message, read_po
from comfyvn.source.syntax import At
from comfyvn.source.yaml import Node, load_yaml
from comfyvn.story.canonical import packed
from comfyvn.story.compile import UNREADABLE
from comfyvn.story.compiler.facts import head_of, is_whole, located, places_held, timeline
from comfyvn.story.compiler.flow import FlowFinding, SceneFacts, Spot, check_flow
from comfyvn.story.compiler.names import Labels, labels_of, names_of, spoken_names, vocabulary
from comfyvn.story.compiler.reading import UNREAD, counted_lines
from comfyvn.story.compiler.scene import Following, Spots, lower_scene
from comfyvn.story.compiler.scope import Shared
from comfyvn.story.compiler.translations import check_languages, lost_line, slice_messages
from comfyvn.story.resolve import Names, SceneNames
from comfyvn.story.skeleton import skeleton


def project(context: Context) -> None:
    """Read the YAML sources: `@sources`, `@scenes` → `@globals`, `@names`, `@cast`, `@follows/*`.

    `@faults` says whether something is an error that is in no scene.
    """
    sources = _read(context, "@sources")
    out = Diagnostics(from_json(item) for item in sources["findings"])
    listing = Listing(
        dict.fromkeys(_read(context, "@scenes"), ""),
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
    _write(context, "@faults", faulty or not sources["lock"])
    _write(context, "@globals", globals_of(loaded))
    _write(context, "@names", vocabulary(loaded))
    _write(context, "@cast", sorted(spoken_names(loaded.characters)))
    for scene, following in timeline(loaded).items():
        _write(context, f"@follows/{scene}", following)
    _report(context, out)


def declare(context: Context) -> None:
    """Read a scene: its file, `@cast`, `@lock/SCENE` → `@declared`, `@places`, `@asked`."""
    scene, path = context.params["scene"], context.inputs[0]
    reading, findings = READINGS.read(path, scene, _cast(context.read("@cast")), context.read)
    if reading is None:
        _write(context, f"@declared/{scene}", UNREAD)
        _write(context, f"@places/{scene}", {})
        _write(context, f"@asked/{scene}", [])
    else:
        ids = _read(context, f"@lock/{scene}")
        _write(context, f"@declared/{scene}", reading.declared(ids))
        _write(context, f"@places/{scene}", reading.places(ids))
        _write(context, f"@asked/{scene}", reading.asked)
    _report(context, findings)


def count(context: Context) -> None:
    """Gather the lines that some scene asks `seen` for: `@asked/*` → `@counted/*`."""
    asked = (json.loads(data) for name in context.inputs if (data := context.read(name)) != b"[]")
    for scene, names in counted_lines(asked).items():
        _write(context, f"@counted/{scene}", names)


def labels(context: Context) -> None:
    """Look up the places that variables may hold: `@names`, the scenes they name → `@labels`."""
    out = Diagnostics()
    scenes = _Scenes(context)
    nodes: dict[str, Node | None] = {}

    def place(path: str, steps: Sequence[str | int]) -> Span:
        # Positions are not in `@names`, so that a source is read again where one is wanted.
        if path not in nodes:
            text = read_text(path, context.read, Diagnostics())
            nodes[path] = None if text is None else load_yaml(text, path, Diagnostics())
        node = nodes[path]
        return node.at(*steps) if node else Span.whole_file(path)

    words = _read(context, "@names")
    found = labels_of(words, scenes, place, out)
    _write(context, "@labels", found)
    if _read(context, "@scenes"):
        _report(context, out)


def catalogue(context: Context) -> None:
    """Read the translations into a language: a PO file → `@catalogue/LANGUAGE`."""
    path = context.inputs[0]
    out = Diagnostics()
    text = read_text(path, context.read, out)
    messages = {} if text is None else read_po(text, path, out)
    said = {
        id: (each.text, each.source, each.line, each.column, each.end_column)
        for id, each in messages.items()
    }
    _write(context, f"@catalogue/{PurePosixPath(path).stem}", said)
    _report(context, out)


def slices(context: Context) -> None:
    """Part a catalogue by scene: `@catalogue`, `@lock/*` → `@messages/LANGUAGE/*`, `@strays`."""
    language = context.params["language"]
    home = {
        id: name.removeprefix("@lock/")
        for name in context.inputs
        if name.startswith("@lock/")
        for id in _read(context, name)
    }
    messages = _messages(context.read(f"@catalogue/{language}"))
    found, strays = slice_messages(messages, home)
    for scene, each in found.items():
        said = {
            id: (one.text, one.source, one.line, one.column, one.end_column)
            for id, one in each.items()
        }
        _write(context, f"@messages/{language}/{scene}", said)
    _write(
        context,
        f"@strays/{language}",
        {id: (messages[id].line, messages[id].column, messages[id].end_column) for id in strays},
    )


def lower(context: Context) -> None:
    """Lower a scene → `@part`, `@words/SCENE#*`, `@facts`, `@spots`, `@skeleton`."""
    scene, path = context.params["scene"], context.inputs[0]
    cast = _cast(context.read("@cast"))
    reading, _ = READINGS.read(path, scene, cast, context.read, last=True)
    if reading is None:
        part: dict[str, Any] = {"id": "", "enter": [], "sections": []}
        _write(context, f"@part/{scene}", part)
        _write(context, f"@facts/{scene}", UNREADABLE)
        _write(context, f"@spots/{scene}", {"path": path, "sections": []})
        _write(context, f"@skeleton/{scene}", skeleton(part))
        return
    names, shared = _names(context)
    following = context.find(f"@follows/{scene}")
    counted = context.find(f"@counted/{scene}")
    catalogues = {
        language: _messages(data)
        for language in names.catalogues
        if (data := context.find(f"@messages/{language}/{scene}")) is not None
    }
    out = Diagnostics()
    lowered = lower_scene(
        reading,
        _read(context, f"@lock/{scene}"),
        names.within(_Scenes(context)),
        shared,
        Following() if following is None else Following(*json.loads(following)),
        () if counted is None else json.loads(counted),
        catalogues,
        out,
    )
    _write(context, f"@part/{scene}", lowered.part)
    _write(context, f"@facts/{scene}", lowered.facts)
    _write(context, f"@spots/{scene}", {"path": path, "sections": lowered.spots})
    _write(context, f"@skeleton/{scene}", skeleton(lowered.part))
    for language, words in lowered.words.items():
        _write(context, f"@words/{scene}#{language}", words)
    _report(context, out)


def link(context: Context) -> None:
    """Check the whole: `@facts/*`, `@globals`, … → `@head`, `@flow`."""
    scenes = _read(context, "@scenes")
    loaded = project_of(_read(context, "@globals"), Listing(dict.fromkeys(scenes, "")))
    facts: dict[str, SceneFacts] = {
        scene: json.loads(context.read(f"@facts/{scene}")) for scene in scenes
    }
    names, _ = _names(context)
    head = head_of(loaded, names.variables, facts, _read(context, "@gone"))
    sound = not _read(context, "@faults") and is_whole(
        _read(context, "@names"), _read(context, "@labels"), facts
    )
    after = {id: each.next for id, each in timeline(loaded).items() if each.next is not None}
    flow = check_flow(facts, after, loaded.project.start, places_held(head["variables"]), sound)
    lost = [
        (language, scene, id)
        for scene, each in facts.items()
        for language, ids in each.get("lost", {}).items()
        for id in ids
    ]
    _write(context, "@head", head)
    found = {"flow": flow, "lost": lost if sound else []}
    found["catalogues"] = list(names.catalogues) if sound else []
    _write(context, "@flow", found)


def locate(context: Context) -> None:
    """Report what `link` found at its places: `@flow`, `@spots` of the scenes that it is in."""
    found = _read(context, "@flow")
    paths: dict[str, str] = {}
    spots: dict[str, Spots] = {}

    def spot(scene: str, *rest: Any) -> Spot:
        if scene not in spots:
            said = _read(context, f"@spots/{scene}")
            paths[scene], spots[scene] = said["path"], said["sections"]
        return (scene, *rest)

    for code, severity, message, at, help, related in found["flow"]:
        other = (spot(*related[0]), related[1]) if related else None
        finding = FlowFinding(code, severity, message, spot(*at), help, other)
        context.report(located(finding, paths, spots))
    for language in found["catalogues"]:
        for id, at in _read(context, f"@strays/{language}").items():
            context.report(lost_line(language, id, At(*at)))
    for language, scene, id in found["lost"]:
        one = _messages(context.read(f"@messages/{language}/{scene}"))[id]
        context.report(lost_line(language, id, At(one.line, one.column, one.end_column)))


class _Scenes(Mapping[str, SceneNames]):
    """What all scenes declare, read when it is asked for."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def __getitem__(self, scene: str) -> SceneNames:
        found = self.context.find(f"@declared/{scene}")
        if found is None:
            raise KeyError(scene)
        return _scene_names(scene, found)

    def __iter__(self) -> Iterator[str]:
        return iter(_read(self.context, "@scenes"))

    def __len__(self) -> int:
        return len(_read(self.context, "@scenes"))


@lru_cache(maxsize=4096)
def _scene_names(scene: str, declared: bytes) -> SceneNames:
    return SceneNames.read(scene, json.loads(declared))


@lru_cache(maxsize=2)
def _cast(data: bytes) -> frozenset[str]:
    return frozenset(json.loads(data))


_known: dict[tuple[str, str], tuple[Names, Shared]] = {}
"""The names made last, by the digests of what they were made of."""


def _names(context: Context) -> tuple[Names, Shared]:
    key = context.digest("@names"), context.digest("@labels")
    if key not in _known:
        places: Labels = _read(context, "@labels")
        _known.clear()
        _known[key] = names_of(_read(context, "@names"), places, {}), Shared()
    return _known[key]


def _messages(data: bytes) -> dict[str, Message]:
    return {id: Message(*fields) for id, fields in json.loads(data).items()}


def _read(context: Context, name: str) -> Any:
    return json.loads(context.read(name))


def _write(context: Context, name: str, value: Any) -> None:
    context.write(name, packed(value).encode())


def _report(context: Context, findings: Diagnostics) -> None:
    for finding in findings:
        context.report(finding)
