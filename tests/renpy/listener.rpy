# Reads a story to its end on a real display, and writes down what the voice channel is told.

init 1000 python in vn_listener:

    import json
    import os
    import store

    heard = []
    play, stop = renpy.sound.play, renpy.sound.stop
    waiting = [0]

    def played(*arguments, **named):
        play(*arguments, **named)
        if named.get("channel") == "voice":
            line = renpy.game.context().translate_identifier
            heard.append([line, renpy.sound.get_playing(channel="voice")])

    def stopped(*arguments, **named):
        if named.get("channel") == "voice" and heard and heard[-1][1] is not None:
            heard.append([renpy.game.context().translate_identifier, None])
        stop(*arguments, **named)

    renpy.sound.play, renpy.sound.stop = played, stopped

    def read_on():
        """Called twenty times a second while the engine waits."""
        waiting[0] += 1
        if waiting[0] < 2:
            return
        waiting[0] = 0
        if renpy.get_screen("ending"):
            with open(os.environ["VN_HEARD"], "w") as file:
                json.dump(heard, file)
            renpy.quit()
        elif renpy.get_screen("main_menu"):
            store._preferences.transitions = 0
            store._preferences.text_cps = 0
            language = os.environ.get("VN_LANGUAGE")
            renpy.change_language(language or None)
            renpy.run(store.Start())
        elif renpy.get_screen("choice"):
            (item,) = renpy.get_screen("choice").scope["items"]
            renpy.end_interaction(item.action())
        else:
            renpy.end_interaction(True)

    renpy.config.periodic_callbacks.append(read_on)
