"""Where a story leads, while somebody writes: looked at in a process of its own, once nobody types.

`python -m comfyvn.lsp.story DIR` reads what is open as JSON, checks the project with it, and prints
what the exploration adds to the findings of a check.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from comfyvn.engine.findings import as_json, from_json
from comfyvn.engine.manifest import STATE
from comfyvn.lsp.apart import Apart
from comfyvn.lsp.project import Project
from comfyvn.source.diagnostics import Diagnostic

STATE_FOLDER = f"{STATE}/lsp-story"
"""Where results are kept: no check of the server waits for an exploration."""
NICE = 15


class Told(NamedTuple):
    """What an exploration said.

    Attributes:
        findings: its findings by path.
        texts: what these files held.
    """

    findings: Mapping[str, tuple[Diagnostic, ...]]
    texts: Mapping[str, str]


class Stories(Apart[Project]):
    """Explores projects, each once nobody types in it."""

    def __init__(self, done: Callable[[Project, Told], None], delay: float = 0.7) -> None:
        """Begin; `done` is told what is found."""
        super().__init__(delay)
        self.done = done
        self._seen: dict[Project, object] = {}

    async def work(self, project: Project) -> None:
        """Explore it, if it is not as it was."""
        state = project.state()
        if self._seen.get(project) == state:
            return
        texts = {path: each.text for path, each in project.open.items()}
        then = {
            path: texts[path] if path in texts else project.text(path) for path in project.paths
        }
        said = await self.ask(__name__, project.root, json.dumps(texts).encode())
        if said is None:
            return
        found: dict[str, tuple[Diagnostic, ...]] = {}
        for each in map(from_json, said):
            found[each.span.path] = (*found.get(each.span.path, ()), each)
        self._seen[project] = state
        self.done(project, Told(found, {path: then.get(path, "") for path in found}))

    def forget(self, project: Project) -> None:
        """Let go of a project; stop what runs for it."""
        self._seen.pop(project, None)
        super().forget(project)


def explored(root: Path, overlay: Mapping[str, bytes]) -> list[Any] | None:
    """Return the findings that an exploration adds, as JSON values; None if there is none."""
    from datetime import date

    from comfyvn.advisory.check import judged
    from comfyvn.plan.check import Checker
    from comfyvn.source.diagnostics import Diagnostics

    today = date.today()
    with Checker(root, STATE_FOLDER) as checker:
        checked = checker.check(overlay)
        if not checked.whole:
            return None
        late = Counter(checked.late)
        early = Diagnostics()
        for each in checked.findings:
            if late[each]:
                late[each] -= 1
            else:
                early.append(each)
        said = Counter(judged(checked._replace(findings=early, whole=False), today).findings)
        added = []
        for each in judged(checked, today).findings:
            if said[each]:
                said[each] -= 1
            else:
                added.append(as_json(each))
        return added


def main() -> int:
    """Print what the exploration of the project adds that the command line names."""
    import os

    if hasattr(os, "nice"):
        os.nice(NICE)
    texts = json.loads(sys.stdin.buffer.read())
    overlay = {path: text.encode("utf-8", "replace") for path, text in texts.items()}
    found = explored(Path(sys.argv[1]), overlay)
    if found is None:
        return 1
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
