"""The Program: its compiler, reference interpreter, random streams and saves."""
