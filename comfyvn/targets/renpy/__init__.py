"""The Ren'Py target: a project that a Ren'Py developer can go on with."""
