"""Workflows with named inputs: a ComfyUI graph in API format, and where values go in it.

A node whose title is the name of a value, as `@prompt` or `@seed`, takes it in the main input of
its class; `@output` saves the result. A file of the same name that ends in `.yaml`
(`comfyvn.model.workflow`) names inputs instead of titles, or as well.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from comfyvn.drivers.comfyui.from_png import PNG, prompt_in
from comfyvn.drivers.comfyui.graph import (
    File,
    Graph,
    Node,
    is_link,
    links,
    models_of,
    needed,
    read_graph,
)
from comfyvn.drivers.comfyui.loras import Lora, fill_loras
from comfyvn.engine.digest import digest_of
from comfyvn.engine.step import canonical
from comfyvn.model import workflow as notes_type
from comfyvn.source.diagnostics import Diagnostics, Span
from comfyvn.source.nearest import did_you_mean

MAIN_INPUTS: Mapping[str, tuple[str, ...]] = {
    "prompt": ("text", "prompt", "string", "value", "text_g", "text_l", "clip_l", "t5xxl"),
    "negative": ("text", "prompt", "string", "value", "text_g", "text_l", "clip_l", "t5xxl"),
    "seed": ("seed", "noise_seed", "value"),
    "width": ("width",),
    "height": ("height",),
    "reference": ("image", "audio"),
    "mask": ("image", "mask"),
    "loras": ("lora_name",),
    "text": ("text", "prompt", "string", "value"),
    "voice": ("voice", "speaker", "voice_name", "string", "value"),
    "description": ("text", "prompt", "instruct", "description", "string", "value"),
    "language": ("language", "lang", "lang_code", "string", "value"),
    "speed": ("speed", "rate", "value"),
    "pitch": ("pitch", "semitones", "value"),
}
"""The main inputs by the name of a value: all of these that a node has, as values."""

_TITLES = (*(name for name in MAIN_INPUTS if name not in ("width", "height")), "size", "output")
PICTURE, LINE = frozenset({"prompt", "reference"}), frozenset({"text"})
"""What a workflow must take one of: for a picture (an upscaler takes no words), for a line."""
_UPLOADS = frozenset({"reference", "mask"})
_SAVES = ("Save", "Preview")
PREFIX = "filename_prefix"
SEEDS = frozenset({"seed", "noise_seed"})

Place = tuple[str, str]
"""A node and one of its inputs."""


class Filled(NamedTuple):
    """A workflow with its values.

    Attributes:
        graph: what is sent, but for the names of files.
        uploads: by its place, the artifact whose file goes there.
        output: the node that saves the result.
    """

    graph: Graph
    uploads: dict[Place, str]
    output: str

    def key(self, digests: Mapping[str, str]) -> str:
        """Return what tells the result from all others, whichever server makes it.

        Titles and the names of saved files are left out; uploads count by their digest, which
        `digests` gives by artifact.
        """
        graph = copy.deepcopy(self.graph)
        for entry in graph.values():
            entry.pop("_meta", None)
            entry["inputs"].pop(PREFIX, None)
        for (node, name), artifact in self.uploads.items():
            graph[node]["inputs"][name] = {"digest": digests[artifact]}
        return digest_of(canonical([graph, self.output]).encode())


@dataclass(frozen=True)
class Workflow:
    """A workflow that was read.

    Attributes:
        file: its file.
        graph: the nodes that its output needs.
        inputs: where each value goes; of `loras`, the nodes that load them.
        output: the node that saves the result.
        notes: what the file beside it says.
    """

    file: File
    graph: Graph
    inputs: Mapping[str, tuple[Place, ...]]
    output: str
    notes: notes_type.Workflow

    @property
    def names(self) -> frozenset[str]:
        """The values it takes; no other changes what it makes."""
        return frozenset(self.inputs)

    @property
    def models(self) -> tuple[str, ...]:
        """The model files it loads, sorted; without LoRAs that are filled in."""
        loaders = {node for node, _ in self.inputs.get("loras", ())}
        graph = {name: entry for name, entry in self.graph.items() if name not in loaders}
        return models_of(graph, self.notes.models)

    def fill(self, values: Mapping[str, Any]) -> Filled:
        """Return it with values in their places; what it does not take is left out.

        `reference` and `mask` are names of artifacts, `loras` a list of `[name, strength]`; all
        others go in as they are. What has no value keeps what the file says.
        """
        graph = copy.deepcopy(self.graph)
        uploads: dict[Place, str] = {}
        for name in sorted(self.names & values.keys() - {"loras"}):
            for node, place in self.inputs[name]:
                if name in _UPLOADS:
                    uploads[node, place] = values[name]
                else:
                    graph[node]["inputs"][place] = values[name]
        if "loras" in self.inputs and "loras" in values:
            loaders = [node for node, _ in self.inputs["loras"]]
            wanted = [Lora(name, strength) for name, strength in values["loras"]]
            fill_loras(graph, loaders, wanted)
        return Filled(needed(graph, self.output), uploads, self.output)


def read_workflow(
    path: str,
    data: bytes,
    out: Diagnostics,
    notes: tuple[str, bytes] | None = None,
    takes: Collection[str] = PICTURE | LINE,
) -> Workflow | None:
    """Return a workflow; None, with findings, if it cannot be run anywhere.

    Args:
        path: of its file, as diagnostics have it.
        data: what is in the file: JSON, or a PNG that holds it.
        out: takes what is wrong with it.
        notes: the path and content of the YAML file beside it, if there is one.
        takes: the values of which it must take one.
    """
    from comfyvn.source.text import read_source

    before = len(out)
    text = prompt_in(path, data, out) if path.endswith(PNG) else read_source(data, path, out)
    file = File(path, text or "")
    graph = read_graph(file, out) if text is not None else None
    said = _read_notes(notes, out)
    if graph is None or said is None:
        return None
    _check_links(graph, file, out)
    output = _output(graph, said, file, out)
    if output is None or any(each.severity == "error" for each in out[before:]):
        return None
    graph = needed(graph, output)
    inputs = {name: tuple(places) for name, places in _titled(graph, file, out).items()}
    if notes is not None:
        inputs |= _noted(graph, said, notes[0], out)
    if "seed" not in inputs:
        seeds = _main(graph, "seed", graph)
        inputs |= {"seed": tuple(seeds)} if seeds else {}
    wrong = any(each.severity == "error" for each in out[before:])
    if not wrong and inputs.keys().isdisjoint(takes):
        main = "text" if takes == LINE else "prompt"
        out.error(
            "VN1405",
            f"the workflow does not say where the {main} goes",
            Span.whole_file(path),
            help=f"give the node that holds it the title `@{main}`, and export it again",
        )
    if any(each.severity == "error" for each in out[before:]):
        return None
    return Workflow(file, graph, inputs, output, said)


def _read_notes(notes: tuple[str, bytes] | None, out: Diagnostics) -> notes_type.Workflow | None:
    if notes is None:
        return notes_type.Workflow()
    from comfyvn.model.validate import validate
    from comfyvn.source.text import read_source
    from comfyvn.source.yaml import load_yaml

    path, data = notes
    node = load_yaml(read_source(data, path, out), path, out)
    return validate(notes_type.Workflow, node, out) if node is not None else None


def _check_links(graph: Graph, file: File, out: Diagnostics) -> None:
    """Report links to nothing and circles: a server may hang on them for ever."""
    for node, name, to, _ in links(graph):
        if to not in graph:
            out.error(
                "VN1403",
                f"`{name}` of node `{node}` is linked to node `{to}`, which is not there",
                file.at(node, "inputs", name),
                help="export the workflow from ComfyUI once more",
            )
    done: set[str] = set()
    path: list[str] = []

    def follow(node: str) -> bool:
        if node in done or node not in graph:
            return False
        if node in path:
            out.error("VN1403", f"node `{node}` needs its own output", file.at(node))
            return True
        path.append(node)
        inputs = graph[node]["inputs"].values()
        if any(follow(str(value[0])) for value in inputs if is_link(value)):
            return True
        done.add(path.pop())
        return False

    try:
        any(follow(node) for node in graph)
    except RecursionError:
        out.error("VN1403", "its nodes hang on one another too deeply", Span.whole_file(file.path))


def _title(entry: Node) -> str:
    meta = entry.get("_meta")
    title = meta.get("title") if isinstance(meta, dict) else None
    return title.strip() if isinstance(title, str) else ""


def _output(graph: Graph, notes: notes_type.Workflow, file: File, out: Diagnostics) -> str | None:
    """Return the node that saves the result."""
    if notes.output is not None:
        node = str(notes.output)
        if node in graph:
            return node
        near = did_you_mean(node, graph)
        out.error("VN1404", f"there is no node `{node}`", file.at(), help=near)
        return None
    titled = [name for name, entry in graph.items() if _title(entry) == "@output"]
    for start in _SAVES:
        titled = titled or [
            n for n, entry in graph.items() if entry["class_type"].startswith(start)
        ]
    if len(titled) == 1:
        return titled[0]
    said = "several nodes save something" if titled else "no node saves anything"
    out.error(
        "VN1405",
        f"the workflow does not say what its output is: {said}",
        file.at(titled[1]) if titled else file.at(),
        help="give the node that saves the result the title `@output`, and export it again",
    )
    return None


def _titled(graph: Graph, file: File, out: Diagnostics) -> dict[str, list[Place]]:
    """Return the places that titles name."""
    found: dict[str, list[Place]] = {}
    for node, entry in graph.items():
        title = _title(entry)
        if not title.startswith("@") or title == "@output":
            continue
        name = title[1:]
        if name not in _TITLES:
            help = did_you_mean(name, _TITLES)
            out.error("VN1404", f"`{title}` names no input", file.at(node, "_meta"), help=help)
            continue
        for each, places in _places(graph, name, node):
            found.setdefault(each, []).extend(places)
            if not places:
                out.error(
                    "VN1404",
                    f"node `{node}` of class `{entry['class_type']}` has no input for `{title}`",
                    file.at(node, "inputs"),
                    help="write `inputs:` into a YAML file beside the workflow",
                )
    return found


def _noted(
    graph: Graph, notes: notes_type.Workflow, path: str, out: Diagnostics
) -> dict[str, tuple[Place, ...]]:
    """Return the places that the YAML file names."""
    found: dict[str, list[Place]] = {}
    for name, given in notes.inputs.items():
        for place_of in given if isinstance(given, list) else [given]:
            node, dot, place = str(place_of).partition(".")
            if node not in graph:
                problem, help = f"there is no node `{node}`", did_you_mean(node, graph)
            elif dot and place not in graph[node]["inputs"]:
                problem = f"node `{node}` has no input `{place}`"
                help = did_you_mean(place, graph[node]["inputs"])
            elif dot:
                found.setdefault(name, []).append((node, place))
                continue
            else:
                added = list(_places(graph, name, node))
                for each, places in added:
                    found.setdefault(each, []).extend(places)
                if all(places for _, places in added):
                    continue
                problem = f"node `{node}` has no main input for `{name}`"
                help = f"write `{node}.INPUT`"
            out.error("VN1404", problem, Span.whole_file(path), help=help)
    return {name: tuple(places) for name, places in found.items()}


def _places(graph: Graph, name: str, node: str) -> Iterator[tuple[str, list[Place]]]:
    """Give the main inputs of one node for a name; a size is a width and a height."""
    for each in ("width", "height") if name == "size" else (name,):
        yield each, _main(graph, each, [node])


def _main(graph: Graph, name: str, nodes: Any) -> list[Place]:
    """Return the main inputs of nodes for a value."""
    found: list[Place] = []
    for node in nodes:
        inputs = graph[node]["inputs"]
        wanted = MAIN_INPUTS.get(name, ("value", name))
        there = [each for each in wanted if each in inputs and not is_link(inputs[each])]
        if name == "seed" and len(nodes) > 1:
            there = [each for each in there if each in SEEDS]
        # A node may hold one text, or one for each of a model's encoders.
        single = there[:1] if there and there[0] not in _ENCODERS else there
        found += [(node, each) for each in single]
    return found


_ENCODERS = frozenset({"text_g", "text_l", "clip_l", "t5xxl"})
