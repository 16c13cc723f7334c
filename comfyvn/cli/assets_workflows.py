"""`comfyvn assets workflows`: workflows to begin with."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from comfyvn.cli.common import add_project_options, project_at, say
from comfyvn.source.files import read_file

_KINDS = ("background", "sprite", "prop", "image", "picture")


def add_parser(parts: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the part to the command line."""
    parser = parts.add_parser(
        "workflows",
        help="write ready workflows for ComfyUI, to begin with",
        description="Write a workflow for each kind of picture that vn.yaml leaves to ComfyUI and "
        "that has none: a checkpoint, LoRAs, prompt and negative prompt, a sampler. Open it in "
        "ComfyUI and make it your own. Files that are there stay as they are.",
    )
    parser.add_argument(
        "kinds", nargs="*", metavar="KIND", help=f"only for these: {', '.join(_KINDS)}"
    )
    add_project_options(parser)
    parser.add_argument(
        "--checkpoint",
        required=True,
        metavar="FILE",
        help="the checkpoint's file (SDXL or SD 1.5), as ComfyUI's node lists it",
    )


def run(args: argparse.Namespace) -> int:
    """Write them; return 0, 1 (no project, or no such kind is rendered), 2 (usage) or 3."""
    from comfyvn.data import data_folder
    from comfyvn.engine.objects import update_file
    from comfyvn.model.load import load_settings
    from comfyvn.plan.render_brief import SIZES, is_rendered, workflow_of
    from comfyvn.source.nearest import did_you_mean

    unknown = next((kind for kind in args.kinds if kind not in _KINDS), None)
    if unknown is not None:
        help = did_you_mean(unknown, _KINDS)
        print(f"`{unknown}` is no kind of picture; {help}", file=sys.stderr)
        return 2
    root = project_at(args.directory)
    if root is None:
        return 1
    settings = load_settings(lambda path: read_file(root / path))
    said = {"project": settings.model_dump(exclude_unset=True)}
    kinds = args.kinds or [kind for kind in _KINDS if is_rendered(said, kind)]
    if not kinds:
        print(
            "vn.yaml leaves no picture to ComfyUI; write `pictures: {make: comfyui}`, or name the "
            "kinds",
            file=sys.stderr,
        )
        return 1
    text = (data_folder("templates/workflows") / "checkpoint.json").read_text(encoding="utf-8")
    flow = json.loads(text)
    flow["checkpoint"]["inputs"]["ckpt_name"] = args.checkpoint
    for kind in kinds:
        path = Path("workflows") / f"{workflow_of(said, kind)}.json"
        if (root / path).exists():
            say(args, f"{path} is there, and stays as it is")
            continue
        width, height = settings.pictures.size.get(kind, SIZES[kind])
        flow["size"]["inputs"] |= {"width": width, "height": height}
        data = json.dumps(flow, indent=2, ensure_ascii=False) + "\n"
        try:
            (root / path).parent.mkdir(exist_ok=True)
            update_file(root / path, data.encode())
        except OSError as error:
            print(f"cannot write {path}: {error.strerror or error}", file=sys.stderr)
            return 3
        say(args, f"wrote {path}")
    return 0
