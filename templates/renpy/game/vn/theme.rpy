# The colours of the interface: they follow the story's theme and the player's preferences.

default vn.theme = None

init -80 python in vn:

    def set_theme(name):
        """Change the interface to another of the story's themes."""
        store.vn.theme = name
