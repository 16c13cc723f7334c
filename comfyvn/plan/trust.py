"""Trust: a project's own rules run programs only after somebody said that they may.

Whoever opens a project has not read its rules, and to build it is to run them. What was allowed is
remembered for this user, by the digest of the rules that run something and the folder they are in;
it is never kept in the project, which anybody may have sent.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Mapping
from pathlib import Path

from comfyvn.engine.digest import digest_of
from comfyvn.engine.objects import write_file
from comfyvn.engine.resolve import is_own
from comfyvn.engine.step import canonical
from comfyvn.plan.rules import Declared
from comfyvn.source.diagnostics import Diagnostics

FILE = "trusted-rules.json"


def needs_trust(rule: Declared) -> bool:
    """Return whether a rule runs something that did not come with ComfyVN."""
    return not rule.shipped and (bool(rule.command) or not is_own(rule.rule.action))


def check_trust(
    root: Path, rules: Mapping[str, Declared], out: Diagnostics, *, trust: bool = False
) -> set[str]:
    """Return the names of the rules that may not be run, with a finding for each.

    With `trust`, all may, from now on.

    Raises:
        OSError: what is trusted cannot be written down.
    """
    asking = {name: rule for name, rule in rules.items() if needs_trust(rule)}
    if not asking:
        return set()
    digest = _digest(root, asking)
    known = _known()
    if digest in known:
        return set()
    if trust:
        known[digest] = f"{root.resolve()}: {', '.join(sorted(asking))}"
        place = state_folder() / FILE
        place.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False)
        write_file(place, text.encode("utf-8", "surrogatepass"), 0o600)
        return set()
    for name, rule in asking.items():
        out.error(
            "VN1113",
            f"the rule `{name}` runs {_what(rule)}, and this project is not trusted yet",
            rule.span,
            help="read it; if that may run on your machine, build once with `--trust`",
        )
    return set(asking)


def state_folder() -> Path:
    """Return the folder for what is remembered for this user, apart from any project."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    else:
        base = os.environ.get("XDG_STATE_HOME", "")
        # A relative path is to be ignored (XDG Base Directory Specification).
        base = base if os.path.isabs(base) else str(Path.home() / ".local" / "state")  # noqa: PTH117
    return Path(base) / "comfyvn"


def _what(rule: Declared) -> str:
    if rule.command:
        return f"the command `{shlex.join(rule.command)}`"
    return f"the Python of `{rule.rule.action}`"


def _digest(root: Path, rules: Mapping[str, Declared]) -> str:
    # Where in its file a rule stands says nothing of what it does.
    facts = [
        [*rule._replace(rule=rule.rule._replace(origin=("", 0)), places=())]
        for _, rule in sorted(rules.items())
    ]
    return digest_of(
        canonical([os.fsdecode(root.resolve()), facts]).encode("utf-8", "surrogatepass")
    )


def _known() -> dict[str, str]:
    """Return what is trusted; a file that cannot be read means nothing is."""
    try:
        found = json.loads((state_folder() / FILE).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
