# The colours, letters and panels of the interface. They follow the story's theme and what the
# player chose in the preferences, at once.

default vn.theme = None

# Whether the last line stays on display above a menu.
default vn.prompt = False

default persistent.vn_colours = "base"
default persistent.vn_typeface = "theme"
default persistent.vn_text_scale = 1.0
default persistent.vn_panel = 0.86
default persistent.vn_calm = False

init -80 python in vn:

    from store import Frame, Transform, TintMatrix, Solid, python_dict

    FONTS = {
        "serif": "fonts/literata.ttf",
        "sans": "fonts/inter.ttf",
        "readable": "fonts/atkinson.ttf",
    }

    def readable(name):
        """Return a stored name as people read it."""
        return name.replace("_", " ").capitalize()

    def rows(items, across):
        """Return a list in rows of so many."""
        return [items[start:start + across] for start in range(0, len(items), across)]

    def set_theme(name):
        """Change the interface to another of the story's themes."""
        store.vn.theme = name

    def palette():
        known = palettes.get(theme) or palettes[default_theme]
        return known.get(persistent.vn_colours) or known["base"]

    def colour(name, alpha=1.0):
        """Return a colour of the theme: background, surface, text, muted, accent, accent_text."""
        chosen = renpy.store.Color(palette()[name])
        return chosen if alpha == 1.0 else chosen.replace_opacity(alpha)

    def font(kind):
        """Return the letters of `body` text or of the `interface`."""
        chosen = persistent.vn_typeface
        if chosen == "theme":
            chosen = (types.get(theme) or types[default_theme])[kind]
        return FONTS.get(chosen, FONTS["serif"])

    def title_font():
        return FONTS["readable"] if persistent.vn_typeface == "readable" else "fonts/cormorant.ttf"

    def size(pixels, scaled=False):
        """Return a size of text; larger on phones, and by the player's choice when `scaled`."""
        if renpy.variant("small"):
            pixels *= 1.3
        return int(round(pixels * (persistent.vn_text_scale if scaled else 1)))

    _panels = python_dict()  # no part of saves or rollback

    def shape(name, colour_name, alpha=1.0, border=None):
        """Return one of the white shapes in `gui/` in a colour of the theme."""
        tint = colour(colour_name)
        key = (name, tint.hexcode, alpha, border)
        if key not in _panels:
            image = Transform("gui/%s.png" % name, matrixcolor=TintMatrix(tint), alpha=alpha)
            _panels[key] = Frame(image, border, border) if border else image
        return _panels[key]

    def panel(alpha=None):
        """Return the surface that text stands on."""
        alpha = persistent.vn_panel if alpha is None else alpha
        if persistent.vn_colours == "high_contrast":
            alpha = 1.0
        return shape("panel", "surface", alpha, 24)

    def edge(alpha=0.16):
        return shape("panel_edge", "text", 1.0 if persistent.vn_colours == "high_contrast" else alpha, 24)

    def card(state="idle"):
        """Return the ground of a button: `idle`, `hover`, `selected` or `off`."""
        if state == "selected":
            return shape("card", "accent", 1.0, 16)
        return shape("card", "background" if state == "off" else "surface", 0.88 if state == "off" else 0.95, 16)

    def rim(state="idle"):
        if state == "hover":
            return shape("card_focus", "accent", 1.0, 16)
        return shape("card_edge", "text", 0.16, 16)

    def shade(alpha=0.7):
        return Solid(colour("background", alpha))
