// Answers one JSON request a line: what the bridge's modules without DOM make of it.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = pathToFileURL(process.argv[2]).href;
const { Game, canonical } = await import(`${folder}/runtime/index.js`);
const { replay, routeOf } = await import(`${folder}/dev/replay.js`);
const { patched } = await import(`${folder}/dev/patch.js`);

const open = (program, persistent) => new Game(structuredClone(program), { persistent });

/** Play some steps; an answer is the number of a choice, or a text. */
async function play(program, seed, answers, steps) {
  const game = open(program);
  game.limit = Infinity;
  await game.start(seed);
  for (let i = 0; i < steps && game.now.state.waiting !== null; i++) {
    const { menu, input } = game.now.state;
    const given = answers[i % answers.length];
    const open = menu?.choices.filter((choice) => choice.enabled);
    await game.advance(open ? open[given % open.length].id : input ? `name ${given}` : null);
  }
  return game;
}

const tasks = {
  patched: ({ old, patch }) => patched(old, patch),
  async replay({ program, next, seed, answers, steps }) {
    const game = await play(program, seed, answers, steps);
    const route = JSON.parse(JSON.stringify(routeOf(game)));
    const known = (scene, id) => game.story.linked.get(scene)?.ids.has(id) ?? scene in program.scenes;
    const found = await replay(route, (persistent) => open(next, persistent), known);
    return {
      was: game.now.state.waiting,
      is: found.game.now.state.waiting,
      route: route.steps.map(({ id }) => id),
      passed: found.game.past.length,
      blocked: found.blocked,
      deleted: found.deleted,
      before: canonical([game.now, game.past, game.persistent]),
      after: canonical([found.game.now, found.game.past, found.game.persistent]),
    };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const { task, ...fields } = JSON.parse(line);
  let reply;
  try {
    reply = { result: (await tasks[task](fields)) ?? null };
  } catch (error) {
    reply = { error: error.stack };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
