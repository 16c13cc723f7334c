"""Write what is generated from the code: `schemas/` and pages of `docs/`.

A test holds that what is committed is what this writes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import yaml_page
from pydantic import TypeAdapter

from comfyvn.explore.report import Report
from comfyvn.model.character import Character
from comfyvn.model.compute import Compute
from comfyvn.model.header import Header
from comfyvn.model.music import Music
from comfyvn.model.playtest import Playtests
from comfyvn.model.policy import LicenceText, Ratings
from comfyvn.model.project import Project
from comfyvn.model.prop import Prop
from comfyvn.model.rule import RuleFile
from comfyvn.model.sidecar import Sidecar
from comfyvn.model.state import State
from comfyvn.model.theme import Theme
from comfyvn.model.timeline import Timeline
from comfyvn.model.waiver import Waivers
from comfyvn.model.workflow import Workflow
from comfyvn.model.world import World
from comfyvn.story.directives import reference
from comfyvn.story.program import Program
from comfyvn.story.transcript import AnyRecord

ROOT = Path(__file__).parent.parent
KINDS = {
    "vn": Project,
    "state": State,
    "character": Character,
    "world": World,
    "theme": Theme,
    "prop": Prop,
    "timeline": Timeline,
    "music": Music,
    "scene": Header,
    "compute": Compute,
    "workflow": Workflow,
    "asset": Sidecar,
    "playtests": Playtests,
    "waivers": Waivers,
    "ratings": Ratings,
    "licence": LicenceText,
    "rules": RuleFile,
    "program": Program,
    "transcript": AnyRecord,
    "exploration": Report,
}


def schemas() -> dict[str, str]:
    """Return the text of every file below `schemas/`, by its path from the root."""
    return {f"schemas/{name}.schema.json": _schema(kind) for name, kind in KINDS.items()}


def docs() -> dict[str, str]:
    """Return the text of every generated page below `docs/`, by its path from the root."""
    return {"docs/directives.md": reference(), "docs/yaml.md": yaml_page.page()}


def _schema(kind: Any) -> str:
    schema = TypeAdapter(kind).json_schema(by_alias=True)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write `schemas`, `docs`, or both."""
    asked = sys.argv[1:] or ["schemas", "docs"]
    for group in asked:
        for name, text in {"schemas": schemas, "docs": docs}[group]().items():
            (ROOT / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
