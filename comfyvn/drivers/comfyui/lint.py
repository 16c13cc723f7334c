"""A workflow against the nodes of a server, before it is sent.

What a server says of a class (`/object_info/CLASS`) is its inputs, each as `[type, options]`, and
the types of its outputs. A choice is `[[…], {}]` or, in newer versions, `["COMBO", {"options":
[…]}]`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from comfyvn.drivers.comfyui.graph import (
    MODEL_ENDINGS,
    File,
    Graph,
    Node,
    is_link,
    links,
    plain_name,
)
from comfyvn.engine.digest import digest_of
from comfyvn.engine.step import canonical
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.nearest import did_you_mean

Infos = Mapping[str, Mapping[str, Any]]
"""What a server says of classes, by their names; of one it does not know, nothing."""


def fit(
    graph: Graph, infos: Infos, file: File, server: str, out: Diagnostics,
    *, classes: Iterable[str] = (), given: Iterable[tuple[str, str]] = (),
) -> Graph:  # fmt: skip
    """Return a graph as a server takes it: the names of models as it spells them.

    Args:
        graph: the nodes, with values.
        infos: what the server says of the classes in it.
        file: the workflow's file.
        server: the server's name, for messages.
        out: takes what the server could not do.
        classes: all classes it knows, to offer the nearest one.
        given: places that are filled in later, with the names of uploaded files.
    """
    fitted = copy.deepcopy(graph)
    later = frozenset(given)
    for node, entry in fitted.items():
        kind = entry["class_type"]
        info = infos.get(kind)
        if not info:
            out.error(
                "VN1406",
                f"`{server}` has no node of class `{kind}`",
                file.at(node, "class_type"),
                help=did_you_mean(kind, classes) or "install the custom nodes it belongs to",
            )
            continue
        _check_node(node, entry, info, file, server, out, later)
    for node, name, to, output in links(fitted):
        source = infos.get(fitted[to]["class_type"]) if to in fitted else None
        if source and not 0 <= output < len(source.get("output", ())):
            out.error(
                "VN1403",
                f"`{name}` of node `{node}` is linked to output {output} of node `{to}`, which "
                f"has {len(source.get('output', ()))}",
                file.at(node, "inputs", name),
                help="export the workflow from ComfyUI once more",
            )
    return fitted


def class_digest(info: Mapping[str, Any]) -> str:
    """Return a digest of the inputs and outputs of a class; it changes when an update does those.

    What can be chosen is left out: that changes with every model that is installed.
    """
    inputs = {name: _kind(spec) for name, spec in _declared(info).items()}
    return digest_of(canonical([inputs, info.get("output", ())]).encode())


def _check_node(
    node: str, entry: Node, info: Mapping[str, Any], file: File, server: str, out: Diagnostics,
    later: frozenset[tuple[str, str]],
) -> None:  # fmt: skip
    kind, inputs = entry["class_type"], entry["inputs"]
    declared = _declared(info)
    for name in info.get("input", {}).get("required", {}):
        if name not in inputs and (node, name) not in later:
            out.error(
                "VN1408",
                f"`{kind}` on `{server}` needs the input `{name}`, which node `{node}` has not",
                file.at(node, "inputs"),
                help="export the workflow again from the version of ComfyUI that runs it",
            )
    for name, value in inputs.items():
        span = file.at(node, "inputs", name)
        # Inputs that grow with use are declared by the part before the point.
        spec = declared.get(name) or declared.get(name.partition(".")[0])
        if spec is None:
            message = f"`{kind}` on `{server}` has no input `{name}`"
            help = did_you_mean(name, declared)
            if is_link(value):  # a server may hang on it for ever
                out.error("VN1407", message, span, help=help)
            else:
                out.warning("VN1407", message, span, help=help)
        elif not is_link(value) and (node, name) not in later:
            inputs[name] = _checked(value, spec, f"`{name}` of node `{node}`", span, server, out)


def _checked(
    value: Any, spec: list[Any], what: str, span: Any, server: str, out: Diagnostics
) -> Any:
    """Return a value as the server spells it, reporting what it would not take."""
    options = spec[1] if len(spec) > 1 and isinstance(spec[1], dict) else {}
    choices = spec[0] if isinstance(spec[0], list) else options.get("options")
    # What is uploaded is chosen from a folder whose sub-folders are not listed.
    if isinstance(choices, list) and not any(key.endswith("_upload") for key in options):
        if value in choices or not isinstance(value, str):
            return value
        spelled = {plain_name(each): each for each in choices if isinstance(each, str)}
        wanted = plain_name(value)
        # Sheets name a LoRA without the ending of its file.
        without = [each for name, each in spelled.items() if _stem(name) == wanted]
        if wanted in spelled or len(without) == 1:
            return spelled.get(wanted) or without[0]
        help = did_you_mean(value, spelled) or "install it there: the server has none of the kind"
        out.error("VN1409", f"`{server}` has no `{value}` for {what}", span, help=help)
    elif spec[0] in ("INT", "FLOAT"):
        try:
            number = float(value)
        except (TypeError, ValueError):
            out.error("VN1420", f"{what} must be a number, and is {_shown(value)}", span)
            return value
        low, high = options.get("min"), options.get("max")
        if (low is not None and number < low) or (high is not None and number > high):
            help = f"`{server}` takes {low} to {high}"
            out.error("VN1420", f"{what} cannot be {_shown(value)}", span, help=help)
    return value


def _stem(name: str) -> str:
    ending = next((each for each in MODEL_ENDINGS if name.lower().endswith(each)), "")
    return name[: -len(ending)] if ending else ""


def _shown(value: Any) -> str:
    return f"`{canonical(value)[:60]}`"


def _declared(info: Mapping[str, Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for group in ("required", "optional"):
        for name, spec in (info.get("input", {}).get(group) or {}).items():
            found[name] = list(spec) if isinstance(spec, list | tuple) and spec else [spec]
    return found


def _kind(spec: list[Any]) -> str:
    return "COMBO" if isinstance(spec[0], list) else str(spec[0])
