"""What one render job is to make: read from its step, and kept in its folder.

A job that is lost is sent again, also by a build that was started since; so all that it takes lies
below `.comfyvn/jobs/KEY/`: `order.json`, and the files to upload in `in/`.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from comfyvn.drivers.comfyui.from_png import PNG
from comfyvn.drivers.comfyui.graph import File, Graph, models_of
from comfyvn.drivers.comfyui.workflow import PREFIX, Workflow, read_workflow
from comfyvn.engine.action import Context
from comfyvn.engine.clean_folder import input_names
from comfyvn.engine.digest import ABSENT, digest_of
from comfyvn.engine.jobs import JobError
from comfyvn.engine.objects import write_file
from comfyvn.engine.step import canonical_bytes
from comfyvn.source.diagnostics import Diagnostics

_NAMES = uuid.UUID("6f0a2c5e-9f0b-5d1e-8a51-6b8f2f1c7d3e")
"""The namespace of prompt ids."""


class Order(NamedTuple):
    """A job's content.

    Attributes:
        key: what tells the result from all others.
        workflow: the path of the workflow's file.
        text: what is in that file, for messages.
        graph: what is run, but for the names of files.
        output: the node that saves the result.
        uploads: node, input, and the file in `in/` that goes there.
        models: the model files it loads, sorted.
        seconds: how long it takes, about; 0 if nobody says.
        values: what was asked for.
        outputs: the names of the step's outputs.
    """

    key: str
    workflow: str
    text: str
    graph: Graph
    output: str
    uploads: list[tuple[str, str, str]]
    models: list[str]
    seconds: float
    values: dict[str, Any]
    outputs: list[str]

    def prompt_id(self, attempt: int) -> str:
        """Return the id of one attempt at it: the same in every build, on every machine."""
        return str(uuid.uuid5(_NAMES, f"{self.key} {attempt}"))

    def prefix(self, attempt: int) -> str:
        """Return what the names of its files begin with."""
        return f"comfyvn_{self.key[:16]}_{attempt}"

    def sent(self, graph: Graph, uploaded: Mapping[str, str], attempt: int) -> Graph:
        """Return `graph`, which is its own as a server spells it, with the names of files."""
        made = {name: {**entry, "inputs": dict(entry["inputs"])} for name, entry in graph.items()}
        for node, name, file in self.uploads:
            made[node]["inputs"][name] = uploaded[file]
        for entry in made.values():
            # An equal name would give the same old file, even if that was deleted.
            if PREFIX in entry["inputs"]:
                entry["inputs"][PREFIX] = self.prefix(attempt)
        return made

    @property
    def file(self) -> File:
        """The workflow's file."""
        return File(self.workflow, self.text)


def read_order(context: Context, folder: Path) -> Order:
    """Return what a step orders, and keep it in a new folder.

    The brief is the step's first input: JSON `{"workflow": NAME, "inputs": {…}}`.

    Raises:
        JobError: the brief or the workflow cannot be used.
        OSError: the folder cannot be written.
    """
    names = input_names(context)
    try:
        brief = json.loads(context.read(names[0]))
        name, values = brief["workflow"], dict(brief["inputs"])
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise JobError("the step's first input is no brief of a render") from error
    brief = {key: value for key, value in brief.items() if key not in ("workflow", "inputs")}
    workflow = _workflow(context, names, str(name))
    filled = workflow.fill(values)
    wanted = sorted(set(filled.uploads.values()))
    for artifact in wanted:
        if artifact not in names or context.digest(artifact) == ABSENT:
            raise JobError(f"the brief names `{artifact}`, which is no input of the step")
    digests = {artifact: context.digest(artifact) for artifact in wanted}
    files = {each: digests[each] + (PurePosixPath(each).suffix or ".png") for each in wanted}
    order = Order(
        # Whatever else the brief says, of the models for instance, parts it from others.
        key=digest_of(canonical_bytes([filled.key(digests), brief])),
        workflow=workflow.file.path,
        text=workflow.file.text,
        graph=filled.graph,
        output=filled.output,
        uploads=[(node, place, files[each]) for (node, place), each in filled.uploads.items()],
        models=list(models_of(filled.graph, workflow.notes.models)),
        seconds=float(workflow.notes.seconds or 0),
        values=values,
        outputs=list(context.outputs),
    )
    (folder / "in").mkdir(parents=True)
    for artifact in wanted:
        write_file(folder / "in" / files[artifact], context.read(artifact))
    write_file(folder / "order.json", canonical_bytes(order._asdict()))
    return order


def kept_order(folder: Path) -> Order | None:
    """Return the order of a folder; None if there is none."""
    try:
        found = json.loads((folder / "order.json").read_bytes())
        found["uploads"] = [tuple(each) for each in found["uploads"]]
        return Order(**found)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def told(out: Diagnostics) -> str:
    """Return findings as the message of a job that cannot be sent."""
    lines = []
    for each in out.in_order():
        if each.severity == "error":
            line = f":{each.span.line}" if each.span.line else ""
            help = f" ({each.help})" if each.help else ""
            lines.append(f"{each.span.path}{line}: {each.message}{help} [{each.code}]")
    return "\n".join(dict.fromkeys(lines))


def _workflow(context: Context, names: list[str], name: str) -> Workflow:
    start, beside = f"workflows/{name}", f"workflows/{name}.yaml"
    there = (start + ending for ending in (".json", PNG) if start + ending in names)
    path = next((each for each in there if context.digest(each) != ABSENT), "")
    if not path:
        raise JobError(f"there is no workflow `{start}.json`")
    notes = None
    if beside in names and context.digest(beside) != ABSENT:
        notes = (beside, context.read(beside))
    out = Diagnostics()
    found = read_workflow(path, context.read(path), out, notes)
    if found is None:
        raise JobError(told(out))
    return found
