/* What this phone keeps: the papers with everything not yet sent, and the server's time. */
const memory = {};
const shelf = openShelf();

const recall = (key) => {
  try {
    const text = key in memory || !shelf ? memory[key] : shelf.getItem(key);
    return text ? JSON.parse(text) : null;
  } catch (broken) {
    return null;
  }
};
const keep = (key, value) => {
  const text = JSON.stringify(value);
  memory[key] = text;
  try {
    if (shelf) {
      shelf.setItem(key, text);
      delete memory[key];
    }
  } catch (full) {
    // no room left on the phone: the copy in memory still goes to the server
  }
};
const forget = (key) => {
  delete memory[key];
  if (shelf) shelf.removeItem(key);
};
const keysFrom = (prefix) => {
  const found = Object.keys(memory);
  for (let at = 0; shelf && at < shelf.length; at += 1) found.push(shelf.key(at));
  return found.filter((key, at) => key.indexOf(prefix) === 0 && found.indexOf(key) === at);
};

/* The server's clock. The phone's own may be wrong or be changed while people write; only its steady count is used,
   and after a reload without a network a guess that nobody is handed in by (`sure` is false). */
const clock = {
  sure: false,
  base: null,
  set(now, sentAt) {
    const received = performance.now();
    clock.base = now + (received - (sentAt || received)) / 2 - received;
    clock.phone = Date.now() - received;
    clock.sure = true;
    keep("thi:clock", { server: clock.now(), phone: Date.now() });
  },
  now() {
    if (clock.base !== null) return clock.base + performance.now();
    const last = recall("thi:clock");
    return last ? last.server + Math.max(0, Date.now() - last.phone) : Date.now();
  },
  // A phone that slept, or whose clock was set: the steady count and the phone's clock no longer agree.
  strayed() {
    return clock.base !== null && Math.abs(Date.now() - performance.now() - clock.phone) > 3000;
  },
};

/* Papers. `seqs[i]` counts the changes of place i + 1, `acked[i]` is the last of them the server has said it holds. */
const PAPER = "thi:paper:";
const paperOf = (attempt) => recall(PAPER + attempt);
const keepPaper = (paper) => keep(PAPER + paper.attempt, paper);

const papersOf = (slug, entrant) =>
  keysFrom(PAPER)
    .map(recall)
    .filter((paper) => paper && paper.slug === slug && (entrant === null || paper.entrant === entrant))
    .sort((one, other) => other.started_at - one.started_at);

const unsent = (paper) => {
  const found = [];
  paper.seqs.forEach((seq, at) => {
    if (seq > paper.acked[at]) found.push([at + 1, paper.answers[at], seq]);
  });
  return found;
};
const isOver = (paper) => Boolean(paper.receipt || paper.lost);
const isOpen = (paper) => !isOver(paper) && !paper.finished;
const unanswered = (paper) => paper.answers.map((mask, at) => (mask ? 0 : at + 1)).filter(Boolean);

// Read, change, write in one go, so that two windows on one paper do not undo each other.
const changePaper = (attempt, change) => {
  const paper = paperOf(attempt);
  if (!paper) return null;
  change(paper);
  keepPaper(paper);
  return paper;
};

const choose = (attempt, place, mask) =>
  changePaper(attempt, (paper) => {
    paper.answers[place - 1] = mask;
    paper.seqs[place - 1] = Math.max.apply(null, paper.seqs) + 1;
  });

// Take a paper as the server gives it. What waits here unsent stays, unless another device has changed that place since.
const adopt = (sent, about) => {
  const before = paperOf(sent.attempt);
  const paper = {
    slug: about.slug, entrant: about.entrant, title: about.title, predicts: about.predicts,
    attempt: sent.attempt, round: sent.round, number: sent.number, token: sent.token, lease: sent.lease,
    started_at: sent.started_at, deadline_at: sent.deadline_at, grace_ms: sent.grace_ms || 0, questions: sent.questions,
    answers: sent.answers.slice(), seqs: sent.seqs.slice(), acked: sent.seqs.slice(),
    at: 1, prediction: about.prediction, finished: null, receipt: null, taken: false, lost: null,
  };
  if (before) {
    paper.at = before.at;
    paper.prediction = before.prediction;
    paper.finished = before.finished;
    before.seqs.forEach((seq, at) => {
      if (seq > before.acked[at] && sent.seqs[at] <= before.acked[at]) {
        paper.answers[at] = before.answers[at];
        paper.seqs[at] = Math.max(seq, sent.seqs[at] + 1);
      }
    });
  }
  keepPaper(paper);
  return paper;
};

// A handed-in paper leaves its receipt here, not its questions; and what did not arrive in time is named.
const settle = (attempt, receipt, note) =>
  changePaper(attempt, (paper) => {
    const late = unsent(paper).map((one) => one[0]);
    paper.note = note && late.length ? note + " " + say("not_counted", { places: late.join(", ") }) : note;
    paper.receipt = receipt;
    paper.questions = [];
  });

const tidy = () => {
  for (const key of keysFrom(PAPER)) {
    const paper = recall(key);
    if (!paper || (isOver(paper) && clock.now() - paper.deadline_at > 30 * 86400000)) forget(key);
  }
};
