/* The screens around a paper: entry, waiting room, signing in again, receipt. Each returns what stands in <main>. */
const title = (text) => make("h1", { tabindex: "-1" }, text);
const link = (href, kind, text) => make("a", { class: kind, href: href }, text);
const button = (kind, text, click) => make("button", { type: "button", class: kind, click: click }, text);
const fact = (name, value) => [make("dt", null, name), make("dd", null, value)];
const notice = (tone, inside) => make("div", { class: "notice " + tone }, inside);
// A moment that is counted down to, second by second; `about` is the words around it.
const countdown = (about, until) => make("span", { class: "count", "data-until": until, "data-about": about });

// Whose contest this is, above a screen that does not say so itself.
const eyebrow = () => make("p", { class: "eyebrow" }, app.title);

const signInScreen = () => [
  eyebrow(),
  title(say("enter_title")),
  make("p", { class: "lead" }, say("enter_lead")),
  kept(),
  make(
    "div",
    { class: "stack" },
    link(contestPage("vao-thi/"), "main", say("enter_code")),
    link(contestPage("dang-ky/"), "plain", say("sign_up"))
  ),
];

// What lies on this phone and has not reached the server yet.
const kept = () => {
  const waiting = papersOf(app.slug, app.entrant).filter((paper) => !isOver(paper) && (paper.finished || unsent(paper).length));
  return waiting.length > 0 && notice("warn", [icon("away"), make("p", null, say("kept_here"))]);
};

const stageOf = (round, now) => (now < round.opens_at ? "before" : now < round.closes_at ? "open" : "closed");

const used = (round) =>
  round.cap ? say("attempts_of", { used: round.used, cap: round.cap }) : say("attempts_free", { used: round.used });

const receiptLine = (receipt) =>
  make(
    "p",
    { class: "last" },
    icon("tick"),
    make(
      "span",
      null,
      say("last_receipt", { time: full(receipt.submitted_at), code: receipt.code }),
      receipt.correct !== null && " · " + say("score", { correct: receipt.correct, questions: receipt.questions })
    )
  );

const actionOf = (round, stage) => {
  const local = round.open && papersOf(app.slug, app.entrant).filter((paper) => paper.attempt === round.open.attempt)[0];
  if (round.open && clock.now() < round.open.deadline_at) {
    return [
      make("p", { class: "note" }, countdown("paper_left", round.open.deadline_at)),
      local && isOpen(local) && !local.taken
        ? button("main", say("go_on"), () => openPaper(local.attempt))
        : button("main", say("go_on_here"), () => show("elsewhere", { round: round.id })),
    ];
  }
  if (stage !== "open") return null;
  if (round.cap && round.used >= round.cap) return make("p", { class: "note" }, say("none_left"));
  return [
    button("main", round.used ? say("start_again") : say("start"), () => start(round)),
    make("p", { class: "note" }, say("clock_runs", { minutes: Math.round(round.time_limit / 60), questions: round.questions })),
  ];
};

const BADGES = { before: "soon", open: "open", closed: "closed" };

const roundCard = (round) => {
  const stage = stageOf(round, clock.now());
  const prediction = round.prediction;
  return make(
    "li",
    { class: "card " + stage, "data-stage": stage },
    make(
      "div",
      { class: "card-head" },
      make("h2", null, round.title, round.dry_run && " (" + say("dry_run") + ")"),
      make("span", { class: "badge " + stage }, say("stage_" + BADGES[stage]))
    ),
    make("p", { class: "when" }, say("from_to", { from: full(round.opens_at), to: full(round.closes_at) })),
    stage === "before" && make("p", { class: "big" }, countdown("opens_in", round.opens_at)),
    stage === "open" && make("p", { class: "when" }, countdown("closes_in", round.closes_at)),
    make(
      "ul",
      { class: "facts" },
      round.questions > 0 && make("li", null, say("questions", { count: round.questions })),
      make("li", null, say("minutes", { count: Math.round(round.time_limit / 60) })),
      make("li", null, used(round))
    ),
    prediction &&
      make(
        "p",
        { class: "predict" },
        make("b", null, say("prediction") + " "),
        prediction.question,
        prediction.value !== null && " " + say("you_said", { number: grouped(prediction.value) })
      ),
    round.last && receiptLine(round.last),
    actionOf(round, stage)
  );
};

// What can be done now stands first, then what comes next.
const byUse = (one, other) => {
  const rank = (round) => ["open", "before", "closed"].indexOf(stageOf(round, clock.now()));
  return rank(one) - rank(other) || one.opens_at - other.opens_at;
};

const entryScreen = () => [
  title(app.now.contest.title),
  make("p", { class: "who" }, app.now.entrant.name + " · " + app.now.entrant.number),
  kept(),
  app.now.rounds.length
    ? make("ul", { class: "cards" }, app.now.rounds.slice().sort(byUse).map(roundCard))
    : make("p", { class: "lead" }, say("no_rounds")),
  make("p", { class: "more" }, link(contestPage("the-le/"), "", say("rules")), " · ", link(contestPage(), "", say("contest_page"))),
];

const waitScreen = (facts) => [
  make("div", { class: "calm" },
    eyebrow(),
    title(say("waiting_title")),
    facts.position && make("p", { class: "position" }, say("your_place"), " ", make("b", null, grouped(facts.position))),
    make("p", { class: "lead" }, say("waiting_lead")),
    make("p", { class: "pulse", "aria-hidden": "true" }, make("i"), make("i"), make("i")),
    button("plain", say("leave_queue"), leaveQueue)),
];

const elsewhereScreen = (facts) => [
  eyebrow(),
  title(say("elsewhere_title")),
  make("p", { class: "lead" }, say("elsewhere_lead")),
  make("div", { class: "stack" },
    button("main", say("go_on_here"), () => resume(facts.round)),
    button("plain", say("not_now"), () => load())),
];

const troubleScreen = (facts) => [
  eyebrow(),
  title(facts.title || say("trouble_title")),
  make("p", { class: "lead" }, facts.message || say("trouble_lead")),
  make("div", { class: "stack" },
    button("main", say("try_again"), facts.again || (() => load())),
    facts.again && button("plain", say("to_entry"), () => load())),
];

const receiptScreen = (facts) => {
  const receipt = facts.receipt;
  const round = app.now && app.now.rounds.filter((one) => one.id === facts.round)[0];
  const left = round && round.cap ? round.cap - Math.max(round.used, receipt.number) : null;
  return [
    facts.note && notice("warn", [icon("clock"), make("p", null, facts.note)]),
    make("section", { class: "receipt" },
      make("div", { class: "seal" }, icon("tick")),
      title(say("recorded_at", { time: moment(receipt.submitted_at).seconds })),
      make("p", { class: "code" }, say("paper_code"), make("b", null, receipt.code)),
      receipt.correct === null
        ? make("p", { class: "lead" }, say("score_later"))
        : make("p", { class: "score" }, make("b", null, receipt.correct + "/" + receipt.questions), " ", say("right_answers")),
      make("dl", { class: "lines" },
        fact(say("answered"), receipt.answered + "/" + receipt.questions),
        fact(say("time_taken"), lasting(receipt.duration_ms)),
        fact(say("attempt_number"), receipt.number),
        fact(say("day"), moment(receipt.submitted_at).day))),
    make("p", { class: "note" }, say("keep_code"),
      left !== null && " " + (left > 0 ? say("left_in_round", { left: left }) : say("none_left"))),
    make("div", { class: "stack" },
      button("main", say("to_entry"), () => load()),
      link(contestPage("tra-cuu/"), "plain", say("find_result"))),
  ];
};

// A paper that is done but has not reached the server: said plainly, and kept.
const sendingScreen = (facts) => {
  const paper = paperOf(facts.attempt);
  const until = paper.deadline_at + paper.grace_ms;
  const late = clock.now() > until;
  const failing = outbox.state === "failing" || outbox.state === "signed_out";
  return [
    make("div", { class: "calm" },
      title(failing ? say("not_sent_title") : say("sending_title")),
      failing && notice("warn", [icon("hand"), make("div", null,
        make("p", null, say("not_sent_kept")),
        make("p", null, make("b", null, late ? say("too_late_to_send") : say("counts_until", { time: moment(until).seconds }))))]),
      make("p", { class: "lead" }, outbox.state === "signed_out" ? say("sign_in_to_send") : failing ? say("sends_itself") : say("sending_lead")),
      outbox.state === "signed_out" && link(contestPage("vao-thi/"), "main", say("enter_code")),
      failing && button("plain", say("send_now"), () => outbox.poke(0))),
  ];
};
