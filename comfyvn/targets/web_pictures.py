"""Pictures of a site: each as WebP or another that all browsers show, and perhaps as AVIF too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from comfyvn.engine.action import Context
from comfyvn.engine.step import canonical
from comfyvn.plan.content_actions import kept_in
from comfyvn.targets.web import asset_file

SITE = "build/web/"


def picture(context: Context) -> None:
    """Place a picture: `@shape/KEY-FORM`, `@delivered/…`, `@avif/…` → `@web/asset/KEY`.

    Without a shape it was found to be none, and there is nothing to place; nor where the site has
    nothing that shows it.
    """
    key = context.params["key"]
    shape, delivered, avif = context.inputs
    told, kept = context.find(shape), kept_in(context, "web")
    if told is None or (kept is not None and key not in kept.keys):
        return
    shown = json.loads(told)
    names = [(asset_file(key, context.digest(delivered), shown["suffix"]), delivered)]
    if shown["avif"]:
        names.append((asset_file(key, context.digest(avif), ".avif"), avif))
    for name, source in names:
        context.copy(SITE + name, source)
    record = {
        "files": {name: context.digest(source)[:12] for name, source in names},
        "name": names[0][0],
        "avif": names[-1][0] if shown["avif"] else "",
    }
    context.write(f"@web/asset/{key}", canonical(record).encode())


def name_of(record: Mapping[str, Any]) -> str:
    """Return the file that everyone can show or play, by `@web/asset/KEY`."""
    return str(record.get("name") or next(iter(record["files"])))


def as_avif(records: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the AVIF of each picture that has one, by the file that stands for it."""
    return {record["name"]: record["avif"] for record in records if record.get("avif")}
