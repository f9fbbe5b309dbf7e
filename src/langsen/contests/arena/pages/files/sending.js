/* Talking to the arena, and the outbox: nothing is called saved before the server has said so. */
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const jitter = (ms) => ms * (0.5 + Math.random());

// Resolves to {ok, status, body}; status 0 is a connection that failed. Never rejects.
const call = (path, body) => {
  const sentAt = performance.now();
  const answered = reach(path, body).then((answer) => {
    const now = answer.body.now || (answer.body.paper && answer.body.paper.now);
    if (now) clock.set(now, sentAt);
    return answer;
  });
  const tooLong = wait(20000).then(() => ({ ok: false, status: 0, body: {} }));
  return Promise.race([answered, tooLong]).catch(() => ({ ok: false, status: 0, body: {} }));
};

const outbox = {
  state: "idle", // idle, sending, failing, signed_out
  failures: 0,
  timer: null,
  busy: false,
  onChange: () => {},

  // Send soon; the answers ticked meanwhile go along.
  poke(delay) {
    clearTimeout(outbox.timer);
    outbox.timer = setTimeout(outbox.run, delay === undefined ? 250 : delay);
  },

  next() {
    if (!app.entrant) return null;
    const waiting = papersOf(app.slug, app.entrant).filter((paper) => !isOver(paper) && !paper.taken);
    return waiting.filter((paper) => paper.finished)[0] || waiting.filter((paper) => unsent(paper).length)[0] || null;
  },

  run() {
    if (outbox.busy) return outbox.poke();
    const paper = outbox.next();
    if (!paper) return outbox.tell("idle");
    outbox.busy = true;
    if (outbox.state !== "failing") outbox.tell("sending");
    const sent = { token: paper.token, answers: unsent(paper) };
    if (paper.finished) sent.prediction = paper.prediction;
    return call(paper.finished ? "submit" : "save", sent).then((answer) => {
      outbox.busy = false;
      outbox.heard(paper.attempt, answer);
    });
  },

  heard(attempt, answer) {
    const body = answer.body;
    if (answer.ok) {
      outbox.failures = 0;
      if (body.receipt) settle(attempt, body.receipt, body.message || "");
      else {
        changePaper(attempt, (paper) => {
          body.saved.forEach((one) => outbox.acknowledge(paper, one));
          paper.deadline_at = body.deadline_at || paper.deadline_at; // extra time may have been granted
        });
      }
      outbox.tell("idle");
      if (outbox.next()) outbox.poke(0);
      return;
    }
    if (body.error === "finished") settle(attempt, body.receipt, body.message);
    else if (body.error === "too_late") return outbox.cameLate(attempt, body);
    else if (body.error === "taken_over") changePaper(attempt, (paper) => (paper.taken = true));
    else if ([400, 403, 404, 413].indexOf(answer.status) >= 0)
      changePaper(attempt, (paper) => (paper.lost = body.message || say("lost")));
    else return outbox.again(answer);
    outbox.tell("idle");
    if (outbox.next()) outbox.poke(0);
  },

  acknowledge(paper, one) {
    const at = one[0] - 1;
    paper.acked[at] = Math.max(paper.acked[at], one[1]);
    paper.last = one[0];
  },

  again(answer) {
    outbox.failures += 1;
    const told = answer.body.retry_ms;
    const pause = told || Math.min(30000, 1000 * Math.pow(2, outbox.failures - 1));
    outbox.tell(answer.status === 401 ? "signed_out" : "failing");
    outbox.poke(told ? told + Math.random() * 1000 : jitter(pause));
  },

  // The server has handed in what it held when time was up; its receipt is the paper's.
  cameLate(attempt, body) {
    if (body.receipt) {
      settle(attempt, body.receipt, body.message);
      return outbox.tell("idle");
    }
    return call(app.slug + "/now").then((answer) => {
      if (!answer.ok) return outbox.again(answer);
      app.hear(answer.body);
      const receipts = answer.body.rounds.map((round) => round.last);
      const own = receipts.filter((receipt) => receipt && receipt.attempt === attempt)[0];
      if (own) settle(attempt, own, body.message);
      else changePaper(attempt, (paper) => (paper.lost = body.message || say("lost")));
      return outbox.tell("idle");
    });
  },

  tell(state) {
    outbox.state = state;
    outbox.onChange();
  },
};

// Last chance when the page goes away; whatever happens to it, the answers stay kept and are sent at the next visit.
addEventListener("pagehide", () => {
  const paper = outbox.next();
  if (paper && !paper.finished) reachLeaving("save", { token: paper.token, answers: unsent(paper) });
});
addEventListener("online", () => outbox.poke(Math.random() * 1000));
