"""Where a project's sources are."""

from __future__ import annotations

from collections.abc import Mapping

from comfyvn.plan.rules import Declared

FOLDERS = (
    "assets", "characters", "dictionaries", "i18n", "licenses", "music", "playtests", "policy",
    "props", "rules", "scenes", "themes", "timelines", "workflows", "worlds",
)  # fmt: skip
COMPUTE = "compute.yaml"
FILES = ("vn.yaml", "state.yaml", "vn.lock", COMPUTE, "waivers.yaml", "words.txt", "REUSE.toml")


def source_folders(rules: Mapping[str, Declared]) -> list[str]:
    """Return the folders that sources are in: ours, and those the project's own rules name."""
    found = set(FOLDERS)
    for rule in rules.values():
        for name in (rule.files, *rule.inputs) if not rule.shipped else ():
            folder, slash, _ = name.partition("/")
            if slash and folder[0] not in "@{." and folder != "build" and "*" not in folder:
                found.add(folder)
    return sorted(found)
