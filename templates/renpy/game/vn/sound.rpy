# How loud sounds are: each at its own level, music and ambience under voices.

define vn.ducked = 0.355  # 9 dB down
define vn.crossing = 0.4

init -90 python in vn:

    from store import config

    levels = {}

    # A reload of the game begins here again, with the function that was put in place before.
    _play = getattr(renpy.music.play, "plain", renpy.music.play)

    def play(filenames, channel="music", *args, **kwargs):
        """Play a file at its level; what loops gives way softly to what comes after it."""
        first = filenames if isinstance(filenames, str) else (filenames or [None])[0]
        volume = kwargs.get("relative_volume", 1.0)
        kwargs["relative_volume"] = volume * levels.get((channel, first), 1.0)
        if channel in ("music", "ambience") and not args and kwargs.get("fadeout") is None:
            kwargs["fadeout"] = crossing
        return _play(filenames, channel, *args, **kwargs)

    play.plain = _play
    renpy.music.play = play

    # What each channel was turned to. A load brings back what it was, so this is forgotten then.
    _turned = {}

    def give_way():
        """Turn music and ambience down while a voice speaks, and up again; called all the time."""
        speaks = renpy.music.get_playing("voice")
        wanted, seconds = (ducked, 0.045) if speaks else (1.0, 0.16)
        for name in ("music", "ambience"):
            if _turned.get(name) != wanted:
                _turned[name] = wanted
                renpy.music.set_volume(wanted, seconds, name)

    config.periodic_callbacks.append(give_way)
    config.start_interact_callbacks.append(_turned.clear)
