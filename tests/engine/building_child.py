"""A build in a process of its own, to be killed: `python building_child.py ROOT PROJECT`."""

from __future__ import annotations

import pickle
import sys
import time
from pathlib import Path

from engine.building import Folder

import comfyvn.engine.run


def main() -> None:
    """Say `began`, build, say how long it took and what there was to note."""
    root, project = Path(sys.argv[1]), pickle.loads(Path(sys.argv[2]).read_bytes())
    # As often as in a build of hundreds of thousands of steps.
    comfyvn.engine.run._BATCH = 20
    folder = Folder(root)
    print("began", flush=True)
    start = time.monotonic()
    folder.build(project.plan(), project.values, project.resolve)
    print(f"took {time.monotonic() - start}", flush=True)
    print("\n".join(folder.notes), flush=True)


if __name__ == "__main__":
    main()
