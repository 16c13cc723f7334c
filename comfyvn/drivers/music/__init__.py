"""Variations of music: a track made into another one that sounds different, by numbers alone."""
