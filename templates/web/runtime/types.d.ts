/** The Program and what the runtime makes of it; `docs/program.md` is the specification. */

export type Value = boolean | number | string | string[];
export type Expr = [string, ...any[]];
export type Place = string;
export type Look = Record<string, string>;

export type Fragment =
  | string
  | { em: Text }
  | { strong: Text }
  | { del: Text }
  | { ruby: Text; rt: string }
  | { v: number; digits?: number }
  | { wording: number; of: Text[] }
  | { plural: number; forms: Record<string, Text> }
  | { select: number; forms: Record<string, Text> }
  | { fx: Op[] };
export type Text = Fragment[];

export interface Choice {
  id: string;
  text: Text;
  slots?: Expr[];
  if?: Expr;
  locked?: Text;
  locked_slots?: Expr[];
  once?: true;
  else?: true;
  timeout?: number;
  body: Op[];
}

export interface Item {
  id: string;
  weight?: number;
  if?: Expr;
  once?: true;
  body: Op[];
}

/** An op: which fields there are depends on `op`. */
export interface Op {
  op: string;
  [field: string]: any;
}

export interface Section {
  id: string;
  label: string;
  title: string;
  body: Op[];
}

export interface Scene {
  id: string;
  title?: string;
  chapter?: string;
  enter: Op[];
  sections: Section[];
  next?: string;
  params?: string[];
  scene_variables?: string[];
}

export interface Variable {
  type: "bool" | "int" | "number" | "text" | "enum" | "set" | "label";
  default: Value;
  scope: "persistent" | "run" | "scene";
  low?: number;
  high?: number;
  values?: string[];
}

export interface Character {
  name: string;
  colour: string;
  look: { outfits?: string[]; poses?: string[]; expressions?: string[] };
}

export interface Translated {
  text: Text;
  extra?: Expr[];
}

export interface Program {
  format: 1;
  id: string;
  title: string;
  version: string;
  language: string;
  languages: string[];
  seed?: number;
  start: string;
  variables: Record<string, Variable>;
  characters: Record<string, Character>;
  scenes: Record<string, Scene>;
  plurals: Record<string, [string, Expr][]>;
  translations: Record<string, Record<string, Translated>>;
  gone: Record<string, string>;
  [other: string]: any;
}

/** A text on display: what its slots held when it was reached. */
export interface Shown {
  id: string;
  values: Value[];
  voice?: string;
}

export interface Offer {
  id: string;
  values: Value[];
  enabled: boolean;
  reason?: Value[];
}

export interface Sprite {
  what: string;
  kind: "sprite" | "prop" | "image";
  look?: Look;
  at: string | [number, number];
  z: number;
}

export interface Sound {
  name: string;
  volume?: number;
  once?: true;
}

export interface Stage {
  location?: string;
  time?: string;
  weather?: string;
  theme?: string;
  sprites: Sprite[];
  picture?: { id: string; asset: string; alt: string };
  camera?: { zoom: number; at: [number, number] };
  music?: Sound;
  ambience?: Sound;
  sfx?: Sound;
  speed?: number;
}

export interface State {
  scene: string;
  at: number;
  waiting: string | null;
  stack: { scene: string; call: string }[];
  vars: Record<string, Value>;
  counts: Record<string, number>;
  picks: Record<string, { last?: string; taken?: string[] }>;
  rng: Record<string, number[]>;
  seed: number;
  looks: Record<string, Look>;
  line: Shown | null;
  page: Shown[] | null;
  menu: { id: string; choices: Offer[] } | null;
  input: Shown | null;
  stage: Stage;
  voice?: string;
  ending?: { id: string; name: string; title: string };
}

/** What outlives a run; also the shape of a step's changes, with counts as increments. */
export interface Persistent {
  vars: Record<string, Value>;
  counts: Record<string, number>;
  endings: string[];
  unlocks: string[];
}

/** One record of a transcript. */
export interface Event {
  t: string;
  [field: string]: any;
}

export interface Step {
  state: State;
  events: Event[];
  changes: Persistent;
}

/** What a run began from: a seed or a save, with what persisted then. */
export type Origin = { persistent: Persistent } & ({ seed: number } | { saved: Save });

export interface Save {
  format: 1;
  game: string;
  version: string;
  when: string;
  at: { scene: string; id: string };
  state: Omit<State, "scene" | "at" | "waiting">;
  slots: Record<string, Expr[]>;
}

/** Rendered text. Adjacent strings are joined. */
export type Inline =
  | string
  | { tag: "em" | "strong" | "del"; children: Inline[] }
  | { tag: "ruby"; children: Inline[]; reading: string }
  | { tag: "fx"; ops: Op[] };

export interface LineView {
  id: string;
  who: string[];
  name: string;
  manner?: "whisper" | "thought" | "off";
  text: Inline[];
  voice?: string;
}

export interface ChoiceView {
  id: string;
  text: Inline[];
  enabled: boolean;
  reason?: Inline[];
  timeout?: number;
  /** Whether it was ever taken, in any run. */
  seen: boolean;
}

export interface View {
  waiting: "line" | "break" | "menu" | "input" | "over";
  scene: { name: string; id: string; title?: string; chapter?: string };
  /** What the text box shows: the line, also above a menu; null on a break. On a page: its newest. */
  line: LineView | null;
  /** The lines of the page so far, the newest last. */
  page: LineView[] | null;
  menu: { id: string; choices: ChoiceView[] } | null;
  input: { id: string; prompt: Inline[]; default?: string; max?: number } | null;
  /** As it is when all events are over, in drawing order, with every sprite's full look. */
  stage: Stage;
  ending: { id: string; name: string; title: string } | null;
}

/** A node of a linked scene: an op, where it goes on, and where its bodies begin. */
export interface Node {
  op: Op;
  next: number;
  bodies: number[];
  page: boolean;
}

export interface Linked {
  name: string;
  scene: Scene;
  nodes: Node[];
  start: number;
  labels: Map<string, number>;
  titles: Map<string, string>;
  /** Ids to nodes that flow can wait at or go on from. */
  ids: Map<string, number>;
  /** Ids to the node to go on at when something that was deleted lands on a section, choice or item. */
  ends: Map<string, number>;
}
