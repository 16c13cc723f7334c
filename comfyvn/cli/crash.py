"""What a user sees when we fail: two lines, and a file to send us."""

from __future__ import annotations

import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

import comfyvn


def report_crash(error: Exception, arguments: Sequence[str]) -> None:
    """Write a crash file and say where it is; never raises."""
    report = "".join(
        [
            f"comfyvn {comfyvn.__version__}, Python {platform.python_version()}, ",
            f"{platform.platform()}\narguments: {list(arguments)}\n\n",
            *traceback.format_exception(error),
        ]
    )
    summary = str(error).strip().splitlines()[:1] or ["no message"]
    print(f"comfyvn failed: {type(error).__name__}: {summary[0]}", file=sys.stderr)
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="comfyvn-crash-", suffix=".txt", delete=False
        ) as file:
            file.write(report)
        print(
            f"This is our mistake. What happened is in {Path(file.name)}; please send it to us.",
            file=sys.stderr,
        )
    except OSError:
        print(report, file=sys.stderr)
