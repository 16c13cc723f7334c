"""The runtimes agree with the shared vectors, and the vectors leave nothing out."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter

from comfyvn.play.interpreter import InterpreterRuntime
from comfyvn.play.node import NodeRuntime
from comfyvn.story import evaluate, program, rng, transcript
from comfyvn.story.canonical import write_transcript
from tests.conformance.cases import Case, all_cases, read

CASES = all_cases()
named = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@pytest.fixture(scope="module")
def node():
    with NodeRuntime({}) as runtime:
        yield runtime


@named
def test_interpreter(case: Case) -> None:
    (records,) = InterpreterRuntime(case.program).play([case.run])
    assert write_transcript(records) == write_transcript(case.transcript)


@named
@pytest.mark.node
def test_node(case: Case, node: NodeRuntime) -> None:
    node.program = case.program
    assert node.transcripts([case.run]) == [write_transcript(case.transcript)]


@pytest.mark.parametrize("vector", read("rng")["murmur"], ids=lambda v: f"{v['seed']}:{v['text']}")
def test_murmur(vector: dict[str, Any]) -> None:
    assert rng.murmur128(vector["text"].encode(), vector["seed"]) == vector["words"]


def test_generator() -> None:
    for vector in read("rng")["xoshiro"]:
        state, outputs = vector["state"], []
        for _ in vector["outputs"]:
            output, state = rng.next_output(state)
            outputs.append(output)
        assert outputs == vector["outputs"]
    for vector in read("rng")["streams"]:
        assert rng.stream(vector["seed"], vector["name"]) == vector["state"]


@pytest.mark.node
def test_generator_in_node(node: NodeRuntime) -> None:
    data = read("rng")
    assert node.ask("rng", data=data) == {
        "murmur": [vector["words"] for vector in data["murmur"]],
        "xoshiro": [vector["outputs"] for vector in data["xoshiro"]],
        "streams": [vector["state"] for vector in data["streams"]],
    }


def test_every_op_has_a_case() -> None:
    declared = _declared(program.Program, "op")
    used = set[str]()
    for case in CASES:
        used |= _ops_run(case.program)
    assert declared == used


def test_every_operator_has_a_case() -> None:
    used = {expr[0] for case in CASES for expr in _expressions(case.program["scenes"])}
    assert used == evaluate.OPERATORS


def test_every_record_is_in_a_transcript() -> None:
    used = {record["t"] for case in CASES for record in case.transcript}
    assert used == _declared(transcript.AnyRecord, "t")


def _declared(kind: Any, tag: str) -> set[str]:
    """Return the values that the types reached from `kind` may have under the key `tag`."""
    found = set[str]()
    for schema in TypeAdapter(kind).json_schema()["$defs"].values():
        values = schema.get("properties", {}).get(tag, {})
        found |= {values["const"]} if "const" in values else set(values.get("enum", ()))
    return found


def _ops_run(part: Any) -> set[str]:
    if isinstance(part, list):
        return set[str]().union(*map(_ops_run, part))
    if not isinstance(part, dict):
        return set()
    inner = set[str]().union(*map(_ops_run, part.values()))
    return inner | {part["op"]} if "op" in part else inner


def _expressions(part: Any) -> list[list[Any]]:
    if isinstance(part, dict):
        return [found for value in part.values() for found in _expressions(value)]
    if not isinstance(part, list):
        return []
    found = [inner for value in part for inner in _expressions(value)]
    return [part, *found] if part and str(part[0]) in evaluate.OPERATORS else found
