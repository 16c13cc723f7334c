"""The parts of the compiler: from a scene's source to its part of the Program.

`reading` parses a scene and tells what it declares; `scene` lowers it, block by block (`blocks`,
`body`, `menus`, `directive`, `text`, `expressions`), with the names that `scope` knows. `facts` is
what scenes tell one another, `flow` what is checked over all of them, `translations` the other
languages. `comfyvn.story.compile` puts it together in one call, `comfyvn.plan` in steps.
"""
