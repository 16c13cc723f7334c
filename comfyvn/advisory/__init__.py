"""Advice on a story: what compiles and could still be better."""
