"""How a prompt ended, from what a server's history says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

_SHOWN = 500
_OUT_OF_MEMORY = ("outofmemory", "out of memory", "allocation on device")


class Item(NamedTuple):
    """A file that a server made; only it knows the name."""

    filename: str
    subfolder: str
    type: str


class Fault(NamedTuple):
    """The node that failed, and what it said.

    Attributes:
        memory: whether the device had too little memory.
    """

    node: str
    kind: str
    said: str
    memory: bool


class Ended(NamedTuple):
    """How a prompt ended.

    Attributes:
        how: `interrupted` also if somebody did it by hand.
        fault: when it failed, where.
        items: the files of each node.
        cached: the nodes that were not run, since the server had their outputs.
        seconds: how long it ran; None if the server does not say.
    """

    how: Literal["done", "failed", "interrupted"]
    fault: Fault | None
    items: Mapping[str, tuple[Item, ...]]
    cached: tuple[str, ...]
    seconds: float | None


def ended_of(entry: Mapping[str, Any]) -> Ended:
    """Return how a prompt ended, from its entry in `/history`.

    Raises:
        KeyError, TypeError, ValueError: it has another form.
    """
    status = entry.get("status") or {}
    messages: dict[str, Mapping[str, Any]] = {
        str(name): data if isinstance(data, dict) else {}
        for name, data in status.get("messages") or ()
    }
    items = {
        str(node): tuple(_items(output)) for node, output in (entry.get("outputs") or {}).items()
    }
    fault = None
    how: Literal["done", "failed", "interrupted"] = "done"
    if "execution_interrupted" in messages:
        how = "interrupted"
    elif "execution_error" in messages or status.get("status_str") == "error":
        how, fault = "failed", _fault(messages.get("execution_error", {}))
    cached = messages.get("execution_cached", {}).get("nodes") or ()
    return Ended(how, fault, items, tuple(sorted(map(str, cached))), _seconds(messages))


def _items(output: Any) -> list[Item]:
    """Return the files among a node's outputs; other values stand beside them."""
    found = []
    for group in output.values() if isinstance(output, dict) else ():
        for each in group if isinstance(group, list) else ():
            if isinstance(each, dict) and isinstance(each.get("filename"), str):
                found.append(
                    Item(each["filename"], each.get("subfolder", ""), each.get("type", "output"))
                )
    return found


def _fault(data: Mapping[str, Any]) -> Fault:
    # `current_inputs` may hold whole tensors as text: it is not looked at.
    kind = str(data.get("exception_type", ""))
    said = " ".join(str(data.get("exception_message", "")).split())[:_SHOWN]
    text = f"{kind} {said}".lower()
    memory = any(each in text for each in _OUT_OF_MEMORY)
    message = said or kind or "no reason was given"
    return Fault(str(data.get("node_id", "")), str(data.get("node_type", "")), message, memory)


def _seconds(messages: Mapping[str, Mapping[str, Any]]) -> float | None:
    start = messages.get("execution_start", {}).get("timestamp")
    ends = ("execution_success", "execution_error", "execution_interrupted")
    end = next((messages[name].get("timestamp") for name in ends if name in messages), None)
    if not (isinstance(start, int | float) and isinstance(end, int | float)):
        return None
    return round((end - start) / 1000, 3)
