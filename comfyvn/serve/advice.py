"""What `comfyvn check` says besides a build, found in a process of its own after the build.

`python -m comfyvn.serve.advice DIR` prints the findings of a check as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from comfyvn.engine.findings import as_json, from_json
from comfyvn.source.diagnostics import Diagnostic

NICE = 15


class Advice:
    """Checks a project each time that is wished, one check at a time, in a thread of its own.

    A check gives way to all else, and is not cut off by a wish: it says something about sources
    that were, and then the next one begins.
    """

    def __init__(self, root: Path, done: Callable[[list[Diagnostic]], None]) -> None:
        """Prepare; `done` is told the findings of each check, in that thread."""
        self.root, self.done = root, done
        self._wished = threading.Event()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def start(self) -> None:
        """Check when it is wished from now on."""
        threading.Thread(target=self._work, daemon=True).start()

    def wish(self) -> None:
        """Have the project checked as it is now."""
        self._wished.set()

    def stop(self) -> None:
        """End the check that runs."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()

    def _work(self) -> None:
        while True:
            self._wished.wait()
            self._wished.clear()
            with self._lock:
                if self._stopped:
                    return
                self._process = process = subprocess.Popen(
                    [sys.executable, "-m", "comfyvn.serve.advice", str(self.root)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            data, _ = process.communicate()
            if process.returncode == 0:
                self.done(list(map(from_json, json.loads(data))))


def main() -> int:
    """Print what a check of the project finds that the command line names."""
    import os
    from datetime import date

    from comfyvn.advisory.check import judged
    from comfyvn.plan.check import Checker

    if hasattr(os, "nice"):
        os.nice(NICE)
    with Checker(Path(sys.argv[1])) as checker:
        found = judged(checker.check(), date.today()).findings
    print(json.dumps([as_json(each) for each in found]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
