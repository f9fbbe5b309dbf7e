/* What stands on the screen, and the ways between the screens. */
const main = document.getElementById("content");
const sizes = document.querySelector(".sizes");
const spoken = document.getElementById("spoken");

const app = {
  slug: document.body.getAttribute("data-slug"),
  title: document.title,
  screen: null, facts: {}, now: null, entrant: null,
  // What the server says of this contest and this entrant.
  hear(now) {
    app.now = now;
    app.entrant = now.entrant.number;
    keep("thi:entrant:" + app.slug, app.entrant);
    for (const round of now.rounds) {
      if (round.open) changePaper(round.open.attempt, (paper) => (paper.deadline_at = round.open.deadline_at));
    }
  },
};

const SCREENS = {
  entry: entryScreen, wait: waitScreen, elsewhere: elsewhereScreen, sign_in: signInScreen, trouble: troubleScreen,
  paper: paperScreen, review: reviewScreen, sending: sendingScreen, receipt: receiptScreen,
};
const BACK_FROM = { paper: "entry", review: "paper" };

const announce = (text) => write(spoken, text);

const draw = (focus) => {
  const before = document.activeElement;
  fill(empty(main), SCREENS[app.screen](app.facts));
  document.body.className = "on-" + app.screen;
  if (app.screen === "paper") redrawPaper(paperOf(app.facts.attempt));
  if (app.screen === "review") redrawStatus(paperOf(app.facts.attempt));
  tick();
  const heading = main.querySelector("h1").textContent;
  document.title = heading === app.title ? heading : heading + " – " + app.title;
  const target = focus && main.querySelector(focus);
  if (target) target.focus();
  else if (before && before !== document.body && !document.contains(before)) main.focus();
};

const show = (screen, facts, focus) => {
  const deeper = BACK_FROM[screen] && screen !== app.screen;
  const returning = BACK_FROM[app.screen] === screen;
  app.screen = screen;
  app.facts = facts || {};
  if (deeper && !returning) history.pushState({ screen: screen }, "");
  draw(focus || "h1");
  window.scrollTo(0, 0);
};

// The phone's own way back leaves the last look for the paper, and the paper for the entry page; answers stay.
addEventListener("popstate", () => {
  if (app.screen === "review") show("paper", app.facts, "#question");
  else if (app.screen === "paper") load();
});

const startAgainLater = (answer, round, again) => {
  const body = answer.body;
  const pause = (body.retry_ms || 3000) + Math.random() * 1000;
  if (body.error === "wait") {
    queue.keep(body, round.id);
    const position = app.screen === "wait" && main.querySelector(".position b");
    app.facts = { position: body.position };
    if (position) write(position, grouped(body.position));
    else show("wait", app.facts);
  } else if (app.screen !== "wait") show("wait", {});
  queue.timer = setTimeout(again, pause);
};

// The place in the queue outlives a page that is loaded again.
const queue = {
  timer: null,
  keep(told, round) {
    keep("thi:place:" + app.entrant, { place: told.place, position: told.position, round: round, at: clock.now() });
  },
  kept() {
    const held = recall("thi:place:" + app.entrant);
    return held && clock.now() - held.at < 120000 ? held : null;
  },
  add(asked) {
    const held = queue.kept();
    if (held && held.round === asked.round) asked.place = held.place;
    return asked;
  },
  leave() {
    clearTimeout(queue.timer);
    forget("thi:place:" + app.entrant);
  },
};
const leaveQueue = () => {
  queue.leave();
  load();
};

// A v4 UUID made here, so that a retry finds its own paper.
const newId = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.prototype.map.call(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

// A number drawn once on this device; the rules page says what it is for and how long it is kept.
const device = () => {
  const known = recall("thi:device");
  if (known) return known;
  const drawn = crypto.getRandomValues(new Uint32Array(2));
  const made = (drawn[0] % 1048576) * 4294967296 + drawn[1];
  keep("thi:device", made);
  return made;
};

const about = (round) => ({
  slug: app.slug, entrant: app.entrant, title: round.title,
  predicts: round.prediction && round.prediction.question, prediction: round.prediction ? round.prediction.value : null,
});

const roundOf = (id) => app.now.rounds.filter((round) => round.id === id)[0];

const start = (round) => {
  const wish = "thi:start:" + app.entrant + ":" + round.id;
  const attempt = recall(wish) || newId();
  keep(wish, attempt);
  const asked = { round: round.id, attempt: attempt, phone: /Mobi|Android|iPhone/.test(navigator.userAgent), device: device() };
  lock();
  return call("start", queue.add(asked)).then((answer) => begun(answer, round, wish, () => start(round)));
};

const resume = (id) => {
  const round = roundOf(id);
  lock();
  return call("resume", queue.add({ round: id })).then((answer) => begun(answer, round, null, () => resume(id)));
};

const lock = () => {
  for (const one of main.querySelectorAll("button")) if (app.screen !== "wait") one.disabled = true;
};

const begun = (answer, round, wish, again) => {
  const body = answer.body;
  if (answer.ok) {
    queue.leave();
    if (wish) forget(wish);
    adopt(body.paper, about(round));
    return openPaper(body.paper.attempt);
  }
  if (answer.status === 401) return show("sign_in");
  if (answer.status === 503 || answer.status === 429) return startAgainLater(answer, round, again);
  if (answer.status === 0) return show("trouble", { title: say("no_network"), message: say("no_network_lead"), again: again });
  if (wish) forget(wish); // a used-up id would find its old paper for ever
  if (body.error === "open_paper") return show("elsewhere", { round: round.id });
  if (body.error === "finished" && body.receipt) return show("receipt", { receipt: body.receipt, round: round.id });
  return show("trouble", { message: body.message, again: () => load() });
};

const openPaper = (attempt) => {
  called = {};
  show("paper", { attempt: attempt }, "#question");
  outbox.poke(0);
};

const handIn = (attempt) => {
  changePaper(attempt, (paper) => (paper.finished = paper.finished || clock.now()));
  show("sending", { attempt: attempt });
  outbox.poke(0);
};

// What the outbox has done shows on whatever screen stands.
outbox.onChange = () => {
  const paper = app.facts.attempt && paperOf(app.facts.attempt);
  if (!paper) {
    if (app.screen === "entry" && Boolean(kept()) !== Boolean(main.querySelector(".notice"))) draw();
  } else if (paper.receipt) {
    if (["paper", "review", "sending"].indexOf(app.screen) < 0) return;
    call(app.slug + "/now").then((answer) => {
      if (answer.ok) app.hear(answer.body);
      show("receipt", { receipt: paper.receipt, round: paper.round, note: paper.note });
    });
  } else if (paper.taken) show("elsewhere", { round: paper.round });
  else if (paper.lost) show("trouble", { title: say("lost_title"), message: paper.lost });
  else if (app.screen === "paper") redrawPaper(paper);
  else if (app.screen === "review") redrawStatus(paper);
  else if (app.screen === "sending") draw("h1");
};

/* Every second: the countdowns, the time left, and the end of it. */
const LAST_CALLS = [[300000, "five_minutes"], [60000, "one_minute"]];
let called = {};

// Time may have been granted while nothing was saved: asked once before the end, not by all at the same moment.
let lastLook = null;
const lookBeforeTheEnd = (paper, left) => {
  if (lastLook === null || lastLook.deadline_at !== paper.deadline_at) {
    lastLook = { deadline_at: paper.deadline_at, at: 15000 + Math.random() * 30000 };
  }
  if (left > lastLook.at || left < 5000) return;
  lastLook.at = 0;
  refresh();
};

const tickPaper = (element) => {
  const paper = paperOf(element.getAttribute("data-attempt"));
  if (!paper) return;
  const left = paper.deadline_at - clock.now();
  lookBeforeTheEnd(paper, left);
  write(element, (clock.sure ? "" : "≈ ") + lasting(left));
  element.parentNode.classList.toggle("late", left <= 60000);
  for (const one of LAST_CALLS) {
    if (left <= one[0] && left > one[0] - 15000 && !called[one[1]]) {
      called[one[1]] = true;
      announce(say(one[1]));
    }
  }
  if (left <= 0 && clock.sure && !clock.strayed()) {
    announce(say("time_up"));
    handIn(paper.attempt);
  }
};

const tick = () => {
  for (const one of document.querySelectorAll("[data-until]")) {
    write(one, say(one.getAttribute("data-about"), { time: lasting(Number(one.getAttribute("data-until")) - clock.now()) }));
  }
  for (const one of document.querySelectorAll("[data-attempt]")) tickPaper(one);
};

// Rounds open and close on the page by the server's clock, without asking the server at the opening.
const stagesChanged = () =>
  app.screen === "entry" && app.now &&
  app.now.rounds.slice().sort(byUse).some((round, at) => {
    const card = main.querySelectorAll("[data-stage]")[at];
    return !card || card.getAttribute("data-stage") !== stageOf(round, clock.now());
  });

const everySecond = () => {
  if (clock.strayed()) refresh();
  if (stagesChanged()) draw();
  tick();
};

let asked = -60000;
// Ask the server for the time and the rounds again, at most every ten seconds.
const refresh = () => {
  if (performance.now() - asked < 10000) return;
  asked = performance.now();
  call(app.slug + "/now").then((answer) => {
    if (!answer.ok) return;
    app.hear(answer.body);
    if (app.screen === "entry") draw();
  });
};
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  refresh();
  outbox.poke(0);
});

// The first screen: the paper under way if it lies here, else the entry page; without a network what is kept.
const NOBODY = { ok: false, status: 401, body: {} };
const load = () => {
  const known = document.body.getAttribute("data-known") === "yes";
  asked = performance.now();
  return (known ? call(app.slug + "/now") : Promise.resolve(NOBODY)).then((answer) => {
    if (answer.ok) app.hear(answer.body);
    else app.entrant = app.entrant || recall("thi:entrant:" + app.slug);
    const mine = app.entrant ? papersOf(app.slug, app.entrant).filter((paper) => !isOver(paper) && !paper.taken) : [];
    const done = mine.filter((paper) => paper.finished)[0];
    const open = mine.filter((paper) => isOpen(paper) && (!answer.ok || isStillOpen(answer.body, paper)))[0];
    outbox.poke(0);
    if (done) return show("sending", { attempt: done.attempt });
    if (answer.status === 401) return show("sign_in");
    if (open && app.screen === null) return openPaper(open.attempt);
    if (answer.ok) return queued() || show("entry");
    const again = answer.body.retry_ms;
    if (again) setTimeout(() => app.screen === "trouble" && load(), jitter(again));
    return show("trouble", answer.status ? { message: answer.body.message } : { title: say("no_network"), message: say("no_network_lead") });
  });
};
const queued = () => {
  const held = app.screen === null && queue.kept();
  const round = held && roundOf(held.round);
  if (!round) return null;
  show("wait", { position: held.position });
  return round.open ? resume(round.id) : start(round);
};
const isStillOpen = (now, paper) => now.rounds.some((round) => round.open && round.open.attempt === paper.attempt);

/* Letters as large as wanted, remembered here as on the rest of the site. */
const SIZES = ["normal", "large", "larger", "largest"];
const resize = (step) => {
  const now = Math.max(0, SIZES.indexOf(document.documentElement.getAttribute("data-text")));
  const wanted = SIZES[step === 0 ? 0 : Math.min(SIZES.length - 1, Math.max(0, now + step))];
  document.documentElement.setAttribute("data-text", wanted);
  keep("thi:text", wanted);
};
document.addEventListener("click", (event) => {
  const step = event.target.getAttribute && event.target.getAttribute("data-step");
  if (step) resize(Number(step));
});
if (recall("thi:text")) document.documentElement.setAttribute("data-text", recall("thi:text"));

document.documentElement.classList.add("scripted");
tidy();
load();
setInterval(everySecond, 1000);
addEventListener("storage", (event) => {
  if (event.key && event.key.indexOf(PAPER) === 0) outbox.onChange();
});
addEventListener("load", keepThisPage); // once everything stands, so that it takes nothing from the first visit
