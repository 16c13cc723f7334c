# What the story's script calls: chance, counts, picks, text, endings.
#
# All state is in `default`s, so rollback and saves cover it. What outlives a game is in
# `persistent`.

default vn.seed = 0
default vn.streams = {}
default vn.counts = {}
default vn.picks = {}

default persistent.vn_counts = None
default persistent.vn_endings = None
default persistent.vn_unlocks = None

init -100 python in vn:

    import random
    import store
    from store import NoRollback, persistent
    from vn_exact import (
        number, within, divide, floor_divide, modulo, floor_divide_numbers, modulo_numbers,
        joined, union, without, show, operands, tidy,
    )
    import vn_exact

    integer = number

    # From 8.1 on a text begins a reading at this character unless it is doubled.
    bracket = "\u3010" if renpy.version_tuple < (8, 1) else "\u3010\u3010"

    MOST_CALLS = 1000
    MOST_ARRIVALS = 10000

    class Flow(NoRollback):
        """How far the story ran since it last waited for the player."""

        arrivals = 0

    flow = Flow()


    def begin():
        """Start a new game with a fixed seed or a fresh one."""
        store.vn.seed = random.SystemRandom().randrange(2**53) if fixed_seed is None else fixed_seed

    def draw(stream):
        """Return a number from 0 to 1, without 1, from one of the game's streams."""
        words = streams.get(stream) or vn_exact.stream(seed, stream)
        value, streams[stream] = vn_exact.draw(words)
        return value / float(2**53)

    def chance(p):
        return draw("story") < p

    def roll(count, sides, plus=0):
        return number(plus + sum(1 + int(draw("story") * sides) for _ in range(count)))

    def pick(members):
        """Return one member of a set, `""` of an empty one."""
        return members[int(draw("story") * len(members))] if members else ""


    def times(what, ever=False):
        """Return how often a label, line or choice was reached."""
        if ever:
            return (persistent.vn_counts or {}).get(what, 0)
        return counts.get(what, 0)

    def visited(what, ever=False):
        return times(what, ever) > 0

    seen = chose = visited

    def count(*what):
        """Count that something was reached, in this game and ever."""
        ever = dict(persistent.vn_counts or {})
        for one in what:
            counts[one] = counts.get(one, 0) + 1
            ever[one] = ever.get(one, 0) + 1
        persistent.vn_counts = ever

    def untaken(what):
        """Whether something that comes once is still to come."""
        return what not in counts

    def first(what):
        """Count something that comes once; return whether this was that time."""
        if what in counts:
            return False
        count(what)
        return True

    def take(choice, menu):
        """Take a choice that is not shown, as nothing else can be chosen."""
        count(choice, menu)


    def _eligible(items):
        return [id for id, share in items.items() if share]

    def _took(id):
        count(id)
        return id

    def weighted(pick, **items):
        """Take one item at random by its weight; None is not eligible."""
        weights = [(id, weight) for id, weight in items.items() if weight is not None]
        if not weights:
            return None
        r = draw("story") * sum(weight for _, weight in weights)
        upto = 0
        for id, weight in weights:
            upto += weight
            if r < upto:
                break
        return _took(id)

    def shuffled(pick, **items):
        """Take all items in random order before any comes again."""
        eligible = _eligible(items)
        if not eligible:
            return None
        taken = picks.get(pick, [])
        bag = [id for id in eligible if id not in taken]
        if not bag:
            taken, bag = [], eligible
        id = bag[int(draw("story") * len(bag))]
        picks[pick] = list(taken) + [id]
        return _took(id)

    def _behind(pick, ids):
        last = picks.get(pick)
        return ids.index(last) + 1 if last in ids else 0

    def _in_turn(pick, order, items):
        id = next((id for id in order if items[id]), None)
        if id is None:
            return None
        picks[pick] = id
        return _took(id)

    def cycled(pick, **items):
        """Take the items in turn, for ever."""
        ids = list(items)
        behind = _behind(pick, ids)
        return _in_turn(pick, ids[behind:] + ids[:behind], items)

    def sequenced(pick, **items):
        """Take the items in turn, then keep the last."""
        ids = list(items)
        pointer = min(_behind(pick, ids), len(ids) - 1)
        return _in_turn(pick, ids[pointer:] + ids[:pointer][::-1], items)


    def enter(arguments, **defaults):
        """Reset a scene's own variables and take over what a call passes."""
        for name, value in defaults.items():
            if getattr(store, name) != value:
                assign(name, value)
        for name, value in arguments.items():
            assign(name, value)

    def assign(name, value):
        setattr(store, name, value)

    def known(name, value, old):
        """Return `value` if it is one of an enum's, else what the enum holds."""
        return value if value in values[name] else old

    def ordered(name, members):
        """Return a set's members in their declared order."""
        return [member for member in values[name] if member in members]

    def in_call():
        """Whether `return` leads back into the story."""
        return renpy.call_stack_depth() > 0

    def arrive(label, abnormal):
        """Called by Ren'Py at every label."""
        if label.startswith("_"):
            return
        scene = label[:-6] if label.endswith(".enter") else label
        if scene == label and renpy.has_label(label + ".enter"):
            return
        if scene in scene_names:
            store.save_name = scene_names[scene]
        flow.arrivals += 1
        if flow.arrivals > MOST_ARRIVALS or renpy.call_stack_depth() > MOST_CALLS:
            stuck()
        if scene in asked:
            count(scene)

    def stuck():
        raise Exception("The story runs in a circle without waiting for the player.")

    def waited():
        flow.arrivals = 0


    def substitute(text):
        return renpy.substitute(text, translate=False)

    def wording(u, *options):
        """Return the wording that a draw stands for."""
        return substitute(options[int(u * len(options))])

    def select(value, forms):
        """Return the form for a value."""
        return substitute(forms.get(show(value), forms["other"]))

    def plural(language, value, forms):
        """Return the form for a number in a language."""
        rule = plural_rules.get(language)
        category = rule(**operands(value)) if rule else "other"
        return substitute(forms.get(category, forms["other"]))

    def title(label):
        return titles[label]

    def quote(text):
        """Return text that players may have typed, safe to show as a name."""
        return text.replace("[", "[[").replace("{", "{{").replace("\u3010", bracket)

    def ask(id, prompt, default="", length=None):
        """Ask the player for text."""
        waited()
        store.vn.prompt = False
        answer = renpy.input(prompt, default=default, exclude="", length=length)
        return tidy(answer, length) or default


    def unlock(name):
        """Unlock something in the extras, for good."""
        unlocks = list(persistent.vn_unlocks or ())
        if name not in unlocks:
            persistent.vn_unlocks = unlocks + [name]

    def notify(text):
        renpy.notify(substitute(text))

    def end(id, name="", title=""):
        """End the game: remember the ending, show its name, go to the main menu."""
        if name:
            reached = list(persistent.vn_endings or ())
            if name not in reached:
                persistent.vn_endings = reached + [name]
            renpy.save_persistent()
        renpy.music.stop(fadeout=2.0)
        store._window = False
        store.quick_menu = False
        renpy.scene()
        renpy.call_screen("ending", title=title)
        renpy.full_restart()

define config.label_callback = vn.arrive

# Behind Ren'Py's own, among them the one that speaks.
init python:
    config.start_interact_callbacks.append(vn.waited)
