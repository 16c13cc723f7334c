"""Plays Programs with the web player's runtime, in one Node.js process."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from comfyvn.data import data_folder
from comfyvn.play.runtime import Record, Run

_HARNESS = Path(__file__).with_name("node_harness.mjs")


class NodeRuntime:
    """The JavaScript runtime; use it in a `with` block. `program` may be changed between plays."""

    def __init__(self, program: Mapping[str, Any], node: str = "node") -> None:
        self.program = program
        runtime = (data_folder("templates/web/runtime") / "index.js").as_uri()
        self._process = subprocess.Popen(
            [node, str(_HARNESS), runtime],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def play(self, runs: Sequence[Run]) -> list[list[Record]]:
        """Play each run from a new game with fresh persistent state; return their transcripts."""
        return [[json.loads(line) for line in text.splitlines()] for text in self.transcripts(runs)]

    def transcripts(self, runs: Iterable[Run]) -> list[str]:
        """Play each run; return the transcripts as the JavaScript runtime writes them."""
        result: list[str] = self.ask("play", runs=[run._asdict() for run in runs])
        return result

    def ask(self, task: str, **fields: Any) -> Any:
        """Have the harness do one of its tasks on the program; `RuntimeError` if it throws."""
        request = {"task": task, "program": self.program, **fields}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        reply = json.loads(answer) if answer else {"error": "Node.js ended"}
        if "error" in reply:
            raise RuntimeError(reply["error"])
        return reply["result"]
