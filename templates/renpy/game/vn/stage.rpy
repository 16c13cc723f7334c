# The stage: places, transitions, looks that people keep while they are away.

default vn.looks = {}
default vn.speed = 1.0
default vn.framing = (1.0, (0.5, 0.5))

init -90 python in vn:

    from store import (
        Dissolve, Fade, CropMove, PushMove, MoveTransition, Move, Transform, Fixed, Solid,
        persistent, config, _preferences,
    )

    def _worn(tag):
        """Return the look of a tag: what is on stage, else what it last was."""
        kinds = wardrobe[tag]
        worn = list(looks.get(tag) or [kind[0] if kind and tag != "bg" else None for kind in kinds])
        return _changed(tag, worn, renpy.get_attributes(tag) or ())

    def _changed(tag, worn, attributes):
        for attribute in attributes:
            for index, kind in enumerate(wardrobe[tag]):
                if attribute in kind:
                    worn[index] = attribute
        return worn

    def _adjust(name):
        """Complete the attributes of an image that is shown by those that it keeps."""
        tag = name[0]
        if tag not in wardrobe:
            return name
        worn = _changed(tag, _worn(tag), name[1:])
        return (tag,) + tuple(one for one in worn if one)

    def spoke(event, type="say", **kwargs):
        """Called by Ren'Py when somebody speaks."""
        if event == "begin":
            remember()
            if prompt != (type != "nvl"):
                store.vn.prompt = type != "nvl"

    def remember():
        """Keep all looks, as leaving the stage would lose them."""
        for tag in wardrobe:
            if renpy.get_attributes(tag):
                worn = _worn(tag)
                if looks.get(tag) != worn:
                    looks[tag] = worn

    def look(tag, *attributes):
        """Change how someone looks, on stage or not."""
        looks[tag] = _changed(tag, _worn(tag), attributes)
        if renpy.showing(tag):
            renpy.show((tag,) + attributes)
        else:
            renpy.hide(tag)

    def set_time(value):
        look("bg", value)

    def set_weather(value):
        look("bg", value)

    def scene(layer="master"):
        remember()
        renpy.scene(layer)

    def show_image(name, *args, **kwargs):
        """Show an image; with self-voicing, say what has come into view."""
        before = renpy.get_attributes(name[0])
        renpy.show(name, *args, **kwargs)
        if _preferences.self_voicing:
            what = name[:2] if name[0] == "bg" else name[:1]
            new = before is None or (name[0] == "bg" and name[1] not in before)
            if new and " ".join(what) in alts:
                store.alt(alts[" ".join(what)])

    def hide(name, layer=None):
        if name[0] == "cg" and not renpy.showing(name):
            return  # another picture
        remember()
        renpy.hide(name, layer)

    config.adjust_attributes[None] = _adjust
    config.show = show_image
    config.scene = scene
    config.hide = hide
    config.all_character_callbacks.append(spoke)


    def sprite(path):
        """Return a character's picture at the height of the stage."""
        return Transform(path, ysize=940, fit="contain")

    def prop(path):
        return Transform(path, ysize=228, fit="contain")

    def image(path):
        return Transform(path, ysize=648, fit="contain")

    def background(path):
        return Transform(path, xysize=(1920, 1080), fit="cover")

    def picture(path):
        """Return a full-screen picture, whole."""
        whole = Transform(path, xysize=(1920, 1080), fit="contain", align=(0.5, 0.5))
        return Fixed(Solid("#000"), whole, xysize=(1920, 1080))


    def calm(transition):
        """Return a transition, or none for players who asked for less motion."""
        return None if persistent.vn_calm else transition

    def cut(seconds=0):
        return None

    def dissolve(seconds):
        return Dissolve(seconds)

    def fade(seconds):
        return Fade(seconds / 2.0, 0, seconds / 2.0)

    def flash(seconds):
        if persistent.vn_calm:
            return Dissolve(seconds)
        return Fade(seconds * 0.2, 0, seconds * 0.8, color="#fff")

    def wipe_left(seconds):
        return CropMove(seconds, "wipeleft")

    def wipe_right(seconds):
        return CropMove(seconds, "wiperight")

    def wipe_up(seconds):
        return CropMove(seconds, "wipeup")

    def wipe_down(seconds):
        return CropMove(seconds, "wipedown")

    def slide_left(seconds):
        return calm(PushMove(seconds, "pushleft"))

    def slide_right(seconds):
        return calm(PushMove(seconds, "pushright"))

    def shake(seconds):
        return calm(Move((18, 0), (-18, 0), 0.08, bounce=True, repeat=True, delay=seconds))

    def move(seconds):
        return calm(MoveTransition(seconds))

    def over(transition):
        """Run a transition of the stage alongside what comes next."""
        renpy.transition(transition, layer="master")

    def camera(zoom=None, at=None, effect=None, seconds=0, wait=False):
        """Move the view; without zoom and place, back to the whole stage."""
        if effect == "shake" and zoom is None and at is None:
            if wait:
                renpy.with_statement(shake(seconds))
            else:
                over(shake(seconds))
            return
        zoom_to, (x, y) = (1.0, (0.5, 0.5)) if zoom is None and at is None else framing
        zoom_to = zoom_to if zoom is None else zoom
        x, y = at or (x, y)
        store.vn.framing = (zoom_to, (x, y))
        edge = 0.5 / max(zoom_to, 1.0)
        x, y = min(max(x, edge), 1 - edge), min(max(y, edge), 1 - edge)
        seconds = 0 if effect == "cut" or persistent.vn_calm else seconds
        renpy.show_layer_at([store.view(zoom_to, x, y, seconds)], camera=True)
        if wait and seconds:
            renpy.pause(seconds)

    def set_speed(factor):
        """Set how fast text appears, as a multiple of the player's own speed."""
        store.vn.speed = factor

    def scene_break(id):
        """Clear the stage's text and picture and wait for the player."""
        store.vn.prompt = False
        store._window = False
        renpy.hide("cg")
        renpy.pause()


# Places to stand, for `show … at`.
transform far_left:
    xanchor 0.5 yanchor 1.0 xpos 0.12 ypos 1.0

transform left:
    xanchor 0.5 yanchor 1.0 xpos 0.28 ypos 1.0

transform center:
    xanchor 0.5 yanchor 1.0 xpos 0.5 ypos 1.0

transform right:
    xanchor 0.5 yanchor 1.0 xpos 0.72 ypos 1.0

transform far_right:
    xanchor 0.5 yanchor 1.0 xpos 0.88 ypos 1.0

transform place(x, y):
    xanchor 0.5 yanchor 0.5 xpos x ypos y

# The camera's view: how close, the middle of the view, and how long it takes to get there.
transform view(zoom=1.0, x=0.5, y=0.5, seconds=0.0):
    subpixel True
    ease seconds zoom zoom xanchor x yanchor y xpos 0.5 ypos 0.5
