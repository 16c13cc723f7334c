"""One `Runtime` protocol over the interpreter, the web build and the Ren'Py build."""
