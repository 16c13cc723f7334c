"""A workflow in ComfyUI's API format: its nodes, and where they stand in the file.

`{"6": {"class_type": "CLIPTextEncode", "inputs": {"text": "…", "clip": ["4", 1]}}}`: an input is a
value, or a link `[node, output index]`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeGuard

from comfyvn.drivers.comfyui.from_png import PNG
from comfyvn.source.diagnostics import Diagnostics, Span

Node = dict[str, Any]
Graph = dict[str, Node]

MODEL_ENDINGS = (
    ".safetensors", ".sft", ".ckpt", ".pt", ".pt2", ".pth", ".bin", ".gguf", ".onnx", ".pkl",
)  # fmt: skip
"""How the names of model files end."""

_DEPTH = 3
"""How deep places are noted: a node, its `inputs`, one input."""


def is_link(value: Any) -> TypeGuard[list[Any]]:
    """Return whether an input's value is a link to another node's output."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str | int)
        and isinstance(value[1], int)
        and not isinstance(value[1], bool)
    )


def links(graph: Graph) -> Iterator[tuple[str, str, str, int]]:
    """Give each link: the node and input that hold it, the node and output it leads to."""
    for node, entry in graph.items():
        for name, value in entry["inputs"].items():
            if is_link(value):
                yield node, name, str(value[0]), value[1]


def needed(graph: Graph, node: str) -> Graph:
    """Return what a node needs, itself included, in the order of the file.

    What else a workflow holds is not sent: previews and other outputs would be made as well.
    """
    found: set[str] = set()
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each not in found and each in graph:
            found.add(each)
            waiting += [str(v[0]) for v in graph[each]["inputs"].values() if is_link(v)]
    return {name: entry for name, entry in graph.items() if name in found}


def plain_name(name: str) -> str:
    """Return a model's name with `/` between folders; servers on Windows list it with `\\`."""
    return name.replace("\\", "/")


def models_of(graph: Graph, more: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the names of all model files that nodes load, sorted, with `/` between folders."""
    found = {plain_name(name) for name in more}
    for entry in graph.values():
        for value in entry["inputs"].values():
            if isinstance(value, str) and value.lower().endswith(MODEL_ENDINGS):
                found.add(plain_name(value))
    return tuple(sorted(found))


class File:
    """A workflow's file: its path, and where the parts of it stand.

    Nothing in a picture has a place that an editor could go to.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self._places: dict[tuple[str, ...], int] | None = {} if path.endswith(PNG) else None

    def at(self, *steps: str) -> Span:
        """Return where the key that `steps` lead to stands, else the nearest around it."""
        if self._places is None:
            self._places = dict(_places(self.text))
        while steps and steps not in self._places:
            steps = steps[:-1]
        if not steps:
            return Span.whole_file(self.path)
        start = self._places[steps]
        line = self.text.count("\n", 0, start) + 1
        column = start - self.text.rfind("\n", 0, start)
        return Span.on_line(self.path, line, column, column + len(json.dumps(steps[-1])))


def read_graph(file: File, out: Diagnostics) -> Graph | None:
    """Return the nodes of a workflow; None, with findings, if it is none in API format."""
    try:
        data = json.loads(file.text)
    except ValueError as error:
        span = Span.whole_file(file.path)
        if isinstance(error, json.JSONDecodeError) and not file.path.endswith(PNG):
            span = Span.on_line(file.path, error.lineno, error.colno, error.colno + 1)
        out.error("VN1401", "this is not JSON", span, help="export the workflow once more")
        return None
    except RecursionError:
        data = None
    if isinstance(data, Mapping) and isinstance(data.get("nodes"), list):
        out.error(
            "VN1402",
            "this workflow is in the format of ComfyUI's editor, which no server runs",
            file.at("nodes"),
            help="open it in ComfyUI and use Workflow > Export (API)",
        )
        return None
    if not isinstance(data, Mapping) or not data:
        out.error(
            "VN1401",
            "this is no workflow in API format",
            Span.whole_file(file.path),
            help="in ComfyUI use Workflow > Export (API)",
        )
        return None
    wrong = [str(name) for name, entry in data.items() if not _is_node(entry)]
    for name in wrong:
        out.error(
            "VN1401",
            f"`{name}` is no node: it needs a `class_type` and `inputs`",
            file.at(name),
            help="in ComfyUI use Workflow > Export (API)",
        )
    return None if wrong else dict(data)


def _is_node(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("class_type"), str)
        and isinstance(entry.get("inputs"), dict)
    )


def _places(text: str) -> Iterator[tuple[tuple[str, ...], int]]:
    """Give the offset of each key of nested objects, in text that is JSON."""
    decoder = json.JSONDecoder()

    def blank(at: int) -> int:
        while text[at] in " \t\r\n":
            at += 1
        return at

    def inside(at: int, above: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], int]]:
        """Give the keys of the object whose brace stands before `at`; last, its end as `()`."""
        at = blank(at)
        while text[at] != "}":
            key, after = decoder.raw_decode(text, at)
            yield (*above, key), at
            value = blank(blank(after) + 1)
            if text[value] == "{" and len(above) + 1 < _DEPTH:
                for steps, place in inside(value + 1, (*above, key)):
                    if steps:
                        yield steps, place
                    else:
                        value = place
            else:
                _, value = decoder.raw_decode(text, value)
            at = blank(value)
            if text[at] == ",":
                at = blank(at + 1)
        yield (), at + 1

    start = blank(0)
    if text[start] == "{":
        yield from (each for each in inside(start + 1, ()) if each[0])
