"""LoRAs in a workflow: one loader stands for any number of them."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import NamedTuple

from comfyvn.drivers.comfyui.graph import Graph, is_link, links

_CARRIED = ("model", "clip")
"""What a loader takes and gives on, in the order of its outputs."""


class Lora(NamedTuple):
    """A LoRA file, and how strongly it works."""

    name: str
    strength: float = 1.0


def fill_loras(graph: Graph, loaders: Sequence[str], wanted: Sequence[Lora]) -> None:
    """Let the loaders of a graph load just these LoRAs, one after another.

    The first loader is used and copied; the others, and without LoRAs all, are taken out.
    """
    for loader in loaders[1:] if wanted else loaders:
        _redirect(graph, loader, None)
        del graph[loader]
    if not wanted:
        return
    template = copy.deepcopy(graph[loaders[0]])
    chain = [loaders[0], *(f"{loaders[0]}_lora{i}" for i in range(1, len(wanted)))]
    _redirect(graph, loaders[0], chain[-1])
    for i, (name, lora) in enumerate(zip(chain, wanted, strict=True)):
        entry = copy.deepcopy(template)
        inputs = entry["inputs"]
        inputs["lora_name"] = lora.name
        inputs |= {key: lora.strength for key in inputs if key.startswith("strength")}
        if i:
            given = (each for each in enumerate(_CARRIED) if each[1] in inputs)
            inputs |= {carried: [chain[i - 1], output] for output, carried in given}
        graph[name] = entry


def _redirect(graph: Graph, loader: str, to: str | None) -> None:
    """Let what is linked to a loader take it from another, or from where the loader has it."""
    inputs = graph[loader]["inputs"]
    for node, name, source, output in list(links(graph)):
        if source != loader or output >= len(_CARRIED):
            continue
        given = [to, output] if to is not None else inputs.get(_CARRIED[output])
        if is_link(given):
            graph[node]["inputs"][name] = list(given)
