"""The example, with the names that the operators know in place of some of its own."""

from __future__ import annotations

import re
from pathlib import Path

from proof.clean import Files
from proof.defects import Defect

EXAMPLE = Path(__file__).resolve().parents[2] / "example_project"
PATHS = {
    "characters/ben.yaml": "characters/kit.yaml",
    "worlds/town.yaml": "worlds/sallow_head.yaml",
    "scenes/z.md": "scenes/dawn/empty_shelves.md",
}
"""What stands for files that operators ask for; the last scene in the order of names is the last
of the story, too."""
NAMES = {
    "Ana": "Noor", "ana": "noor", "ben": "kit",
    "bem": "kot",
    "courage": "cents", "courag": "cent", "cuorage": "censt",
}  # fmt: skip
"""Those of generated stories, and who or what stands for them: a speaker, a variable with a
range. None is in the example."""
_NAME = re.compile(r"\b({})\b".format("|".join(NAMES)))


def example() -> Files:
    """Return the sources of the example, by the paths that operators ask for."""
    named = {own: known for known, own in PATHS.items()}
    return {
        named.get(path, path): file.read_text("utf-8")
        for file in sorted(EXAMPLE.rglob("*"))
        if file.suffix in (".md", ".yaml")
        for path in [file.relative_to(EXAMPLE).as_posix()]
    }


def of_the_example(defect: Defect, files: Files) -> Defect:
    """Return the defect that a generated one is in the example."""
    changed = {
        PATHS.get(path, path): _renamed(text, files.get(path, ""))
        for path, text in defect.files.items()
    }
    return defect._replace(files=changed, path=PATHS.get(defect.path, defect.path))


def _renamed(text: str, before: str) -> str:
    """Rename in the lines that were not there before."""
    known = set(before.split("\n"))
    return "\n".join(
        line if line in known else _NAME.sub(lambda found: NAMES[found[0]], line)
        for line in text.split("\n")
    )
