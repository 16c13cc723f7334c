# Plays runs on a real display, by the choices on the screen, and takes a picture of each ending.

init 1000 python in vn_autoplayer:

    import json
    import os
    import store

    with open(os.environ["VN_RUNS"]) as file:
        runs = json.load(file)

    folder = os.environ["VN_SHOTS"]
    reached = []
    answers = []
    taken = set()

    def shot(name):
        if name not in taken:
            taken.add(name)
            renpy.screenshot(os.path.join(folder, name + ".png"))

    def begin():
        store.vn.seed = runs[len(reached)]["seed"]

    original_end = store.vn.end

    def end(id, name="", title=""):
        reached.append(name)
        original_end(id, name, title)

    store.vn.begin = begin
    store.vn.end = end

    waiting = [0]

    def act():
        """Called twenty times a second while the engine waits."""
        global answers
        waiting[0] += 1
        if waiting[0] < 2:
            return
        if renpy.get_screen("ending"):
            if waiting[0] < 24:
                return
            shot("ending-" + reached[-1])
            waiting[0] = 0
            if len(reached) == len(runs):
                with open(os.path.join(folder, "reached.json"), "w") as file:
                    json.dump(reached, file)
                renpy.quit()
            renpy.end_interaction(True)
        elif renpy.get_screen("main_menu"):
            shot("title")
            waiting[0] = 0
            answers = list(runs[len(reached)]["answers"])
            store._preferences.skip_unseen = True
            store._preferences.skip_after_choices = True
            store._preferences.transitions = 0
            renpy.run(store.Start())
        elif renpy.get_screen("choice"):
            items = renpy.get_screen("choice").scope["items"]
            enabled = [i for i in items if i.action.sensitive]
            shot("menu")
            answer = answers.pop(0)
            waiting[0] = 0
            store.vn.prompt = False
            renpy.config.skipping = "fast"
            renpy.end_interaction(enabled[answer % len(enabled)].action())
        elif renpy.get_screen("input"):
            shot("input")
            waiting[0] = 0
            renpy.end_interaction(str(answers.pop(0)))
        else:
            shot("line")
            waiting[0] = 0
            renpy.config.skipping = "fast"
            renpy.end_interaction(True)

    renpy.config.periodic_callbacks.append(act)
