"""The Ren'Py target: a project that a Ren'Py developer can go on with."""

from __future__ import annotations

from pathlib import Path

from comfyvn.plan.assets import resolve_assets
from comfyvn.plan.requests import asset_requests
from comfyvn.source.diagnostics import Diagnostics
from comfyvn.targets.files import write_tree
from comfyvn.targets.renpy.project import Program, project_files


def build(program: Program, root: Path, out_dir: Path, out: Diagnostics) -> int:
    """Write the Ren'Py project of a Program; return how many files changed.

    Args:
        program: the compiled story.
        root: the project's folder, where its assets are.
        out_dir: the folder of the Ren'Py project; what others put there is kept.
        out: gets a warning for each thing that Ren'Py shows in another way.

    Raises:
        OSError: a file cannot be read or written.
    """
    assets = resolve_assets(root, program, asset_requests(program), out)
    files = project_files(program, assets, out, root)
    # A compiled script without its script would still run.
    return write_tree(out_dir, files, made_beside={".rpy": ".rpyc"})
