"""The examples on the pages of findings about workflows are true."""

from __future__ import annotations

import re

import pytest

from comfyvn.drivers.comfyui.lint import fit
from comfyvn.drivers.comfyui.workflow import read_workflow
from comfyvn.source.codes import PAGES
from comfyvn.source.diagnostics import Diagnostics

FENCE = re.compile(r"^```json workflow (bad|good)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    pytest.param(path.stem, verdict, text, id=f"{path.stem}-{verdict}")
    for path in sorted(PAGES.glob("VN14*.md"))
    for verdict, text in FENCE.findall(path.read_text(encoding="utf-8"))
]
SERVER = {
    "ComfyVNDraw": {
        "input": {
            "required": {"text": ["STRING", {"multiline": True}]},
            "optional": {
                "brush": [["ink", "chalk"], {}],
                "width": ["INT", {"default": 64, "min": 16, "max": 4096}],
            },
        },
        "output": ["IMAGE"],
    },
    "SaveImage": {
        "input": {"required": {"images": ["IMAGE", {}], "filename_prefix": ["STRING", {}]}},
        "output": [],
    },
}


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 20


@pytest.mark.parametrize(("code", "verdict", "text"), EXAMPLES)
def test_an_example_is_true(code: str, verdict: str, text: str) -> None:
    out = Diagnostics()
    workflow = read_workflow("workflows/lighthouse.json", text.encode(), out)
    if workflow is not None:
        fit(workflow.graph, SERVER, workflow.file, "studio", out)
    assert {item.code for item in out} == ({code} if verdict == "bad" else set())
