"""The canonical form of a YAML source; comments stay, and it says the same."""

from __future__ import annotations

import io
import re

from comfyvn.source.diagnostics import Diagnostics
from comfyvn.source.yaml import load_yaml


def format_yaml(text: str, path: str) -> str | None:
    """Return `text` with two spaces of indent and single empty lines; None when it has errors.

    It comes back as it is when its values or comments could not be kept otherwise.
    """
    before = load_yaml(text, path, Diagnostics())
    if before is None:
        return None
    if before.value is None:
        return text
    made = _settled(text)
    after = None if made is None else load_yaml(made, path, Diagnostics())
    if made is None or after is None or after.plain() != before.plain():
        return text
    return made if _comments(made) == _comments(text) else text


def _settled(text: str) -> str | None:
    """Return what writing leads to: the columns of comments may take two rounds to settle."""
    for _ in range(3):
        made = _written(text)
        if made is None or made == text:
            return made
        text = made
    return None


def _written(text: str) -> str | None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 1_000_000  # line breaks are the writer's
    yaml.indent(mapping=2, sequence=4, offset=2)
    made = io.StringIO()
    try:
        yaml.dump(yaml.load(text), made)
    except (YAMLError, ValueError, TypeError, AttributeError, NotImplementedError):
        return None
    lines = [line.rstrip(" \t") for line in made.getvalue().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n") + "\n"


def _comments(text: str) -> list[str]:
    """Return what looks like comments, wherever they stand now."""
    return sorted(part.strip() for part in re.findall(r"(?:^|\s)#.*$", text, re.MULTILINE))
