"""The dev server: plays the web target while its sources are written."""
