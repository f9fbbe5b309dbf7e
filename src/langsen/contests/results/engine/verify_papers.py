"""Re-reckoning attempts: the paper from its seed, the marks, the times, the cap, and which attempt counts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from langsen.contests.arena.keys import ranking_keys
from langsen.contests.quizzes.drawing import Pool, draw_paper
from langsen.contests.quizzes.grading import Key, correct_of
from langsen.contests.results.engine.bundle import BundleReader
from langsen.contests.results.engine.facts import Rules
from langsen.contests.results.engine.findings import Findings
from langsen.contests.results.engine.manifest import RoundDeclared

FILE = "attempts.csv"


@dataclass(frozen=True, slots=True)
class Attempt:
    """A line of attempts.csv; `where` names it in findings."""

    where: str
    round: int
    entrant: int
    number: int
    id: str
    seed: int
    questions: tuple[int, ...]
    answers: tuple[int, ...]
    started: int
    deadline: int
    submitted: int | None
    by_clock: bool
    duration: int | None
    correct: int | None
    phone: bool


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What the attempts of an entrant in a round give."""

    round: int
    entrant: int
    used: int
    submitted: int
    all_correct: int
    counted: Attempt | None
    keys: tuple[int, ...]


def attempts_in(bundle: BundleReader) -> Iterator[Attempt]:
    """Yield the attempts in the order of the file; a cell that is no number raises ValueError."""
    for line, cells in bundle.rows(FILE):
        (round_number, entrant, number, ident, seed, questions, answers, started, deadline, submitted) = cells[:10]
        (by_clock, duration, correct, phone) = cells[10:]
        yield Attempt(
            f"line {line} (round {round_number}, entrant {entrant}, attempt {number})",
            int(round_number),
            int(entrant),
            int(number),
            ident,
            int(seed),
            tuple(map(int, questions.split())),
            tuple(map(int, answers.split())),
            int(started),
            int(deadline),
            int(submitted) if submitted else None,
            by_clock == "1",
            int(duration) if duration else None,
            int(correct) if correct else None,
            phone == "1",
        )


class PapersCheck:
    """Re-reckons the attempts of one bundle, entrant by entrant."""

    def __init__(
        self,
        rules: Rules,
        rounds: Mapping[int, RoundDeclared],
        pools: Mapping[int, Pool],
        keys: Mapping[int, Mapping[int, Key]],
        extra_seconds: Mapping[int, int],
        findings: Findings,
    ) -> None:
        self._rules, self._rounds, self._pools, self._keys = rules, rounds, pools, keys
        self._extra, self._findings = extra_seconds, findings
        self._ids: set[str] = set()

    def reckon(self, attempts: Iterator[Attempt]) -> Iterator[Reckoned]:
        """Yield what each entrant's attempts in a round give, in the order of the file; notes findings on the way."""
        before = (0, 0)
        for (round_number, entrant), group in groupby(attempts, key=lambda one: (one.round, one.entrant)):
            mine = list(group)
            if (round_number, entrant) <= before:
                self._findings.add(FILE, mine[0].where, "order of lines", "", "by round, entrant and attempt")
            before = (round_number, entrant)
            if round_number not in self._rounds:
                self._findings.add(FILE, mine[0].where, "round", round_number, "not in the manifest")
                continue
            if entrant not in self._extra:
                self._findings.add(FILE, mine[0].where, "entrant", entrant, "not in entrants.csv")
            yield self._entrant(mine)

    def _entrant(self, mine: list[Attempt]) -> Reckoned:
        cap = self._rules.attempts_per_round
        if cap is not None and len(mine) > cap:
            self._findings.add(FILE, mine[0].where, "attempts of one entrant", len(mine), f"at most {cap}")
        for place, one in enumerate(mine, start=1):
            self._findings.same(FILE, one.where, "number", one.number, place)
            self._attempt(one)
        handed_in = [one for one in mine if one.submitted is not None]
        counted = self._counted(handed_in)
        return Reckoned(
            mine[0].round,
            mine[0].entrant,
            len(mine),
            len(handed_in),
            sum(1 for one in handed_in if one.correct == len(one.questions)),
            counted,
            self._keys_of(counted) if counted else (),
        )

    def _attempt(self, one: Attempt) -> None:
        find = self._findings
        find.tick("attempts")
        if one.id in self._ids:
            find.add(FILE, one.where, "id", one.id, "used once only")
        self._ids.add(one.id)
        try:
            drawn = draw_paper(self._pools[one.round], one.seed).questions
        except (ValueError, KeyError) as error:
            find.add(FILE, one.where, "seed", one.seed, f"no paper: {error}")
            return
        find.same(FILE, one.where, "questions", one.questions, drawn)
        if len(one.answers) != len(drawn):
            find.add(FILE, one.where, "answers", len(one.answers), len(drawn))
        elif one.submitted is None:
            find.same(FILE, one.where, "correct", one.correct, None)
        else:
            self._masks(one)
            if one.questions == drawn:
                find.same(
                    FILE, one.where, "correct", one.correct, correct_of(drawn, one.answers, self._keys[one.round])
                )
        self._times(one)

    def _masks(self, one: Attempt) -> None:
        options = self._pools[one.round].options
        for question, mask in zip(one.questions, one.answers, strict=True):
            if question in options and not 0 <= mask < 1 << options[question]:
                self._findings.add(FILE, one.where, f"answer to question {question}", mask, "answers the question has")

    def _times(self, one: Attempt) -> None:
        find, rules, declared = self._findings, self._rules, self._rounds[one.round]
        if not declared.opens <= one.started < declared.closes:
            find.add(FILE, one.where, "started", one.started, f"from {declared.opens} to before {declared.closes}")
        extra = one.deadline - one.started - rules.time_limit_ms
        if extra % 1000 or not 0 <= extra <= self._extra.get(one.entrant, 0) * 1000:
            find.add(FILE, one.where, "deadline", one.deadline, one.started + rules.time_limit_ms)
        if one.submitted is None:
            find.same(FILE, one.where, "duration", one.duration, None)
            return
        if one.by_clock:
            find.same(FILE, one.where, "submitted (by the clock)", one.submitted, one.deadline)
        elif not one.started <= one.submitted <= one.deadline + rules.grace_ms:
            find.add(FILE, one.where, "submitted", one.submitted, f"at most {one.deadline + rules.grace_ms}")
        find.same(FILE, one.where, "duration", one.duration, one.submitted - one.started)

    def _keys_of(self, one: Attempt) -> tuple[int, ...]:
        return ranking_keys(
            self._rules.ranking,
            correct=one.correct or 0,
            duration_ms=one.duration or 0,
            submitted_ms=one.submitted or 0,
        )

    def _counted(self, handed_in: list[Attempt]) -> Attempt | None:
        if not handed_in:
            return None
        if self._rules.counting == "first":
            return min(handed_in, key=lambda one: (one.submitted, one.number))
        if self._rules.counting == "last":
            return max(handed_in, key=lambda one: (one.submitted, -one.number))
        return min(handed_in, key=lambda one: (self._keys_of(one), one.submitted, one.number))
