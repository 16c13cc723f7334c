"""Routes of an exploration as files for `comfyvn play --route`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.explore.report import Report, Walks
from comfyvn.explore.result import Exploration, Witness
from comfyvn.explore.tours import tours
from comfyvn.explore.walks import Player, Walk
from comfyvn.plan.explore_figures import counted, short
from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.runtime import Run


class RouteFile(NamedTuple):
    """A file to write: its name, a comment, and the route."""

    name: str
    about: str
    way: Witness


def route_files(program: Mapping[str, Any], report: Report, known: Exploration) -> list[RouteFile]:
    """Return the routes that are worth keeping: to each ending, to each finding, the shortest and
    longest, and tours, that together pass every line and choice that was reached."""
    found: list[RouteFile] = []
    for ending in report.endings:
        if (route := ending.shortest) is not None:
            about = f"{ending.title or ending.name}, with the fewest answers that were found"
            found.append(
                RouteFile(
                    f"ending-{_file_name(ending.name)}", about, Witness(route.seed, route.answers)
                )
            )
    for finding in known.findings:
        if finding.witness is not None:
            name = f"{finding.code}-{_file_name(finding.id)}"
            found.append(RouteFile(name, finding.message, finding.witness))
    lengths = report.lengths
    for name, which in (("shortest", lengths.shortest), ("longest", lengths.longest)):
        if which is not None and not (name == "longest" and lengths.endless):
            about = f"The {name} route that was found, by words"
            found.append(RouteFile(name, about, Witness(which.seed, which.answers)))
    walks = _all_walks(program, known, report.walks)
    chosen = tours(walks)
    for number, walk in enumerate(chosen, 1):
        about = f"One of {counted(len(chosen), 'route')} that pass all that was reached"
        found.append(RouteFile(f"tour-{number:02}", about, Witness(walk.seed, tuple(walk.answers))))
    return named_apart(found)


def named_apart(files: Sequence[RouteFile]) -> list[RouteFile]:
    """Return files of which no two have one name, also where capitals are not told apart."""
    found: dict[str, RouteFile] = {}
    for file in files:
        names = (file.name, *(f"{file.name}-{number}" for number in range(2, len(files) + 1)))
        name = next(name for name in names if name.casefold() not in found)
        found[name.casefold()] = file._replace(name=name)
    return list(found.values())


def _all_walks(program: Mapping[str, Any], known: Exploration, told: Walks) -> Sequence[Walk]:
    """Return the report's walks, and routes to what they do not pass."""
    player = Player(program)
    walks = list(player.walks(told.seed, told.runs))
    met = set(player.tally.passed)
    for id, way in known.shortest.items():
        if id not in met:
            walks.append(player.replay(*way))
            met.update(walks[-1].passed)
    return walks


def write_routes(folder: Path, files: Sequence[RouteFile], program: Mapping[str, Any]) -> None:
    """Write routes. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    runtime = InterpreterRuntime(program)
    for file in files:
        text = "".join(_written(file, runtime))
        (folder / f"{file.name}.yaml").write_text(text, encoding="utf-8", newline="\n")


def _written(file: RouteFile, runtime: InterpreterRuntime) -> Iterator[str]:
    records = runtime.play([Run(*file.way)])[0]
    yield f"# {file.about}.\n"
    yield f"seed: {file.way.seed}\n"
    if not file.way.answers:
        yield "choices: []\n"
        return
    yield "choices:\n"
    asked = [record for record in records if record["t"] in ("menu", "choice", "input")]
    texts: dict[str, str] = {}
    answers = iter(file.way.answers)
    for record in asked:
        if record["t"] == "menu":
            texts = {offer["id"]: offer["text"] for offer in record["choices"]}
        elif record["t"] == "input":
            yield f"  - {json.dumps(next(answers), ensure_ascii=False)}\n"
        elif record["id"] in texts:
            plain = re.sub(r"<[^>]*>", "", texts[record["id"]])
            yield f"  - {next(answers)}  # {short(plain, 72)}\n"
            texts = {}


def _file_name(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name).strip("-") or "unnamed"
