# Sizes and letters that do not change while the game runs. Colours are in `vn/theme.rpy`.

init offset = -2

init python:
    gui.init(1920, 1080)

define gui.show_name = True
define gui.language = "unicode"
define config.window_icon = "gui/window_icon.png"
define config.nvl_list_length = None
define gui.history_allow_tags = {"alt", "noalt", "rt", "rb", "art", "i", "b", "s"}

style default:
    font "fonts/inter.ttf"
    size 28
    language gui.language
    color "#ffffff"

style ruby_style is default:
    size 18
    yoffset -26

style say_dialogue:
    ruby_style style.ruby_style
    line_leading 4
    line_spacing 8

style input:
    caret "caret"

image caret:
    Solid("#ffffff", xsize=3, ysize=40)
    0.5
    Solid("#ffffff00", xsize=3, ysize=40)
    0.5
    repeat

init python:
    config.font_replacement_map["fonts/literata.ttf", False, True] = ("fonts/literata-italic.ttf", False, False)
    config.font_replacement_map["fonts/literata.ttf", True, False] = ("fonts/literata-bold.ttf", False, False)
    config.font_replacement_map["fonts/literata.ttf", True, True] = ("fonts/literata-italic.ttf", True, False)
    config.font_replacement_map["fonts/inter.ttf", True, False] = ("fonts/inter-bold.ttf", False, False)
    config.font_replacement_map["fonts/atkinson.ttf", True, False] = ("fonts/atkinson-bold.ttf", False, False)
