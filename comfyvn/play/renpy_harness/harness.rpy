# Plays the project in the real engine without a screen and writes down what it does.
#
# It is put into a scratch copy of a project. Ren'Py parses and runs the script as always; only what
# would wait for a player (a line, a menu, an input, a pause) returns at once, and the statements
# that run are noted as records of a transcript. Every run is played in a fork of the engine as it
# is after its start, so that runs share nothing.

init 1000 python in vn_harness:

    import ast
    import json
    import os
    import re
    import sys
    import traceback

    from store import NoRollback

    TEXT, TAG, PARAGRAPH = 1, 2, 3
    STYLES = {"i": "em", "b": "strong", "s": "del"}
    CHANNELS = {"music": "music", "ambience": "ambience", "sound": "sfx"}
    TRANSITIONS = (
        "cut dissolve fade flash wipe_left wipe_right wipe_up wipe_down slide_left slide_right"
        " shake move"
    ).split()
    SECONDS_A_RUN = 600
    ID = re.compile(r"([a-z][a-z0-9]{7}(?:_s)?)(?:_.+)?$")


    class Done(BaseException):
        """The run is over."""


    def escape(text):
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    def tokens(text):
        from renpy.text.textsupport import tokenize
        return tokenize(text)

    def plain(text):
        return "".join(
            value if kind == TEXT else "\n" if kind == PARAGRAPH else ""
            for kind, value in tokens(text)
        )

    def markup(text):
        """Return displayed text as neutral markup."""
        return "".join(part for part in pieces(tokens(text)) if not isinstance(part, dict))

    def pieces(parts, speed=None):
        """Yield stretches of neutral markup and the waits and speeds between them."""
        out = []
        for kind, value in parts:
            if kind == TEXT:
                out.append(escape(value))
            elif kind == PARAGRAPH:
                out.append("\n")
            elif kind == TAG:
                name, _, argument = value.partition("=")
                close = name.startswith("/")
                base = name.lstrip("/")
                if base in STYLES:
                    out.append("<%s%s>" % ("/" if close else "", STYLES[base]))
                elif base == "rb":
                    out.append("" if close else "<ruby>")
                elif base == "rt":
                    out.append("</rt></ruby>" if close else "<rt>")
                elif base == "w":
                    effect = {"do": "pause"}
                    if argument:
                        effect["seconds"] = float(argument)
                    out.append(effect)
                elif base == "cps" and not close:
                    factor = float(argument.lstrip("*"))
                    if speed == factor:
                        speed = None  # a part goes on at the speed of the last
                    else:
                        out.append({"do": "speed", "factor": factor})
        return out


    class Recorder(NoRollback):
        """The transcript of one run."""

        def __init__(self, names, run):
            self.names = names
            self.answers = list(run["answers"])
            self.records = []
            self.pending = None
            self.speed = None
            self.say = None
            self.transition = None
            self.quiet = 0

        def add(self, **record):
            if self.quiet:
                return
            self.flush()
            self.records.append(record)

        def flush(self):
            if self.pending is not None:
                record, self.pending = self.pending, None
                record.pop("line", None)
                self.records.append(record)

        def stage(self, do, **fields):
            if not self.quiet:
                self.flush()
                self.pending = dict({k: v for k, v in fields.items() if v is not None}, t="stage", do=do)

        def moved(self, waits):
            """A transition belongs to the statement before it."""
            name, seconds = self.transition or ("cut", None)
            self.transition = None
            record = self.pending
            if record is None:
                raise Exception("a transition without a statement")
            if name == "move":
                for key in ("kind",):
                    record.pop(key, None)
                record["do"] = "move"
            else:
                record["with"] = name
            if seconds is not None:
                record["seconds"] = seconds
            if waits and name != "cut":
                record["wait"] = True

        def answer(self, id):
            if not self.answers:
                self.add(t="waiting", id=id)
                raise Done()
            return self.answers.pop(0)

        def finish(self):
            self.flush()
            return self.records

    recorder = None


    def line(character, who, what):
        """Note a line that the engine would display now."""
        renpy.store.vn.waited()
        identifier = renpy.game.context().translate_identifier
        id = ID.match(identifier).group(1)
        parts = tokens(what)
        extended = [i for i, part in enumerate(parts) if part == (TAG, "fast")]
        if extended:
            parts = parts[extended[-1] + 1:]
            found = pieces(parts, recorder.speed)
        else:
            recorder.speed = None
            found = pieces(parts)
            record = {"t": "line", "id": id, "text": "", "name": plain(who) if who else ""}
            record["who"] = recorder.names["characters"].get(recorder.say or "", [])
            manner = character.show_args.get("manner")
            if manner:
                record["manner"] = manner
            if isinstance(character, renpy.store.NVLCharacter):
                record["page"] = True
        groups = [""]
        for piece in found:
            if isinstance(piece, dict):
                groups += [piece, ""]
            else:
                groups[-1] += piece
        for index, group in enumerate(groups):
            if isinstance(group, dict):
                if group["do"] == "speed":
                    recorder.speed = group["factor"]
                recorder.add(t="stage", **group)
            elif index == 0 and not extended:
                record["text"] = group
                recorder.add(**record)
            elif group:
                recorder.add(t="more", id=id, text=group)

    def menu(items):
        """Note a menu and take what the run answers."""
        renpy.store.vn.waited()
        id = renpy.exports.get_menu_args()[1]["id"]
        offers, enabled = [], []
        for caption, action in items:
            facts = action.kwargs
            reason = facts.get("reason")
            if not action.sensitive and reason is None:
                continue
            offer = {"id": facts["id"], "text": shown(caption), "enabled": bool(action.sensitive)}
            if not action.sensitive:
                offer["reason"] = shown(reason)
            else:
                enabled.append((facts["id"], action.value))
            offers.append(offer)
        recorder.add(t="menu", id=id, choices=offers)
        answer = recorder.answer(id)
        choice, value = enabled[answer % len(enabled) if isinstance(answer, int) else 0]
        recorder.add(t="choice", id=choice, menu=id)
        return value

    def shown(text):
        """Return a caption as a screen would show it."""
        return markup(renpy.substitutions.substitute(text)[0])


    def patch():
        """Put the recorder in front of what waits, shows and plays."""
        vn = renpy.store.vn
        renpy_ast = renpy.ast

        def wrap(owner, name, before=None, after=None, quiet=False):
            original = getattr(owner, name)
            def wrapped(*args, **kwargs):
                if before:
                    before(*args, **kwargs)
                recorder.quiet += quiet
                try:
                    result = original(*args, **kwargs)
                finally:
                    recorder.quiet -= quiet
                if after:
                    after(result, *args, **kwargs)
                return result
            setattr(owner, name, wrapped)

        # Lines

        def display(self, who, what, **kwargs):
            for callback in renpy.config.all_character_callbacks:
                callback("begin", interact=True, type="say")
            line(self, who, what)

        renpy.character.ADVCharacter.do_display = display
        renpy.store.NVLCharacter.do_display = display
        say = renpy_ast.Say.execute

        def execute_say(self):
            if self.who == "alt":
                text = renpy.substitutions.substitute(self.what)[0]
                recorder.pending["alt"] = plain(text)
                recorder.pending["id"] = renpy.game.context().translate_identifier
            elif self.who != "extend":
                recorder.say = self.who
            say(self)

        renpy_ast.Say.execute = execute_say

        # Waits

        renpy.store.menu = menu

        def ask(*args, **kwargs):
            return str(recorder.answer(recorder.input_id))

        def pause(delay=None, **kwargs):
            recorder.stage("pause", seconds=delay)

        renpy.exports.input = ask
        renpy.exports.pause = pause

        original_ask = vn.ask

        def vn_ask(id, *args, **kwargs):
            recorder.input_id = id
            answer = original_ask(id, *args, **kwargs)
            recorder.add(t="input", id=id, value=answer)
            return answer

        vn.ask = vn_ask

        def scene_break(id):
            vn.waited()
            recorder.add(t="break", id=id)

        wrap(vn, "scene_break", before=scene_break, quiet=True)

        # The stage

        def image(node):
            name, _, _, at_list, layer, zorder, _ = node.imspec
            return name, at_list

        def place(at_list):
            if not at_list:
                return None
            if at_list[0].startswith("place("):
                return list(ast.literal_eval(at_list[0][5:]))
            return at_list[0]

        def look(tag, attributes):
            found = {}
            for kind, names in recorder.names["looks"].get(tag, {}).items():
                for attribute in attributes:
                    if attribute in names:
                        found[kind] = names[attribute]
            return found or None

        show = renpy_ast.Show.execute

        def execute_show(self):
            name, at_list = image(self)
            tag, attributes = name[0], name[1:]
            if tag == "cg":
                recorder.stage("picture", asset=recorder.names["pictures"][attributes[0]])
            else:
                recorder.stage(
                    "show", what=recorder.names["images"][tag], kind=recorder.names["kinds"].get(tag),
                    look=look(tag, attributes), at=place(at_list))
            show(self)

        renpy_ast.Show.execute = execute_show
        scene = renpy_ast.Scene.execute

        def execute_scene(self):
            name, at_list = image(self)
            fields = look(name[0], name[1:])
            recorder.stage("scene", **fields)
            scene(self)

        renpy_ast.Scene.execute = execute_scene
        hide = renpy_ast.Hide.execute

        def execute_hide(self):
            tag = self.imspec[0][0]
            if tag == "cg":
                what = recorder.names["pictures"][self.imspec[0][1]]
            else:
                what = recorder.names["images"][tag]
            recorder.stage("hide", what=what)
            hide(self)

        renpy_ast.Hide.execute = execute_hide

        def transition(name):
            def note(result, seconds=None, *args):
                recorder.transition = (name, seconds)
            wrap(vn, name, after=note)

        for name in TRANSITIONS:
            transition(name)

        with_node = renpy_ast.With.execute

        def execute_with(self):
            if self.paired is not None:
                return with_node(self)
            recorder.transition = None
            with_node(self)

        renpy_ast.With.execute = execute_with

        def with_statement(trans, always=False, paired=None, clear=True):
            if paired is None and not recorder.quiet:
                recorder.moved(True)
            return False

        renpy.exports.with_statement = with_statement

        def over(trans):
            recorder.moved(False)

        vn.over = over

        def camera(zoom=None, at=None, effect=None, seconds=None, wait=None):
            fields = {"with": effect} if effect else {}
            recorder.stage(
                "camera", zoom=zoom, at=None if at is None else list(at), seconds=seconds,
                wait=wait, **fields)

        wrap(vn, "camera", before=camera, quiet=True)

        statement = renpy_ast.UserStatement.execute

        def number(code):
            return renpy.python.py_eval(code)

        def channel_of(name, parsed):
            return CHANNELS[name[1] if len(name) > 1 else ast.literal_eval(parsed["channel"])]

        def execute_statement(self):
            name, parsed = self.parsed
            first = name[0] if name else ""
            sounds = recorder.names["sounds"]
            if first == "play":
                channel = channel_of(name, parsed)
                fields = {"fade": parsed["fadein"], "volume": parsed.get("volume", "1.0")}
                fade = None if fields["fade"] == "0" else number(fields["fade"])
                volume = None if fields["volume"] == "1.0" else number(fields["volume"])
                loop = parsed.get("loop")
                recorder.stage(
                    "play", channel=channel, name=sounds[parsed["file"]], fade=fade, volume=volume,
                    loop=True if loop else None, once=True if loop is False else None)
            elif first == "stop":
                channel = channel_of(name, parsed)
                fade = parsed["fadeout"]
                recorder.stage(
                    "stop", channel=channel, fade=None if fade in (None, "None") else number(fade))
            elif first == "voice":
                recorder.stage("voice", name=sounds[parsed])
            statement(self)

        renpy_ast.UserStatement.execute = execute_statement

        def staged(name, field="value", convert=None):
            def note(value):
                recorder.stage(name, **{field: convert(value) if convert else value})
            wrap(vn, "set_" + name, before=note, quiet=True)

        staged("speed", "factor")
        staged("theme")
        staged("time", convert=lambda v: recorder.names["looks"]["bg"]["time"][v])
        staged("weather", convert=lambda v: recorder.names["looks"]["bg"]["weather"][v])

        # Chance and state

        def drew(result, stream):
            recorder.add(t="draw", stream=stream, value=int(result * 2**53))

        wrap(vn, "draw", after=drew)

        def picked(result, pick, **items):
            if result is not None:
                recorder.add(t="pick", id=pick, item=result)

        for name in ("weighted", "shuffled", "cycled", "sequenced"):
            wrap(vn, name, after=picked)

        def took(choice, menu):
            recorder.add(t="choice", id=choice, menu=menu)

        wrap(vn, "take", before=took)

        def assigned(name, value):
            variable = recorder.names["variables"].get(name)
            if variable is not None:
                if variable in recorder.names["labelled"]:
                    value = recorder.names["labels"][value]
                recorder.add(t="set", var=variable, value=list(value) if isinstance(value, list) else value)

        wrap(vn, "assign", after=lambda result, name, value: assigned(name, value))
        python = renpy_ast.Python.execute

        def execute_python(self):
            python(self)
            for name in targets(self.code.source):
                assigned(name, renpy.python.py_eval(name))

        renpy_ast.Python.execute = execute_python

        # The rest

        def unlock(name):
            recorder.add(t="unlock", name=name)

        wrap(vn, "unlock", before=unlock)

        def notify(text):
            recorder.add(t="notify", text=markup(text))

        renpy.exports.notify = notify

        def stuck():
            recorder.add(t="stuck")
            raise Done()

        vn.stuck = stuck

        def end(id, name="", title=""):
            recorder.add(t="ending", id=id, name=name, title=plain(renpy.substitutions.substitute(title)[0]))
            raise Done()

        vn.end = end


    known_targets = {}

    def targets(source):
        """Return the names that a `$` line assigns to."""
        if source not in known_targets:
            found = []
            for node in ast.parse(source).body:
                if isinstance(node, (ast.Assign, ast.AugAssign)):
                    whole = node.targets if isinstance(node, ast.Assign) else [node.target]
                    for target in whole:
                        parts = target.elts if isinstance(target, ast.Tuple) else [target]
                        found += [ast.unparse(part) for part in parts]
            known_targets[source] = found
        return known_targets[source]


    def load(folder):
        """Load the script files of a story into the engine, as at its start."""
        script = renpy.game.script
        initcode = []
        for path in sorted(files(folder)):
            with open(os.path.join(folder, path), encoding="utf-8") as file:
                text = file.read()
            statements, init = script.load_string("game/" + path, text)
            if statements is None or renpy.parser.parse_errors:
                raise Exception("\n".join(str(e) for e in renpy.parser.parse_errors) or path)
            initcode += init
        script.translator.chain_translates()
        for _, node in sorted(initcode, key=lambda entry: entry[0]):
            if isinstance(node, renpy.ast.Node):
                renpy.game.context().run(node)
            else:
                node()
        renpy.atl.compile_all()

    def files(folder):
        for where, _, names in os.walk(folder):
            for name in names:
                path = os.path.relpath(os.path.join(where, name), folder).replace(os.sep, "/")
                if name.endswith(".rpy") and not renpy.exports.loadable(path):
                    yield path

    def start(run):
        """Play one run from a new game; return its records."""
        global recorder
        recorder = Recorder(run["names"], run)
        patch()
        renpy.game.log = renpy.python.RollbackLog()
        renpy.game.contexts = [renpy.execution.Context(True)]
        renpy.store.main_menu = False
        renpy.exports.execute_default_statement(True)
        language = run["language"]
        renpy.game.preferences.language = language
        renpy.translation.change_language(language, force=True)
        renpy.store.vn.begin = lambda: setattr(renpy.store.vn, "seed", run["seed"])
        renpy.game.context().goto_label("start")
        # The engine takes ten seconds without a player for a loop; the story has its own guard.
        renpy.execution.not_infinite_loop(SECONDS_A_RUN)
        try:
            renpy.execution.run_context(True)
        except Done:
            pass
        return recorder.finish()

    def play():
        """The command `vn_play`: jobs in, transcripts out."""
        parser = renpy.arguments.ArgumentParser()
        parser.add_argument("jobs")
        parser.add_argument("results")
        options = parser.parse_args()
        with open(options.jobs, encoding="utf-8") as file:
            stories = json.load(file)
        with open(options.results, "w", encoding="utf-8") as out:
            for story in stories:
                fork(lambda: play_story(story, out))
        return False

    def play_story(story, out):
        try:
            if story["folder"]:
                load(story["folder"])
        except Exception:
            for run in story["runs"]:
                write(out, {"error": traceback.format_exc()})
            return
        for run in story["runs"]:
            fork(lambda: write(out, played(dict(run, names=story["names"]))))

    def played(run):
        try:
            return start(run)
        except Exception:
            return {"error": traceback.format_exc(), "records": recorder.records[-5:]}

    def write(out, value):
        out.write(json.dumps(value, ensure_ascii=False) + "\n")
        out.flush()

    def fork(work):
        """Do something in a copy of this process, and wait for it."""
        sys.stdout.flush()
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            return
        try:
            work()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(0)

    renpy.arguments.register_command("vn_play", play)
