// @ts-check
/** The player's own words. A language that is not here reads English. */

/** @type {Record<string, string>} */
const en = {
  start: "Start", continue: "Continue", load: "Load", save: "Save", settings: "Settings", extras: "Extras", about: "About",
  close: "Close", cancel: "Cancel", next: "Continue", more: "More", back: "Back", history: "History", skip: "Skip", auto: "Auto", menu: "Menu",
  quick_save: "Quick save", quick_load: "Quick load", resume: "Resume", to_title: "Title screen", hide: "Hide text", fullscreen: "Full screen",
  notes: "Content notes", loading: "Loading", saved: "Saved", quick_saved: "Quick saved", kept_here: "Kept until you close this tab; export your saves", no_past: "Nothing earlier to go back to", no_quick: "There is no quick save yet",
  leave: "Leave for the title screen? What is not saved is lost.", leave_yes: "Leave", overwrite: "Replace this save?", overwrite_yes: "Replace",
  delete: "Delete", delete_ask: "Delete this save?", empty: "Empty", page: "Page", autosaves: "Auto", quicksaves: "Quick", slot: "Slot",
  export: "Export saves", import: "Import saves", imported: "Saves imported", bad_file: "This file holds no saves of this game",
  bad_saves: "Damaged saves in this file were left out",
  bad_save: "This save could not be read", memory: "This browser keeps nothing here: saves last until the page is closed. Export them to keep them.",
  reading: "Reading", sound: "Sound", display: "Display", access: "Comfort", language: "Language", interface: "Language",
  text_speed: "Text speed", instant: "Instant", auto_speed: "Auto speed", skip_unread: "Skip unread text too", skip_choices: "Keep skipping after choices",
  tab_skips: "Tab key toggles skipping", master: "Overall", music: "Music", ambience: "Ambience", sfx: "Effects", voice: "Voice", mute: "Mute everything", mono: "Both ears hear the same (mono)", sustain: "Voices go on into the next line", silent: "Silence the voice of", narration: "Narration",
  test: "Test", text_size: "Text size", spacing: "Line spacing", font: "Typeface", font_theme: "As designed", font_serif: "Serif", font_sans: "Sans", font_readable: "Easy to read",
  colours: "Colours", colours_base: "As designed", colours_high_contrast: "High contrast", colours_colour_blind: "Colour-blind safe",
  box: "Text panel", motion: "Reduce motion", shake: "Screen shake and flashes", timers: "Timed choices", captions: "Captions for sounds",
  speak: "Read text aloud", describe: "Announce pictures to screen readers", reset: "Reset settings", reset_all: "Erase all progress",
  reset_ask: "Erase saves, endings and read marks of this game?", erase: "Erase", endings: "Endings", gallery: "Gallery", locked: "Locked", nothing: "Nothing yet",
  unlocked: "Unlocked", ending: "Ending", the_end: "The end", ending_found: "Endings found", jump: "Go back to this line", you: "You",
  chose: "You chose", no_history: "Nothing has been said yet", answer: "Your answer", ok: "OK", unavailable: "Unavailable", seconds_left: "seconds left",
  error: "Something broke", error_text: "Your saves are safe. You can copy a report for the authors, or go back to the title screen.", copy: "Copy report", copied: "Copied", reload: "Reload",
  skipping: "Skipping", auto_on: "Auto", by: "By", version: "Version", licence: "Licence", made_with: "Made with ComfyVN. Typefaces: Literata, Inter, Cormorant and Atkinson Hyperlegible, under the SIL Open Font License.",
  keys: "Keys", keys_text: "Enter or Space: continue · 1–9: choose · Page Up or wheel: back · Ctrl (hold) or S: skip · A: auto · L: history · H: hide text · Q: quick save · Shift+Q: quick load · F: full screen · M: mute · Esc: menu",
  rating: "Rating", everyone: "Everyone", teen: "Teen", mature: "Mature", adult: "Adults only", chapter: "Chapter", title_menu: "Main menu",
  offline: "Ready to play offline", story_over: "The story stops here", stuck: "The story went round in circles here", playing_music: "Music", whisper: "whispers", thought: "thinks", off: "off screen",
};

/** @type {Record<string, string>} */
const es = {
  start: "Empezar", continue: "Continuar", load: "Cargar", save: "Guardar", settings: "Ajustes", extras: "Extras", about: "Acerca de",
  close: "Cerrar", cancel: "Cancelar", next: "Continuar", more: "Más", back: "Atrás", history: "Historial", skip: "Saltar", auto: "Auto", menu: "Menú",
  quick_save: "Guardado rápido", quick_load: "Carga rápida", resume: "Seguir", to_title: "Pantalla de título", hide: "Ocultar texto", fullscreen: "Pantalla completa",
  notes: "Avisos de contenido", loading: "Cargando", saved: "Guardado", quick_saved: "Guardado rápido hecho", kept_here: "Guardado hasta cerrar esta pestaña; exporta tus partidas", no_past: "No hay nada anterior a lo que volver", no_quick: "Aún no hay guardado rápido",
  leave: "¿Volver al título? Se pierde lo que no esté guardado.", leave_yes: "Volver", overwrite: "¿Reemplazar esta partida?", overwrite_yes: "Reemplazar",
  delete: "Borrar", delete_ask: "¿Borrar esta partida?", empty: "Vacío", page: "Página", autosaves: "Auto", quicksaves: "Rápidos", slot: "Ranura",
  export: "Exportar partidas", import: "Importar partidas", imported: "Partidas importadas", bad_file: "Este archivo no contiene partidas de este juego",
  bad_saves: "Las partidas dañadas de este archivo se dejaron fuera",
  bad_save: "No se pudo leer esta partida", memory: "Este navegador no guarda nada aquí: las partidas duran hasta cerrar la página. Expórtalas para conservarlas.",
  reading: "Lectura", sound: "Sonido", display: "Pantalla", access: "Comodidad", language: "Idioma", interface: "Idioma",
  text_speed: "Velocidad del texto", instant: "Al instante", auto_speed: "Velocidad automática", skip_unread: "Saltar también lo no leído", skip_choices: "Seguir saltando tras elegir",
  tab_skips: "La tecla Tab activa el salto", master: "General", music: "Música", ambience: "Ambiente", sfx: "Efectos", voice: "Voz", mute: "Silenciar todo", mono: "Lo mismo en ambos oídos (mono)", sustain: "Las voces siguen en la línea siguiente", silent: "Silenciar la voz de", narration: "Narración",
  test: "Probar", text_size: "Tamaño del texto", spacing: "Interlineado", font: "Tipografía", font_theme: "La del diseño", font_serif: "Con serifa", font_sans: "Sin serifa", font_readable: "Fácil de leer",
  colours: "Colores", colours_base: "Los del diseño", colours_high_contrast: "Alto contraste", colours_colour_blind: "Para daltonismo",
  box: "Panel de texto", motion: "Reducir movimiento", shake: "Sacudidas y destellos", timers: "Elecciones con tiempo", captions: "Subtítulos de sonidos",
  speak: "Leer el texto en voz alta", describe: "Anunciar imágenes al lector de pantalla", reset: "Restablecer ajustes", reset_all: "Borrar todo el progreso",
  reset_ask: "¿Borrar partidas, finales y marcas de lectura de este juego?", erase: "Borrar", endings: "Finales", gallery: "Galería", locked: "Bloqueado", nothing: "Nada todavía",
  unlocked: "Desbloqueado", ending: "Final", the_end: "Fin", ending_found: "Finales encontrados", jump: "Volver a esta línea", you: "Tú",
  chose: "Elegiste", no_history: "Todavía no se ha dicho nada", answer: "Tu respuesta", ok: "Aceptar", unavailable: "No disponible", seconds_left: "segundos",
  error: "Algo se ha roto", error_text: "Tus partidas están a salvo. Puedes copiar un informe para los autores o volver al título.", copy: "Copiar informe", copied: "Copiado", reload: "Recargar",
  skipping: "Saltando", auto_on: "Auto", by: "De", version: "Versión", licence: "Licencia", made_with: "Hecho con ComfyVN. Tipografías: Literata, Inter, Cormorant y Atkinson Hyperlegible, con licencia SIL Open Font License.",
  keys: "Teclas", keys_text: "Intro o Espacio: continuar · 1–9: elegir · Re Pág o rueda: atrás · Ctrl (mantener) o S: saltar · A: auto · L: historial · H: ocultar texto · Q: guardado rápido · Mayús+Q: carga rápida · F: pantalla completa · M: silencio · Esc: menú",
  rating: "Clasificación", everyone: "Para todos", teen: "Adolescentes", mature: "Maduro", adult: "Solo adultos", chapter: "Capítulo", title_menu: "Menú principal",
  offline: "Listo para jugar sin conexión", story_over: "La historia se detiene aquí", stuck: "Aquí la historia daba vueltas en círculo", playing_music: "Música", whisper: "susurra", thought: "piensa", off: "fuera de escena",
};

/** @type {Record<string, Record<string, string>>} */
const tables = { en, es };
let words = en;

/** Speak a language from now on. @param {string} language a BCP 47 tag */
export function speakUi(language) {
  words = tables[language] ?? tables[language.split("-")[0]] ?? en;
}

/** The player's word for something. @param {string} key */
export const t = (key) => words[key] ?? en[key] ?? key;

/** A language's name in that language. @param {string} tag */
export function languageName(tag) {
  try {
    const name = new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
    return name[0].toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    return tag;
  }
}

/** A stored name as people read it. @param {string} name */
export const human = (name) => name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
