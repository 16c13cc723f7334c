"""Run `comfyvn`, or `python -m comfyvn`."""

import gc

from comfyvn.cli.main import main


def run() -> int:
    """Run the command line in a process of its own; return the exit code."""
    code = main()
    # Python ends by looking for garbage among all that a build made, and then frees it anyway.
    gc.freeze()
    return code


if __name__ == "__main__":
    raise SystemExit(run())
