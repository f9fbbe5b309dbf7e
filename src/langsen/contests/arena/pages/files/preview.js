/* Stands in for `outside.js` in a preview: the page answers itself, from one sample paper; nothing leaves or is kept. */
const SAMPLE = JSON.parse(document.getElementById("sample").textContent);
const SAMPLE_ANSWERS_MS = 150;
const desk = { paper: null, used: 0, last: null, prediction: null };

const contestPage = (rest) => (SAMPLE.public_pages ? SAMPLE.public_pages + (rest || "") : SAMPLE.office_page);
const openShelf = () => null;
const reachLeaving = () => {};
const keepThisPage = () => {};

const sampleRound = () => {
  const asks = SAMPLE.round.prediction;
  return Object.assign({}, SAMPLE.round, {
    state: "open",
    used: desk.used,
    prediction: asks && { question: asks, value: desk.prediction },
    open: desk.paper && { attempt: desk.paper.attempt, deadline_at: desk.paper.deadline_at },
    last: desk.last,
  });
};

const sampleStart = (asked) => {
  const now = Date.now();
  const blank = SAMPLE.questions.map(() => 0);
  desk.used += 1;
  desk.paper = {
    token: "", attempt: asked.attempt, round: SAMPLE.round.id, number: desk.used, lease: 1, started_at: now,
    deadline_at: now + SAMPLE.round.time_limit * 1000, grace_ms: SAMPLE.grace_ms, now: now,
    questions: SAMPLE.questions, answers: blank.slice(), seqs: blank.slice(),
  };
  return { paper: desk.paper };
};

const sampleSave = (sent) => {
  for (const one of sent.answers) {
    desk.paper.answers[one[0] - 1] = one[1];
    desk.paper.seqs[one[0] - 1] = one[2];
  }
  return { saved: sent.answers.map((one) => [one[0], one[2]]), now: Date.now() };
};

const sampleSubmit = (sent) => {
  const paper = desk.paper;
  sampleSave(sent);
  desk.paper = null;
  if (sent.prediction !== null) desk.prediction = sent.prediction;
  desk.last = {
    attempt: paper.attempt, code: SAMPLE.code, number: paper.number, submitted_at: Date.now(),
    duration_ms: Date.now() - paper.started_at, answered: paper.answers.filter(Boolean).length,
    questions: paper.questions.length, correct: null,
  };
  return { receipt: desk.last, message: SAMPLE.done, now: Date.now() };
};

const sampleNow = () => ({ now: Date.now(), entrant: SAMPLE.entrant, contest: SAMPLE.contest, rounds: [sampleRound()] });

const SAMPLE_ANSWERS = { start: sampleStart, save: sampleSave, submit: sampleSubmit };

// What comes back is a copy, as it would be from a server.
const reach = (path, body) =>
  new Promise((done) => setTimeout(done, SAMPLE_ANSWERS_MS)).then(() => {
    const answer = SAMPLE_ANSWERS[path] ? SAMPLE_ANSWERS[path](body) : sampleNow();
    return { ok: true, status: 200, body: JSON.parse(JSON.stringify(answer)) };
  });

