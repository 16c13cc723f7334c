"""The process between a build and a command in the background; run as a program, by its path.

It imports nothing of ComfyVN: it may outlive the version that started it. It holds the lock that it
was handed open until it ends, writes `result.json` when the command has ended, and leaves nothing
of its process group behind.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path


def main(place: Path) -> None:
    """Run what `job.json` says."""
    _write(place / "pid", str(os.getpid()))
    # Asked to stop, the whole group is: the command may end in order, and this writes how.
    signal.signal(signal.SIGTERM, lambda *_: None)
    job = json.loads((place / "job.json").read_bytes())
    result: dict[str, object] = {"code": 0, "late": False, "problem": ""}
    try:
        with (place / "said").open("wb") as said:
            process = subprocess.Popen(
                job["line"],
                cwd=place / "in",
                env=job["env"],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
            try:
                result["code"] = process.wait(job["timeout"] or None)
            except subprocess.TimeoutExpired:
                result["late"] = True
    except OSError as error:
        result["problem"] = error.strerror or str(error)
    _write(place / "result.json", json.dumps(result))
    os.killpg(os.getpid(), signal.SIGKILL)


def _write(path: Path, text: str) -> None:
    temporary = path.with_suffix(".new")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
