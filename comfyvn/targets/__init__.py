"""A Program to a Ren'Py project or a web site."""
