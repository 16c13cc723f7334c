translate LANGUAGE strings:

    old "Start"
    new "Empezar"

    old "Continue"
    new "Continuar"

    old "Load"
    new "Cargar"

    old "Save"
    new "Guardar"

    old "Settings"
    new "Ajustes"

    old "Extras"
    new "Extras"

    old "About"
    new "Acerca de"

    old "Content notes: [vn.content_notes!tq]"
    new "Avisos de contenido: [vn.content_notes!tq]"

    old "Quit"
    new "Salir"

    old "Return"
    new "Volver"

    old "Main menu"
    new "Menú principal"

    old "Menu"
    new "Menú"

    old "Back"
    new "Atrás"

    old "History"
    new "Historial"

    old "Skip"
    new "Saltar"

    old "Skipping"
    new "Saltando"

    old "Auto"
    new "Auto"

    old "Quick"
    new "Rápidos"

    old "Quick save"
    new "Guardado rápido"

    old "Quick load"
    new "Carga rápida"

    old "Empty"
    new "Vacío"

    old "{#file_time}%d %B %Y, %H:%M"
    new "{#file_time}%d/%m/%Y, %H:%M"

    old "Nothing has been said yet"
    new "Todavía no se ha dicho nada"

    old "Text speed"
    new "Velocidad del texto"

    old "Auto speed"
    new "Velocidad automática"

    old "Unread text too"
    new "También lo no leído"

    old "After choices"
    new "Tras elegir"

    old "Timed choices"
    new "Elecciones con tiempo"

    old "On"
    new "Sí"

    old "Off"
    new "No"

    old "Text size"
    new "Tamaño del texto"

    old "Typeface"
    new "Tipografía"

    old "As designed"
    new "Lo diseñado"

    old "Easy to read"
    new "Fácil de leer"

    old "Language"
    new "Idioma"

    old "Music"
    new "Música"

    old "Ambience"
    new "Ambiente"

    old "Effects"
    new "Efectos"

    old "Voice"
    new "Voz"

    old "Colours"
    new "Colores"

    old "High contrast"
    new "Alto contraste"

    old "Colour-blind safe"
    new "Para daltonismo"

    old "Comfort"
    new "Comodidad"

    old "Reduce motion"
    new "Reducir movimiento"

    old "Read text aloud"
    new "Leer en voz alta"

    old "Mute everything"
    new "Silenciar todo"

    old "Screen"
    new "Pantalla"

    old "Window"
    new "Ventana"

    old "Full screen"
    new "Pantalla completa"

    old "Endings"
    new "Finales"

    old "Gallery"
    new "Galería"

    old "Locked"
    new "Bloqueado"

    old "Close"
    new "Cerrar"

    old "The end"
    new "Fin"

    old "Endings found: [reached] / [vn.ending_count]"
    new "Finales encontrados: [reached] / [vn.ending_count]"

    old "Version [config.version!tq]"
    new "Versión [config.version!tq]"

    old "Made with Ren'Py [renpy.version_only] and ComfyVN."
    new "Hecho con Ren'Py [renpy.version_only] y ComfyVN."

    old "Typefaces: Literata, Inter, Cormorant and Atkinson Hyperlegible, under the SIL Open Font License."
    new "Tipografías: Literata, Inter, Cormorant y Atkinson Hyperlegible, con licencia SIL Open Font License."

    old "Yes"
    new "Sí"

    old "No"
    new "No"

    old "Are you sure you want to quit?"
    new "¿Seguro que quieres salir?"

    old "Are you sure you want to return to the main menu?\nThis will lose unsaved progress."
    new "¿Volver al menú principal?\nSe pierde lo que no esté guardado."

    old "Are you sure you want to overwrite your save?"
    new "¿Reemplazar esta partida?"

    old "Are you sure you want to delete this save?"
    new "¿Borrar esta partida?"

    old "Loading will lose unsaved progress.\nAre you sure you want to do this?"
    new "Al cargar se pierde lo que no esté guardado.\n¿Continuar?"
