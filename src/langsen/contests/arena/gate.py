"""The only door to papers: both the JSON API and the pages without JavaScript start, save and hand in through it.

Every method answers what the API sends, a paper as `Opened`, or raises `Refused`. `arrival` is the server's clock when
the request came in: time counts from there, whatever the queue before the database, never from the clock of a phone.
"""

import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from langsen.contests.arena import refusals as because
from langsen.contests.arena.batches import unavailable
from langsen.contests.arena.lanes import Lanes
from langsen.contests.arena.limits import Limits
from langsen.contests.arena.operations import AnswersAsk, AttemptRow, EntrantAsk, NotStarted, StartAsk, Written
from langsen.contests.arena.papers import Drawer, Token, answers_shown, own_answers, questions_shown, read_token
from langsen.contests.arena.reading import ContestAsk, Overview, RoundView
from langsen.contests.arena.refusals import Refused, refused
from langsen.contests.arena.rules_in_force import ContestRules, Paper, RoundRules, RulesInForce
from langsen.contests.arena.waiting import WaitingRoom
from langsen.contests.arena.wire import Request
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.tickets import COOKIE, BadTicket, Ticket, read_ticket
from langsen.contests.quizzes.drawing import SEED_BITS, Drawn

FIRST_LEASE = 1
_TICKETS_KEPT = 16_384
MOST_PREDICTED = 10**12


class Opened(NamedTuple):
    """A paper as its entrant gets it: `facts` as the API sends them, and what its questions are shown from."""

    facts: dict[str, Any]
    paper: Paper
    drawn: Drawn

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The questions as they are shown."""
        return questions_shown(self.paper, self.drawn)


class Gate:
    """The arena of one process, as its entrances see it."""

    def __init__(self, rules: RulesInForce, lanes: Lanes, waiting: WaitingRoom, clock: Callable[[], int]) -> None:
        self._rules = rules
        self._lanes = lanes
        self._waiting = waiting
        self._clock = clock
        self._limits = Limits()
        self._drawer = Drawer()

    def contest(self, slug: str) -> ContestRules | None:
        """Return the rules of a contest that may be seen, or None.

        Raises:
            Refused: unavailable, as long as the rules have not been read once.
        """
        if not self._rules.is_read:
            raise unavailable()
        return self._rules.current.contests.get(slug)

    def rounds(self, contest: ContestRules) -> tuple[RoundRules, ...]:
        """Return the rounds of a contest in order."""
        return self._rules.current.rounds_of.get(contest.id, ())

    def questions_of(self, given: Token | object) -> list[dict[str, Any]]:
        """Return the questions of a signed paper as they are shown, without asking the store; raises 404."""
        token = given if isinstance(given, Token) else read_token(given)
        paper = _paper(self._round(token.round))
        return questions_shown(paper, self._drawer.draw(paper, token.seed))

    def contest_of_round(self, round_id: object) -> int:
        """Return the contest a round belongs to; raises 404."""
        return self._round(round_id).contest.id

    def ticket_of(self, request: Request, contest_id: int) -> Ticket:
        """Return who asks, by the cookie of this contest; counts towards the account's limit.

        Raises:
            Refused: 401 without a good ticket, 403 for a sign-up that may not take part, 429.
        """
        try:
            ticket = _ticket(request.cookies.get(COOKIE % contest_id, ""))
        except BadTicket as error:
            raise refused(because.NO_TICKET) from error
        if ticket.contest != contest_id or ticket.expires * 1000 <= request.arrival:
            raise refused(because.NO_TICKET)
        self._limits.check(ticket.entrant, request.address, request.arrival)
        rule = self._rules.current.entrants.get(ticket.entrant)
        if rule is not None and not rule.is_active:
            raise refused(because.BARRED)
        return ticket

    async def now(self, ticket: Ticket, *, arrival: int) -> dict[str, Any]:
        """What the entrant can do now: rounds, attempts used, the paper under way, the last receipt."""
        rounds = self._rules.current.rounds_of.get(ticket.contest, ())
        if not rounds:
            raise refused(because.UNKNOWN)
        contest = rounds[0].contest
        overview = await self._lanes.now.ask(ContestAsk(rounds[0], ticket.entrant, rounds, arrival))
        if overview.name is None:
            raise refused(because.NO_TICKET)
        return {
            "now": self._clock(),
            "entrant": {"number": f"TS-{overview.number:06d}", "name": overview.name},
            "contest": {"title": contest.title, "shows_score": contest.shows_score},
            "rounds": [self._round_shown(of, ticket.entrant, overview, arrival) for of in rounds],
        }

    async def start(
        self,
        ticket: Ticket,
        round_id: object,
        attempt: UUID,
        *,
        arrival: int,
        place: str | None = None,
        phone: bool = False,
        device: int | None = None,
    ) -> Opened:
        """Start the paper with the client's id, or return it when this is a retry."""
        of = self._round(round_id, ticket)
        if of.state(arrival) == "closed":
            return await self._started_before_the_close(of, ticket, attempt, arrival)
        paper = _may_start(of, arrival)
        who = (of.id, ticket.entrant)
        self._waiting.enter(who, now=arrival, place=place, room=self._lanes.start.room)
        seed = secrets.randbits(SEED_BITS)
        deadline = arrival + (of.contest.limit + self._rules.current.extra_seconds(ticket.entrant)) * 1000
        drawn = self._drawer.draw(paper, seed)
        ask = StartAsk(of, ticket.entrant, attempt, seed, drawn.questions, arrival, deadline, device, phone)
        verdict = await self._lanes.start.ask(ask)
        if isinstance(verdict, NotStarted):
            try:
                known = self._known(of, ticket.entrant, verdict, arrival)
            except Refused:
                self._waiting.leave(who)
                raise
            self._waiting.stay(who, known.deadline + of.contest.grace * 1000)
            return self._opened(of, known)
        self._waiting.stay(who, deadline + of.contest.grace * 1000)
        return self._opened(of, _fresh(ask, verdict.number))

    async def resume(self, ticket: Ticket, round_id: object, *, arrival: int, place: str | None = None) -> Opened:
        """Take up the paper under way here; other devices can write to it no longer."""
        of = self._round(round_id, ticket)
        who = (of.id, ticket.entrant)
        self._waiting.enter(who, now=arrival, place=place, room=self._lanes.resume.room)
        resumed = await self._lanes.resume.ask(EntrantAsk(of, ticket.entrant, arrival))
        row = resumed.attempt
        if row is None or not resumed.is_open:
            self._waiting.leave(who)
            if row is None:
                raise refused(because.UNKNOWN)
            raise refused(because.TOO_LATE) if row.submitted is None else self._finished(of, row)
        self._waiting.stay(who, row.deadline + of.contest.grace * 1000)
        return self._opened(of, row)

    async def save(self, ticket: Ticket, given: Token | object, answers: object, *, arrival: int) -> dict[str, Any]:
        """Keep the answers that are newer than what is stored; returns when they are committed."""
        of, token = self._paper_of(ticket, given)
        ask, asked = self._changes(of, token, answers, arrival, None)
        written = await self._lanes.save.ask(ask)
        row = self._settled(of, written)
        if not written.done:
            raise refused(because.TOO_LATE) if written.is_late else self._not_written(of, row, token)
        return {
            "saved": [[place, row.seqs[place - 1]] for place in asked],
            "now": self._clock(),
            "deadline_at": row.deadline,
        }

    async def submit(
        self, ticket: Ticket, given: Token | object, answers: object, prediction: object = None, *, arrival: int
    ) -> dict[str, Any]:
        """Hand the paper in with its last answers; again gives the same receipt."""
        of, token = self._paper_of(ticket, given)
        ask, _asked = self._changes(of, token, answers, arrival, _predicted(of, prediction))
        written = await self._lanes.submit.ask(ask)
        row = self._settled(of, written)
        if row.submitted is None:
            raise self._not_written(of, row, token)
        self._waiting.leave((of.id, token.entrant))
        if written.is_late and not written.done and row.submitted == row.deadline:
            raise refused(because.TOO_LATE, receipt=receipt_of(of, row))
        return {"receipt": receipt_of(of, row), "now": self._clock()}

    def forget(self) -> None:
        """Housekeeping, now and then."""
        self._limits.forget(self._clock())

    def call_in(self) -> None:
        """Call the next people in from the waiting room."""
        self._waiting.call(self._clock(), room=max(0, self._lanes.start.room))

    def _round(self, round_id: object, ticket: Ticket | None = None) -> RoundRules:
        if not self._rules.is_read:
            raise unavailable()
        of = self._rules.current.rounds.get(round_id) if type(round_id) is int else None
        if of is None or (ticket is not None and of.contest.id != ticket.contest):
            raise refused(because.UNKNOWN)
        return of

    def _paper_of(self, ticket: Ticket, given: Token | object) -> tuple[RoundRules, Token]:
        token = given if isinstance(given, Token) else read_token(given)
        of = self._round(token.round, ticket)
        if token.entrant != ticket.entrant:
            raise refused(because.UNKNOWN)
        if of.contest.status == ContestStatus.CANCELLED:
            raise refused(because.CANCELLED)
        return of, token

    def _changes(
        self, of: RoundRules, token: Token, answers: object, arrival: int, prediction: int | None
    ) -> tuple[AnswersAsk, list[int]]:
        paper = _paper(of)
        masks, seqs = own_answers(paper, self._drawer.draw(paper, token.seed), answers)
        asked = [place for place, seq in enumerate(seqs, start=1) if seq]
        ask = AnswersAsk(of, token.entrant, token.attempt, token.lease, arrival, masks, seqs, prediction)
        return ask, asked

    def _settled(self, of: RoundRules, written: Written) -> AttemptRow:
        if written.attempt is None:
            raise refused(because.UNKNOWN)
        if written.attempt.submitted is None:
            row = written.attempt
            self._waiting.stay((of.id, row.entrant), row.deadline + of.contest.grace * 1000)
        return written.attempt

    def _not_written(self, of: RoundRules, row: AttemptRow, token: Token) -> Refused:
        if row.submitted is not None:
            return self._finished(of, row)
        return refused(because.TAKEN_OVER) if row.lease != token.lease else unavailable()

    def _finished(self, of: RoundRules, row: AttemptRow) -> Refused:
        return refused(because.FINISHED, receipt=receipt_of(of, row))

    def _known(self, of: RoundRules, entrant: int, verdict: NotStarted, arrival: int) -> AttemptRow:
        """The attempt a retry of its start gets back; raises why there is none."""
        row = verdict.known
        if row is None:
            if verdict.open_attempt and (verdict.open_until or 0) + of.contest.grace * 1000 >= arrival:
                raise refused(because.OPEN_PAPER, attempt=str(verdict.open_attempt))
            if of.contest.cap is not None and verdict.used >= of.contest.cap:
                raise refused(because.NO_ATTEMPTS_LEFT)
            raise unavailable()
        if row.entrant != entrant:
            raise refused(because.UNKNOWN)
        if row.submitted is not None:
            raise self._finished(of, row)
        if row.deadline + of.contest.grace * 1000 < arrival:
            raise refused(because.TOO_LATE)
        if row.lease != FIRST_LEASE:
            raise refused(because.OPEN_PAPER, attempt=str(row.id))
        return row

    async def _started_before_the_close(self, of: RoundRules, ticket: Ticket, attempt: UUID, arrival: int) -> Opened:
        """The first answer to a start may have been lost while the round closed."""
        closed = because.CANCELLED if of.contest.status == ContestStatus.CANCELLED else because.CLOSED
        if of.paper is None:
            raise refused(closed)
        resumed = await self._lanes.resume.ask(EntrantAsk(of, ticket.entrant, arrival))
        if resumed.attempt is None or not resumed.is_open or resumed.attempt.id != attempt:
            raise refused(closed)
        return self._opened(of, resumed.attempt)

    def _opened(self, of: RoundRules, row: AttemptRow) -> Opened:
        paper = _paper(of)
        drawn = self._drawer.draw(paper, row.seed)
        token = Token(of.id, row.id, row.entrant, row.lease, row.number, row.started, row.seed)
        facts = {
            "token": token.signed(),
            "attempt": str(row.id),
            "round": of.id,
            "number": row.number,
            "lease": row.lease,
            "started_at": row.started,
            "deadline_at": row.deadline,
            "grace_ms": of.contest.grace * 1000,
            "now": self._clock(),
            "answers": answers_shown(drawn, row.answers),
            "seqs": list(row.seqs),
        }
        return Opened(facts, paper, drawn)

    def _round_shown(self, of: RoundRules, entrant: int, overview: Overview, arrival: int) -> dict[str, Any]:
        view = overview.rounds.get(of.id, RoundView())
        is_open = view.open_attempt is not None and (view.open_until or 0) + of.contest.grace * 1000 >= arrival
        return {
            "id": of.id,
            "number": of.number,
            "title": of.title,
            "dry_run": of.is_dry_run,
            "opens_at": of.opens,
            "closes_at": of.closes,
            "state": of.state(arrival),
            "cap": of.contest.cap,
            "used": view.used,
            "time_limit": of.contest.limit + self._rules.current.extra_seconds(entrant),
            "questions": of.length,
            "prediction": _prediction_shown(of.contest, view),
            "open": {"attempt": str(view.open_attempt), "deadline_at": view.open_until} if is_open else None,
            "last": receipt_of(of, view.last) if view.last else None,
        }


def receipt_of(of: RoundRules, row: AttemptRow) -> Mapping[str, Any]:
    """What the entrant keeps of a paper handed in; its code is the beginning of the attempt's id."""
    code = row.id.hex[:10].upper()
    return {
        "attempt": str(row.id),
        "code": f"{code[:5]}-{code[5:]}",
        "number": row.number,
        "submitted_at": row.submitted,
        "duration_ms": row.duration_ms,
        "answered": sum(1 for mask in row.answers if mask),
        "questions": len(row.questions),
        "correct": row.correct if of.contest.shows_score else None,
    }


@lru_cache(_TICKETS_KEPT)
def _ticket(text: str) -> Ticket:
    """The ticket in a cookie, once its signature was checked; whether it is over is asked each time."""
    return read_ticket(text, now=0)


def _fresh(ask: StartAsk, number: int) -> AttemptRow:
    """The row of a paper that was just started."""
    blank = [0] * len(ask.questions)
    moments = ask.arrival, ask.deadline, None, None, None
    return AttemptRow(
        ask.attempt, ask.entrant, number, ask.seed, list(ask.questions), blank, blank, FIRST_LEASE, *moments
    )


def _may_start(of: RoundRules, arrival: int) -> Paper:
    if of.state(arrival) == "before":
        raise refused(because.NOT_OPEN, opens_at=of.opens)
    if of.paper is None:
        raise refused(because.NO_PAPER, opens_at=of.opens)
    if of.contest.cap == 0:
        raise refused(because.NO_ATTEMPTS_LEFT)
    return of.paper


def _paper(of: RoundRules) -> Paper:
    if of.paper is None:
        raise refused(because.UNKNOWN)
    return of.paper


def _predicted(of: RoundRules, given: object) -> int | None:
    if given is None:
        return None
    if type(given) is not int or not 0 <= given <= MOST_PREDICTED or not of.contest.asks_prediction:
        raise refused(because.BAD_REQUEST)
    return given


def _prediction_shown(contest: ContestRules, view: RoundView) -> dict[str, Any] | None:
    if not contest.asks_prediction:
        return None
    return {"question": contest.prediction_words, "value": view.prediction}
