"""The repository's chores: `doit list` names them, `doit test` runs one."""

import sys
from pathlib import Path

ROOT = Path(__file__).parent
PYTHON = sys.executable
# Three on two cores: tests of servers, browsers and engines wait much.
PYTEST = f"{PYTHON} -m pytest -n 3 --dist worksteal"
DOIT_CONFIG = {"default_tasks": ["lint", "types", "test"], "verbosity": 2}


def task_test():
    """Run the suite: a tenth of each randomised count, with a printed seed."""
    return {"actions": [PYTEST], "uptodate": [False]}


def task_prove():
    """Run the suite with every randomised count in full."""
    return {
        "actions": [f"COMFYVN_COUNT_SCALE=1 {PYTEST}"],
        "uptodate": [False],
    }


def task_lint():
    """Check style and form."""
    return {
        "actions": [f"{PYTHON} -m ruff check .", f"{PYTHON} -m ruff format --check ."],
        "uptodate": [False],
    }


def task_types():
    """Check types."""
    return {"actions": [f"{PYTHON} -m mypy"], "uptodate": [False]}


def task_schemas():
    """Write schemas/ from the types."""
    return {"actions": [f"{PYTHON} tools/generate.py schemas"], "uptodate": [False]}


def task_docs():
    """Write the generated pages of docs/."""
    return {"actions": [f"{PYTHON} tools/generate.py docs"], "uptodate": [False]}


def task_bench():
    """Run the benchmarks; each prints ratios against a peer measured in the same run."""
    for script in sorted((ROOT / "benchmarks").glob("*.py")):
        yield {
            "name": script.stem,
            "actions": [f"{PYTHON} {script}"],
            "uptodate": [False],
        }


def task_example():
    """Check the example and build all its targets."""
    return {
        "actions": [
            f"{PYTHON} -m comfyvn check -C example_project --strict",
            f"{PYTHON} -m comfyvn build all -C example_project",
        ],
        "uptodate": [False],
    }
