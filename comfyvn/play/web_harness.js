// A player with quick fingers: reads by the events the player tells, answers what it is asked.
// Put into the page before it loads; never part of a site.
(() => {
  const answers = JSON.parse("$answers");
  const records = [];
  const play = (window.comfyvnPlay = { records, done: false });
  let asked = null;

  document.addEventListener("vn:record", ({ detail }) => {
    records.push(detail);
    asked = null;
  });
  document.addEventListener("vn:wait", ({ detail }) => {
    if (detail === "over") play.done = true;
    else if (detail === "menu" || detail === "input") asked = detail;
  });

  const answer = () => {
    const kind = asked;
    asked = null;
    const box = document.getElementById("choices");
    if (!answers.length) {
      const id = kind === "menu" ? records.findLast((record) => record.t === "menu").id : box.querySelector("form").dataset.id;
      records.push({ t: "waiting", id });
      play.done = true;
      return;
    }
    const given = answers.shift();
    if (kind === "menu") {
      const cards = [...box.querySelectorAll(".choice:not([aria-disabled])")];
      cards[typeof given === "number" ? given % cards.length : 0].click();
      return;
    }
    const field = box.querySelector("input");
    field.value = String(given);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.form.requestSubmit();
  };

  // Messages come sooner than timers, which a page may run only every few milliseconds.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    if (play.done) return;
    if (document.body?.dataset.screen === "title") document.querySelector("[data-item=start]")?.click();
    else if (asked) answer();
    else if (document.getElementById("choices")?.hidden) document.getElementById("next").click();
    setTimeout(() => port2.postMessage(0), document.body?.dataset.screen === "title" ? 20 : 0);
  };
  addEventListener("load", () => port2.postMessage(0));
})();
