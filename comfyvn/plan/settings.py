"""What `vn.yaml` says of builds."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import Any

from comfyvn.engine.manifest import Manifest
from comfyvn.engine.sources import Sources
from comfyvn.source.diagnostics import Diagnostics


def read_settings(
    sources: Sources, old: Manifest | None, targets: Collection[str]
) -> dict[str, Any]:
    """Return the targets and the shared cache that are named, and whether lines are to be spoken.

    What is wrong, a step reports.

    Args:
        sources: the source files.
        old: the manifest of the last build, which has them if `vn.yaml` did not change.
        targets: all that there are.
    """
    digest = sources.digest("vn.yaml")
    if old is not None and old.digests.get("vn.yaml") == digest and "speech" in old.settings:
        return old.settings
    from comfyvn.model.project import Cache, Project
    from comfyvn.source.text import read_source
    from comfyvn.source.yaml import load_yaml

    out = Diagnostics()
    try:
        data = sources.read("vn.yaml")
    except OSError:
        data = b""
    node = load_yaml(read_source(data, "vn.yaml", out), "vn.yaml", out)
    plain = node.plain() if node else None
    found = plain if isinstance(plain, dict) else {}
    default = Project.model_fields["targets"].get_default(call_default_factory=True)
    settings: dict[str, Any] = {"targets": [str(name) for name in default], "cache": None}
    settings["speech"] = found.get("speech") is not None
    named = found.get("targets")
    if isinstance(named, list) and named and all(each in targets for each in named):
        settings["targets"] = list(dict.fromkeys(named))
    with suppress(ValueError):
        if found.get("cache") is not None:
            settings["cache"] = Cache.model_validate(found["cache"]).model_dump(mode="json")
    return settings
