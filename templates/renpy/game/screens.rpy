# The screens of the game. Colours and letters come from `vn/theme.rpy`.

init offset = -1

style window is default
style namebox is default
style say_label is default
style say_dialogue is default
style button is default
style button_text is default
style frame is empty
style vscrollbar:
    xsize 8
    base_bar Solid("#80808030")
    thumb Solid("#a0a0a0a0")
    unscrollable "hide"


################################################################ Dialogue

screen say(who, what, manner=None):
    use say_box(who, what, manner, True)

# The text box. Above a menu the last line is shown once more as its prompt; it has no ids then.
screen say_box(who, what, manner=None, live=False, who_colour=None):
    $ narrow = renpy.variant("small")

    add vn.shape("fade_up", "background", 0.85) xysize (1920, 480) yalign 1.0

    vbox:
        order_reverse True
        spacing -26
        xalign 0.5
        yalign 1.0
        yoffset (-24 if narrow else -66)

        if who is not None:
            window:
                if live:
                    id "namebox"
                style "namebox"
                xoffset 40
                padding (30, 9, 30, 12)
                background vn.shape("pill", "surface", 1.0, 27)
                foreground vn.shape("pill_edge", "text", 0.28, 27)
                text who:
                    if live:
                        id "who"
                    style "say_label"
                    color (who_colour or vn.colour("accent"))
                    font vn.font("interface")
                    bold True
                    size vn.size(27)

        window:
            if live:
                id "window"
            style "window"
            xsize (1760 if narrow else 1260)
            yminimum (270 if narrow else 196)
            padding ((54, 44, 96, 96) if narrow else (54, 44, 96, 34))
            background vn.panel()
            foreground vn.edge()

            text what:
                if live:
                    id "what"
                style "say_dialogue"
                font vn.font("body")
                size vn.size(33 if manner == "whisper" else 37, True)
                color (vn.colour("muted") if manner in ("whisper", "thought") else vn.colour("text"))
                italic (manner == "thought")
                slow_cps_multiplier vn.speed

# What shows that the line is complete.
screen ctc(arg=None):
    add vn.shape("next", "accent"):
        xpos (1800 if renpy.variant("small") else 1530)
        ypos 1.0
        at breathe

transform breathe:
    yoffset (-150 if renpy.variant("small") else -124)
    alpha 1.0
    ease 1.1 alpha 0.45
    ease 1.1 alpha 1.0
    repeat


################################################################ Pages

screen nvl(dialogue, items=None):
    add vn.shade(0.6)

    frame:
        xalign 0.5
        yalign 0.42
        xsize (1500 if renpy.variant("small") else 1040)
        yminimum 640
        ymaximum 940
        padding (84, 76, 84, 76)
        background vn.panel(0.97)
        foreground vn.edge()

        viewport:
            mousewheel True
            draggable True
            yinitial 1.0
            vbox:
                spacing 26
                for line in dialogue:
                    window:
                        id line.window_id
                        style "default"
                        vbox:
                            spacing 4
                            if line.who is not None:
                                text line.who:
                                    id line.who_id
                                    style "say_label"
                                    color vn.colour("accent")
                                    font vn.font("interface")
                                    size vn.size(26)
                                    bold True
                            text line.what:
                                id line.what_id
                                style "say_dialogue"
                                font vn.font("body")
                                size vn.size(35, True)
                                color vn.colour("text")
                                slow_cps_multiplier vn.speed


################################################################ Choices

screen choice(items, id=None, timeout=None, on_timeout=None):
    $ offered = [i for i in items if i.action.sensitive or i.kwargs.get("reason")]
    $ shown = 0
    $ late = next((i for i in offered if i.kwargs.get("id") == on_timeout and i.action.sensitive), None)

    if vn.prompt and _history_list:
        $ last = _history_list[-1]
        use say_box(last.who, renpy.filter_text_tags(last.what, allow=gui.history_allow_tags), who_colour=last.who_args.get("color"))
    else:
        add vn.shade(0.35)

    vbox:
        style_prefix "choice"
        xalign 0.5
        yalign (0.36 if vn.prompt else 0.46)
        spacing 14

        if timeout and late and not persistent.vn_untimed:
            timer timeout action [SetVariable("vn.prompt", False), late.action]
            add vn.shape("bar", "accent", 1.0, 5):
                xsize 960
                ysize 8
                at running_out(timeout)
            null height 4

        for i in offered:
            $ open_now = i.action.sensitive
            if open_now:
                $ shown += 1
                key str(shown) action [SetVariable("vn.prompt", False), i.action]
            button:
                xsize (1400 if renpy.variant("small") else 960)
                yminimum (112 if renpy.variant("small") else 78)
                padding (34, 20, 34, 20)
                background vn.card("idle" if open_now else "off")
                foreground vn.rim("idle")
                hover_foreground vn.rim("hover")
                sensitive open_now
                action [SetVariable("vn.prompt", False), i.action]
                hbox:
                    spacing 28
                    if open_now:
                        text str(shown) style "choice_number" color vn.colour("accent") font vn.font("interface") size vn.size(26)
                    else:
                        add vn.shape("lock", "muted") yalign 0.5
                    vbox:
                        xsize (1240 if renpy.variant("small") else 820)
                        text i.caption:
                            font vn.font("body")
                            size vn.size(33, True)
                            color vn.colour("text" if open_now else "muted")
                        if not open_now:
                            text i.kwargs["reason"]:
                                font vn.font("body")
                                italic True
                                size vn.size(26, True)
                                color vn.colour("muted")

style choice_number is default:
    yalign 0.5
    xsize 26
    bold True

transform running_out(seconds):
    xanchor 0.0
    crop_relative True
    crop (0.0, 0.0, 1.0, 1.0)
    linear seconds crop (0.0, 0.0, 0.0, 1.0)

screen input(prompt):
    add vn.shade(0.45)
    frame:
        xalign 0.5
        yalign 0.42
        xsize 1000
        padding (60, 52, 60, 56)
        background vn.panel(0.97)
        foreground vn.edge()
        vbox:
            spacing 30
            text prompt font vn.font("body") size vn.size(36, True) color vn.colour("text")
            frame:
                xfill True
                padding (28, 18, 28, 18)
                background vn.shape("card", "background", 0.7, 16)
                foreground vn.rim("hover")
                input id "input" font vn.font("body") size vn.size(36) color vn.colour("text")


################################################################ Quick menu and notices

screen quick_menu():
    zorder 100
    if quick_menu:
        hbox:
            style_prefix "quick"
            xalign 0.5
            yalign 1.0
            yoffset -12
            spacing 6
            for label, action in vn.quick_actions(renpy.variant("small")):
                textbutton label:
                    action action
                    text_font vn.font("interface")
                    text_size vn.size(22)
                    text_color vn.colour("muted")
                    text_hover_color vn.colour("text")
                    text_selected_color vn.colour("accent")
                    text_insensitive_color vn.colour("muted", 0.45)

default quick_menu = True

style quick_button is default:
    padding (16, 6, 16, 8)

init python:
    config.overlay_screens.append("quick_menu")

init python in vn:

    from store import (
        Rollback, ShowMenu, Skip, Preference, QuickSave, QuickLoad, _, HideInterface,
    )

    def quick_actions(small):
        """Return what the quick menu offers: label and action."""
        first = [
            (_("Back"), Rollback()),
            (_("History"), ShowMenu("history")),
            (_("Skip"), Skip()),
            (_("Auto"), Preference("auto-forward", "toggle")),
        ]
        if small:
            return [first[0], first[2], first[3], (_("Menu"), ShowMenu())]
        return first + [
            (_("Save"), ShowMenu("save")),
            (_("Quick save"), QuickSave()),
            (_("Quick load"), QuickLoad()),
            (_("Settings"), ShowMenu("preferences")),
        ]

screen notify(message):
    zorder 110
    frame:
        at notice
        xalign 1.0
        xoffset -36
        ypos 34
        padding (34, 18, 34, 20)
        background vn.shape("card", "surface", 0.96, 16)
        foreground vn.rim("idle")
        text "[message!tq]" font vn.font("interface") size vn.size(26) color vn.colour("text")
    timer 3.4 action Hide("notify")

transform notice:
    on show:
        alpha 0.0 yoffset -14
        ease 0.25 alpha 1.0 yoffset 0
    on hide:
        ease 0.4 alpha 0.0

screen skip_indicator():
    zorder 100
    frame:
        xpos 36
        ypos 34
        padding (26, 10, 26, 12)
        background vn.shape("pill", "surface", 0.9, 27)
        text _("Skipping") font vn.font("interface") size vn.size(24) color vn.colour("accent")


################################################################ Title

screen main_menu():
    tag menu
    style_prefix "title"

    if vn.title_picture:
        add vn.title_picture xysize (1920, 1080)
    else:
        add Solid(vn.colour("background"))
    add vn.shade(0.22)
    add vn.shape("fade_left", "background", 1.0) xysize (1500, 1080)
    add vn.shape("fade_up", "background", 0.9) xysize (1920, 520) yalign 1.0

    vbox:
        xpos 150
        yalign 0.5
        spacing 14
        text "[config.name!tq]" font vn.title_font() size vn.size(128) color vn.colour("text") xmaximum 1000 line_spacing -10
        if vn.subtitle:
            text "[vn.subtitle!tq]" font vn.font("body") italic True size vn.size(33) color vn.colour("muted") xmaximum 760
        null height 40
        for label, action in vn.title_actions():
            textbutton label:
                action action
                text_font vn.font("interface")
                text_size vn.size(34)
                text_color vn.colour("text", 0.86)
                text_hover_color vn.colour("accent")
                text_insensitive_color vn.colour("muted", 0.5)

    if vn.content_notes:
        text _("Content notes: [vn.content_notes!tq]"):
            xpos 150
            yalign 1.0
            yoffset -40
            font vn.font("interface")
            size vn.size(22)
            color vn.colour("muted")
    text "[config.version]":
        xalign 1.0
        yalign 1.0
        offset (-44, -40)
        font vn.font("interface")
        size vn.size(22)
        color vn.colour("muted")

style title_button is default:
    padding (0, 7, 30, 8)

init python in vn:

    from store import Start, FileAction, Quit

    def latest_save():
        """Return the newest save that the game wrote or the player made."""
        return renpy.newest_slot(r"\d+|auto|quick")

    def title_actions():
        actions = [(_("Start"), Start())]
        latest = latest_save()
        if latest:
            page, _dash, name = latest.partition("-")
            actions.insert(0, (_("Continue"), FileAction(name, page=page)))
        actions += [
            (_("Load"), ShowMenu("load")),
            (_("Settings"), ShowMenu("preferences")),
            (_("Extras"), ShowMenu("extras")),
            (_("About"), ShowMenu("about")),
        ]
        if renpy.variant("pc"):
            actions.append((_("Quit"), Quit(confirm=False)))
        return actions


################################################################ The game's menu

screen game_menu(title):
    style_prefix "game_menu"

    if main_menu and vn.title_picture:
        add vn.title_picture xysize (1920, 1080)
    elif main_menu:
        add Solid(vn.colour("background"))
    add vn.shade(0.82)

    frame:
        xalign 0.5
        yalign 0.5
        xysize ((1860, 1040) if renpy.variant("small") else (1640, 940))
        background vn.panel(0.98)
        foreground vn.edge()
        padding (64, 52, 64, 48)

        hbox:
            spacing 56
            vbox:
                xsize 290
                spacing 4
                text title font vn.title_font() size vn.size(58) color vn.colour("text")
                null height 26
                for label, action in vn.menu_actions():
                    textbutton label:
                        action action
                        text_font vn.font("interface")
                        text_size vn.size(28)
                        text_color vn.colour("muted")
                        text_hover_color vn.colour("text")
                        text_selected_color vn.colour("accent")
                        text_insensitive_color vn.colour("muted", 0.45)
            frame:
                xfill True
                yfill True
                transclude

    key "game_menu" action Return()

style game_menu_button is default:
    padding (0, 9, 20, 10)

init python in vn:

    from store import Return, MainMenu

    def menu_actions():
        actions = [(_("Return"), Return())]
        if not store.main_menu:
            actions += [(_("History"), ShowMenu("history")), (_("Save"), ShowMenu("save"))]
        actions += [
            (_("Load"), ShowMenu("load")),
            (_("Settings"), ShowMenu("preferences")),
            (_("Extras"), ShowMenu("extras")),
            (_("About"), ShowMenu("about")),
        ]
        if not store.main_menu:
            actions.append((_("Main menu"), MainMenu()))
        if renpy.variant("pc"):
            actions.append((_("Quit"), Quit(confirm=not store.main_menu)))
        return actions


screen save():
    tag menu
    use file_slots(_("Save"))

screen load():
    tag menu
    use file_slots(_("Load"))

screen file_slots(title):
    use game_menu(title):
        vbox:
            spacing 24
            grid 3 2:
                spacing 22
                xalign 0.5
                for slot in range(1, 7):
                    button:
                        action FileAction(slot)
                        xysize (360, 316)
                        padding (14, 14, 14, 12)
                        background vn.shape("card", "background", 0.6, 16)
                        foreground vn.rim("idle")
                        hover_foreground vn.rim("hover")
                        has vbox:
                            spacing 8
                        frame:
                            xysize (332, 187)
                            background vn.shade(0.5)
                            if FileLoadable(slot):
                                add FileScreenshot(slot) xysize (332, 187)
                        text FileSaveName(slot, empty=_("Empty")):
                            font vn.font("interface")
                            size vn.size(23)
                            color vn.colour("text" if FileLoadable(slot) else "muted")
                            layout "nobreak"
                        text FileTime(slot, format=_("{#file_time}%d %B %Y, %H:%M"), empty=""):
                            font vn.font("interface")
                            size vn.size(19)
                            color vn.colour("muted")
                        key "save_delete" action FileDelete(slot)
            hbox:
                xalign 0.5
                spacing 6
                for label, page in [(_("Auto"), "auto"), (_("Quick"), "quick")] + [(str(n), n) for n in range(1, 10)]:
                    textbutton label:
                        action FilePage(page)
                        padding (16, 8, 16, 10)
                        text_font vn.font("interface")
                        text_size vn.size(25)
                        text_color vn.colour("muted")
                        text_hover_color vn.colour("text")
                        text_selected_color vn.colour("accent")


screen history():
    tag menu
    predict False
    use game_menu(_("History")):
        viewport:
            yinitial 1.0
            mousewheel True
            draggable True
            scrollbars "vertical"
            vbox:
                spacing 26
                for h in _history_list:
                    hbox:
                        spacing 34
                        frame:
                            xsize 230
                            text (h.who or ""):
                                xalign 1.0
                                text_align 1.0
                                font vn.font("interface")
                                bold True
                                size vn.size(25)
                                color h.who_args.get("color", vn.colour("accent"))
                                substitute False
                        text renpy.filter_text_tags(h.what, allow=gui.history_allow_tags):
                            xsize 820
                            font vn.font("body")
                            size vn.size(30, True)
                            color vn.colour("text")
                            substitute False
                if not _history_list:
                    text _("Nothing has been said yet") font vn.font("body") size vn.size(30) color vn.colour("muted")


################################################################ Preferences

screen preferences():
    tag menu
    $ column = 640 if renpy.variant("small") else 520
    use game_menu(_("Settings")):
        viewport:
            mousewheel True
            draggable True
            scrollbars "vertical"
            hbox:
                spacing 60
                vbox:
                    xsize column
                    spacing 22
                    use setting_bar(_("Text speed"), Preference("text speed"))
                    use setting_bar(_("Auto speed"), Preference("auto-forward time"))
                    use setting_row(_("Skip"), [
                        (_("Unread text too"), Preference("skip", "toggle")),
                        (_("After choices"), Preference("after choices", "toggle")),
                    ])
                    use setting_row(_("Timed choices"), [
                        (_("On"), SetField(persistent, "vn_untimed", False)),
                        (_("Off"), SetField(persistent, "vn_untimed", True)),
                    ])
                    use setting_row(_("Text size"), [
                        (label, SetField(persistent, "vn_text_scale", scale))
                        for label, scale in [("80 %", 0.8), ("100 %", 1.0), ("125 %", 1.25), ("150 %", 1.5)]
                    ])
                    use setting_row(_("Typeface"), [
                        (_("As designed"), SetField(persistent, "vn_typeface", "theme")),
                        (_("Easy to read"), SetField(persistent, "vn_typeface", "readable")),
                    ])
                    if vn.languages:
                        use setting_row(_("Language"), [
                            (name, Language(language)) for name, language in vn.languages
                        ])
                vbox:
                    xsize column
                    spacing 22
                    use setting_bar(_("Music"), Preference("music volume"))
                    use setting_bar(_("Ambience"), MixerValue("ambience"))
                    use setting_bar(_("Effects"), Preference("sound volume"))
                    use setting_bar(_("Voice"), Preference("voice volume"))
                    use setting_row(_("Colours"), [
                        (_("As designed"), SetField(persistent, "vn_colours", "base")),
                        (_("High contrast"), SetField(persistent, "vn_colours", "high_contrast")),
                        (_("Colour-blind safe"), SetField(persistent, "vn_colours", "colour_blind")),
                    ], 2)
                    use setting_row(_("Comfort"), [
                        (_("Reduce motion"), ToggleField(persistent, "vn_calm")),
                        (_("Read text aloud"), Preference("self voicing", "toggle")),
                        (_("Mute everything"), Preference("all mute", "toggle")),
                    ], 2)
                    use setting_row(_("Screen"), [
                        (_("Window"), Preference("display", "any window")),
                        (_("Full screen"), Preference("display", "fullscreen")),
                    ])

screen setting_bar(label, value):
    vbox:
        spacing 12
        text label font vn.font("interface") size vn.size(25) color vn.colour("muted")
        bar:
            value value
            alt label
            xsize 500
            ysize 28
            left_bar vn.shape("slider", "accent", 1.0, 8)
            right_bar vn.shape("slider", "text", 0.22, 8)
            thumb vn.shape("thumb", "accent")
            thumb_offset 14
            hover_thumb vn.shape("thumb", "text")

screen setting_row(label, options, across=4):
    vbox:
        spacing 10
        text label font vn.font("interface") size vn.size(25) color vn.colour("muted")
        for row in vn.rows(options, across):
            hbox:
                spacing 10
                for option, action in row:
                    textbutton option:
                        action action
                        padding (22, 10, 22, 12)
                        background vn.card("idle")
                        foreground vn.rim("idle")
                        hover_foreground vn.rim("hover")
                        selected_background vn.card("selected")
                        text_font vn.font("interface")
                        text_size vn.size(24)
                        text_color vn.colour("text")
                        text_selected_color vn.colour("accent_text")


################################################################ Extras, about, endings

screen extras():
    tag menu
    use game_menu(_("Extras")):
        viewport:
            mousewheel True
            draggable True
            scrollbars "vertical"
            vbox:
                spacing 26
                text _("Endings") font vn.font("interface") size vn.size(25) color vn.colour("muted")
                for row in vn.rows(vn.endings, 2):
                    hbox:
                        spacing 16
                        for name, ending in row:
                            $ reached = name in (persistent.vn_endings or ())
                            frame:
                                xsize 540
                                padding (28, 22, 28, 24)
                                background vn.card("idle" if reached else "off")
                                foreground vn.rim("idle")
                                hbox:
                                    spacing 18
                                    if not reached:
                                        add vn.shape("lock", "muted") yalign 0.5
                                    text (ending if reached else _("Locked")):
                                        font vn.font("body")
                                        size vn.size(29)
                                        color vn.colour("text" if reached else "muted")
                if vn.unlocks:
                    text _("Gallery") font vn.font("interface") size vn.size(25) color vn.colour("muted")
                    for row in vn.rows(vn.unlocks, 3):
                        hbox:
                            spacing 16
                            for name, picture in row:
                                $ reached = name in (persistent.vn_unlocks or ())
                                button:
                                    xysize (356, 214)
                                    padding (12, 12, 12, 12)
                                    background vn.card("idle" if reached else "off")
                                    foreground vn.rim("idle")
                                    hover_foreground vn.rim("hover")
                                    sensitive bool(reached and picture)
                                    action Show("picture", picture=picture)
                                    alt (vn.readable(name) if reached else _("Locked"))
                                    if reached and picture:
                                        add Transform(picture, zoom=332.0 / 1920)
                                    elif reached:
                                        text vn.readable(name) xalign 0.5 yalign 0.5 font vn.font("body") size vn.size(28) color vn.colour("text")
                                    else:
                                        add vn.shape("lock", "muted") xalign 0.5 yalign 0.5

screen picture(picture):
    modal True
    zorder 50
    add Solid(vn.colour("background"))
    add picture
    button:
        xfill True
        yfill True
        action Hide("picture")
        alt _("Close")
    key "game_menu" action Hide("picture")

screen about():
    tag menu
    use game_menu(_("About")):
        viewport:
            mousewheel True
            draggable True
            scrollbars "vertical"
            vbox:
                spacing 24
                xsize 1080
                text "[config.name!tq]" font vn.title_font() size vn.size(64) color vn.colour("text")
                if gui.about:
                    text "[gui.about!tq]" font vn.font("body") size vn.size(31) color vn.colour("text")
                for line in vn.credits:
                    text "[line!tq]" font vn.font("interface") size vn.size(25) color vn.colour("muted")
                text _("Version [config.version!tq]") font vn.font("interface") size vn.size(25) color vn.colour("muted")
                text _("Made with Ren'Py [renpy.version_only] and ComfyVN.") font vn.font("interface") size vn.size(25) color vn.colour("muted")
                text _("Typefaces: Literata, Inter, Cormorant and Atkinson Hyperlegible, under the SIL Open Font License.") font vn.font("interface") size vn.size(25) color vn.colour("muted")

screen ending(title):
    modal True
    add Solid(vn.colour("background", 0.94))
    $ reached = len(persistent.vn_endings or ())
    vbox:
        at notice
        xalign 0.5
        yalign 0.45
        spacing 26
        text _("The end") xalign 0.5 font vn.font("interface") size vn.size(26) kerning 8 color vn.colour("accent")
        if title:
            text title xalign 0.5 text_align 0.5 xmaximum 1500 font vn.title_font() size vn.size(104) color vn.colour("text")
        text _("Endings found: [reached] / [vn.ending_count]") xalign 0.5 font vn.font("interface") size vn.size(26) color vn.colour("muted")
        null height 30
        textbutton _("Main menu"):
            xalign 0.5
            padding (40, 18, 40, 20)
            background vn.card("idle")
            foreground vn.rim("idle")
            hover_foreground vn.rim("hover")
            action Return()
            default_focus True
            text_font vn.font("interface")
            text_size vn.size(28)
            text_color vn.colour("text")

screen confirm(message, yes_action, no_action):
    modal True
    zorder 200
    add vn.shade(0.7)
    frame:
        xalign 0.5
        yalign 0.45
        xsize 880
        padding (64, 56, 64, 52)
        background vn.panel(1.0)
        foreground vn.edge()
        vbox:
            spacing 46
            text _(message) xalign 0.5 text_align 0.5 font vn.font("body") size vn.size(34) color vn.colour("text")
            hbox:
                xalign 0.5
                spacing 24
                for label, action in [(_("Yes"), yes_action), (_("No"), no_action)]:
                    textbutton label:
                        action action
                        xminimum 200
                        padding (30, 14, 30, 16)
                        background vn.card("idle")
                        foreground vn.rim("idle")
                        hover_foreground vn.rim("hover")
                        text_xalign 0.5
                        text_font vn.font("interface")
                        text_size vn.size(28)
                        text_color vn.colour("text")
    key "game_menu" action no_action
