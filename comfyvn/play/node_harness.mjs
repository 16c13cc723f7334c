// Reads one request a line, `{task, program, …}`, and answers `{result}` or `{error}`.

import { createInterface } from "node:readline";

const runtime = process.argv[2];
const { Game, Story, canonical, keep, load, nothing, save, view } = await import(runtime);
const MOST_UNASKED = 20000;
const rng = await import(new URL("rng.js", runtime));

function answerFor(state, given) {
  if (!state.menu) return String(given);
  const enabled = state.menu.choices.filter((choice) => choice.enabled);
  return enabled[typeof given === "number" ? given % enabled.length : 0].id;
}

/** The steps of a run. When its answers run out, the last one is only the record of that. */
function* steps(story, { seed, answers, language }) {
  const persistent = nothing();
  const given = answers[Symbol.iterator]();
  let step = story.start(seed, persistent, language);
  let unasked = 0;
  for (;;) {
    yield { step, persistent };
    const { state } = step;
    if (state.waiting === null) return;
    let answer = null;
    if (state.menu || state.input) {
      const { value, done } = given.next();
      if (done) {
        yield { step: { state, events: [{ t: "waiting", id: state.waiting }] }, persistent };
        return;
      }
      answer = answerFor(state, value);
    }
    unasked = answer === null ? unasked + 1 : 0;
    if (unasked > MOST_UNASKED) {
      yield { step: { state, events: [{ t: "stuck" }] }, persistent };
      return;
    }
    keep(persistent, step.changes);
    step = story.advance(state, answer, persistent, language);
  }
}

const write = (events) => events.map((event) => `${canonical(event)}\n`).join("");

const tasks = {
  /** A transcript for each run. */
  play: (story, { runs }) =>
    runs.map((run) => [...steps(story, run)].map(({ step }) => write(step.events)).join("")),

  /** For each step of a run: its state, its view and its save. */
  trace: (story, { run, when }) =>
    [...steps(story, run)]
      .filter(({ step }) => step.changes)
      .map(({ step: { state }, persistent }) => ({
        state: canonical(state),
        view: canonical(view(story, state, persistent, run.language ?? undefined)),
        save: state.waiting === null ? null : canonical(save(story, state, when)),
      })),

  /** The same by way of `Game`, which fetches scenes; after each step it goes back, forward, and through a save. */
  game: async (story, { program, runs }) => {
    const out = [];
    const { scenes, ...rest } = program;
    for (const { seed, answers, language } of runs) {
      const loadScene = async (name) => ({ scene: scenes[name] });
      const options = { loadScene, scenes: Object.keys(scenes), language: language ?? undefined };
      const game = new Game({ ...rest, scenes: {} }, options);
      const given = answers[Symbol.iterator]();
      await game.start(seed);
      let text = write(game.events);
      for (let shown = game.view(); shown.waiting !== "over"; shown = game.view()) {
        let answer = null;
        if (shown.menu || shown.input) {
          const { value, done } = given.next();
          if (done) {
            text += write([{ t: "waiting", id: game.now.state.waiting }]);
            break;
          }
          answer = answerFor(game.now.state, value);
        }
        const before = canonical(game.now.state);
        await game.advance(answer);
        text += write(game.events);
        const after = canonical(game.now.state);
        game.back();
        if (canonical(game.now.state) !== before) throw new Error("back leads elsewhere");
        game.forward();
        if (canonical(game.now.state) !== after) throw new Error("forward leads elsewhere");
        if (game.now.state.waiting === null) continue;
        const { past } = game;
        await game.load(JSON.parse(canonical(game.save(new Date(0)))));
        game.past = past;
      }
      out.push(text);
    }
    return out;
  },

  /** Where saves lead: the state and the events of each load. */
  load: (story, { saves }) =>
    saves.map((saved) => {
      const { state, events } = load(story, saved, nothing());
      return { state: canonical(state), events: write(events) };
    }),

  /** The generator's vectors; it needs no program. */
  rng: (_, { data }) => ({
    murmur: data.murmur.map(({ text, seed }) => rng.murmur128(new TextEncoder().encode(text), seed)),
    xoshiro: data.xoshiro.map(({ state, outputs }) =>
      outputs.map(() => {
        const [output, after] = rng.next(state);
        state = after;
        return output;
      }),
    ),
    streams: data.streams.map(({ seed, name }) => rng.stream(seed, name)),
  }),
};

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    const request = JSON.parse(line);
    reply = { result: await tasks[request.task](request.program.scenes && new Story(request.program), request) };
  } catch (error) {
    reply = { error: String(error.stack) };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
