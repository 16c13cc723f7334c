"""Outside engines: plain values in, files out."""
