"""Text to typed objects with positions: YAML, scenes, expressions, diagnostics, identity."""
