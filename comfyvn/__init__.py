"""ComfyVN: a declarative build system for visual novels."""

__version__ = "0.1.0"
