"""Write models with random weights that a real ComfyUI loads: `models.py FOLDER`.

ComfyUI tells a model by the shapes of its weights. A UNet with 320 channels and a context of 768 is
an SD 1.5, however few blocks it has; a decoder with the keys of TAESD is its VAE. The text encoder
has one shape only, and is nearly all of the 278 MB. What is rendered is noise, and always the same.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

CHANNELS, EMBEDDING, CONTEXT = 320, 1280, 768
TEXT, TEXT_HIDDEN, TEXT_LAYERS, TOKENS, POSITIONS = 768, 3072, 12, 49408, 77


class Weights:
    """Random weights by their keys."""

    def __init__(self, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.tensors: dict[str, np.ndarray] = {}

    def tensor(self, key: str, *shape: int, scale: float | None = None) -> None:
        fan_in = int(np.prod(shape[1:])) or 1
        values = self.random.standard_normal(shape, dtype=np.float32)
        self.tensors[key] = (values * (fan_in**-0.5 if scale is None else scale)).astype(np.float16)

    def zeros(self, key: str, size: int) -> None:
        self.tensors[key] = np.zeros(size, np.float16)

    def norm(self, key: str, size: int) -> None:
        self.tensors[f"{key}.weight"] = np.ones(size, np.float16)
        self.zeros(f"{key}.bias", size)

    def conv(self, key: str, come: int, go: int, size: int = 3, *, bias: bool = True) -> None:
        self.tensor(f"{key}.weight", go, come, size, size)
        if bias:
            self.zeros(f"{key}.bias", go)

    def linear(
        self, key: str, come: int, go: int, *, bias: bool = True, scale: float | None = None
    ) -> None:
        self.tensor(f"{key}.weight", go, come, scale=scale)
        if bias:
            self.zeros(f"{key}.bias", go)


def residual(made: Weights, key: str, come: int, go: int) -> None:
    made.norm(f"{key}.in_layers.0", come)
    made.conv(f"{key}.in_layers.2", come, go)
    made.linear(f"{key}.emb_layers.1", EMBEDDING, go)
    made.norm(f"{key}.out_layers.0", go)
    made.conv(f"{key}.out_layers.3", go, go)
    if come != go:
        made.conv(f"{key}.skip_connection", come, go, 1)


def attention(made: Weights, key: str, size: int) -> None:
    block = f"{key}.transformer_blocks.0"
    made.norm(f"{key}.norm", size)
    made.conv(f"{key}.proj_in", size, size, 1)
    for name, context in (("attn1", size), ("attn2", CONTEXT)):
        made.linear(f"{block}.{name}.to_q", size, size, bias=False)
        made.linear(f"{block}.{name}.to_k", context, size, bias=False)
        made.linear(f"{block}.{name}.to_v", context, size, bias=False)
        made.linear(f"{block}.{name}.to_out.0", size, size)
    made.linear(f"{block}.ff.net.0.proj", size, 8 * size)
    made.linear(f"{block}.ff.net.2", 4 * size, size)
    for i in (1, 2, 3):
        made.norm(f"{block}.norm{i}", size)
    made.conv(f"{key}.proj_out", size, size, 1)


def unet(made: Weights) -> None:
    start = "model.diffusion_model"
    made.linear(f"{start}.time_embed.0", CHANNELS, EMBEDDING)
    made.linear(f"{start}.time_embed.2", EMBEDDING, EMBEDDING)
    made.conv(f"{start}.input_blocks.0.0", 4, CHANNELS)
    residual(made, f"{start}.input_blocks.1.0", CHANNELS, CHANNELS)
    attention(made, f"{start}.input_blocks.1.1", CHANNELS)
    for i in (0, 1):
        residual(made, f"{start}.output_blocks.{i}.0", 2 * CHANNELS, CHANNELS)
    made.norm(f"{start}.out.0", CHANNELS)
    made.conv(f"{start}.out.2", CHANNELS, 4)


def vae(made: Weights) -> None:
    """Add a TAESD: convolutions, of which some stand in blocks of three."""

    def coder(
        key: str, first: int, last: int, size: int, blocks: set[int], plain: set[int]
    ) -> None:
        made.conv(f"{key}.{first}", 3 if first == 0 else 4, 64)
        for i in sorted(blocks):
            for j in (0, 2, 4):
                made.conv(f"{key}.{i}.conv.{j}", 64, 64)
        for i in sorted(plain):
            made.conv(f"{key}.{i}", 64, 64, bias=False)
        made.conv(f"{key}.{last}", 64, size)

    start = "first_stage_model.taesd"
    halved, doubled = {2, 6, 10}, {7, 12, 17}
    coder(f"{start}_encoder", 0, 14, 4, set(range(1, 14)) - halved, halved)
    coder(f"{start}_decoder", 1, 19, 3, {3, 4, 5, 8, 9, 10, 13, 14, 15, 18}, doubled)


def text_encoder(made: Weights) -> None:
    start = "cond_stage_model.transformer.text_model"
    made.tensor(f"{start}.embeddings.token_embedding.weight", TOKENS, TEXT, scale=0.02)
    made.tensor(f"{start}.embeddings.position_embedding.weight", POSITIONS, TEXT, scale=0.01)
    for i in range(TEXT_LAYERS):
        layer = f"{start}.encoder.layers.{i}"
        for name in ("k", "v", "q", "out"):
            made.linear(f"{layer}.self_attn.{name}_proj", TEXT, TEXT, scale=0.02)
        made.norm(f"{layer}.layer_norm1", TEXT)
        made.norm(f"{layer}.layer_norm2", TEXT)
        made.linear(f"{layer}.mlp.fc1", TEXT, TEXT_HIDDEN, scale=0.02)
        made.linear(f"{layer}.mlp.fc2", TEXT_HIDDEN, TEXT, scale=0.02)
    made.norm(f"{start}.final_layer_norm", TEXT)


def main() -> None:
    folder = Path(sys.argv[1], "checkpoints")
    folder.mkdir(parents=True)
    made = Weights(0)
    unet(made)
    vae(made)
    text_encoder(made)
    save_file(made.tensors, folder / "tiny.safetensors")


if __name__ == "__main__":
    main()
