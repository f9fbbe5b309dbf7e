/* The paper: one question at a time, the strip of numbers, and the last look before handing in. */
const LETTERS = "ABCDEFGHIJ";
const parts = {}; // what is redrawn in place while a question stands

const answeredAll = (paper) => unanswered(paper).length === 0;

const strip = (paper) =>
  make("nav", { class: "strip", "aria-label": say("questions_title") },
    make("h2", { "aria-hidden": "true" }, say("questions_title")),
    make("ol", null, paper.questions.map((_question, at) =>
      make("li", null, make("button", { type: "button", "data-place": at + 1, click: () => goTo(at + 1) }, at + 1)))),
    make("p", { class: "key", "aria-hidden": "true" },
      make("i", { class: "done" }), say("key_done"), make("i"), say("key_open")),
    sizes.cloneNode(true)); // the frame's own are out of sight while a paper is written

const redrawStrip = (paper) => {
  for (const one of document.querySelectorAll("[data-place]")) {
    const place = Number(one.getAttribute("data-place"));
    const done = paper.answers[place - 1] !== 0;
    const late = paper.seqs[place - 1] > paper.acked[place - 1] && outbox.failures > 0;
    one.className = (done ? "done" : "") + (late ? " late" : "");
    one.setAttribute("aria-label", say("question_n", { n: place }) + ", " + say(done ? "is_answered" : "is_open") + (late ? ", " + say("is_unsaved") : ""));
    if (place === paper.at) one.setAttribute("aria-current", "step");
    else one.removeAttribute("aria-current");
  }
};

const statusOf = (paper) => {
  const waiting = unsent(paper).length;
  if (outbox.state === "signed_out" && waiting) return ["bad", say("signed_out")];
  if (outbox.state === "failing" && waiting) return ["bad", say("not_saved")];
  if (waiting) return ["busy", say("saving")];
  if (paper.last) return ["ok", say("saved_n", { n: paper.last })];
  return ["", paper.answers.some(Boolean) ? say("saved_all") : say("saves_itself")];
};

// On the screen at once; spoken only when it matters and has settled.
const redrawStatus = (paper) => {
  const status = statusOf(paper);
  parts.status.className = "status " + status[0];
  if (outbox.state === "signed_out" && status[0] === "bad") fill(empty(parts.status), [link(contestPage("vao-thi/"), "", status[1])]);
  else write(parts.status, status[1]);
  if (status[0] === "ok" || status[0] === "bad") announce(status[1]);
};

const redrawChoice = (paper) => {
  const mask = paper.answers[paper.at - 1];
  for (const field of document.querySelectorAll(".option input")) {
    const on = Boolean(mask & (1 << Number(field.value)));
    field.checked = on;
    field.parentNode.classList.toggle("on", on);
  }
};

const pick = (paper) => {
  let mask = 0;
  for (const field of document.querySelectorAll(".option input")) if (field.checked) mask |= 1 << Number(field.value);
  const changed = choose(paper.attempt, paper.at, mask);
  redrawChoice(changed);
  redrawStrip(changed);
  outbox.poke();
  redrawStatus(changed);
};

const optionsOf = (paper, question) =>
  make("div", { class: "options", role: question.kind === "single" ? "radiogroup" : "group", "aria-labelledby": "question" },
    question.options.map((text, at) =>
      make("label", { class: "option" },
        make("input", { type: question.kind === "single" ? "radio" : "checkbox", name: "answer", value: at, change: () => pick(paper) }),
        make("b", { "aria-hidden": "true" }, LETTERS[at]),
        make("span", null, text))));

const paperScreen = (facts) => {
  const paper = paperOf(facts.attempt);
  const question = paper.questions[paper.at - 1];
  const last = paper.at === paper.questions.length;
  parts.status = make("p", { class: "status" });
  parts.left = make("span", { class: "left", role: "timer", "data-attempt": paper.attempt });
  return [
    make("header", { class: "paper-head" },
      make("div", null,
        make("h1", null, paper.title + " · " + say("question_of", { n: paper.at, count: paper.questions.length })),
        parts.status),
      make("div", { class: "clock" }, make("span", { class: "hidden" }, say("time_left") + " "), parts.left),
      make("div", { class: "progress", "aria-hidden": "true" }, make("i"))),
    make("div", { class: "paper" },
      make("section", { class: "question" },
        make("h2", { id: "question", tabindex: "-1" },
          make("span", { class: "hidden" }, say("question_of", { n: paper.at, count: paper.questions.length }) + ": "),
          question.text),
        question.kind === "multiple" && make("p", { class: "hint" }, say("several")),
        optionsOf(paper, question)),
      strip(paper)),
    make("div", { class: "foot" },
      make("div", null,
        make("button", { type: "button", class: "plain back", "aria-label": say("previous"), disabled: paper.at === 1, click: () => goTo(paper.at - 1) }, icon("left")),
        button(last ? "main" : "plain", say("hand_in"), () => show("review", { attempt: paper.attempt })),
        !last && make("button", { type: "button", class: "main", click: () => goTo(paper.at + 1) }, say("next"), icon("right")))),
  ];
};

const redrawPaper = (paper) => {
  redrawChoice(paper);
  redrawStrip(paper);
  redrawStatus(paper);
  const bar = document.querySelector(".progress i");
  const done = paper.questions.length - unanswered(paper).length;
  if (bar) bar.style.width = (100 * done) / paper.questions.length + "%";
};

const goTo = (place) => {
  changePaper(app.facts.attempt, (paper) => (paper.at = place));
  show("paper", app.facts, "#question");
};

const predictionField = (paper) => {
  if (!paper.predicts) return null;
  const field = make("input", {
    id: "prediction", inputmode: "numeric", autocomplete: "off", maxlength: 15, "aria-describedby": "prediction-error",
    value: paper.prediction === null ? "" : grouped(paper.prediction),
    input: () => predicted(paper.attempt, field),
  });
  return make("div", { class: "ask" }, make("label", { for: "prediction" }, make("b", null, say("prediction")), " ", paper.predicts),
    field, make("p", { id: "prediction-error", class: "error", role: "alert" }));
};

const predicted = (attempt, field) => {
  const digits = field.value.replace(/[\s.,]/g, "");
  const good = /^\d{0,12}$/.test(digits);
  write(document.getElementById("prediction-error"), good ? "" : say("digits_only"));
  field.setAttribute("aria-invalid", String(!good));
  if (good) changePaper(attempt, (paper) => (paper.prediction = digits === "" ? null : Number(digits)));
  return good;
};

const reviewScreen = (facts) => {
  const paper = paperOf(facts.attempt);
  const open = unanswered(paper);
  return [
    make("header", { class: "paper-head" }, make("div", null, make("p", { class: "above" }, paper.title), parts.status = make("p", { class: "status" })),
      make("div", { class: "clock" }, make("span", { class: "hidden" }, say("time_left") + " "),
        make("span", { class: "left", role: "timer", "data-attempt": paper.attempt }))),
    make("div", { class: "review" },
      title(say("review_title")),
      open.length
        ? notice("warn", make("div", null,
            make("p", null, say("still_open", { count: open.length })),
            make("p", { class: "jumps" }, open.map((place) => button("plain small", say("question_n", { n: place }), () => goTo(place))))))
        : notice("ok", [icon("tick"), make("p", null, say("all_answered", { count: paper.questions.length }))]),
      predictionField(paper),
      make("p", { class: "note" }, say("no_way_back"))),
    make("div", { class: "foot" }, make("div", null,
      button("plain", say("back_to_paper"), () => show("paper", facts, "#question")),
      button("main", say("hand_in_now"), () => {
        const field = document.getElementById("prediction");
        if (field && !predicted(paper.attempt, field)) return field.focus();
        return handIn(paper.attempt);
      }))),
  ];
};
