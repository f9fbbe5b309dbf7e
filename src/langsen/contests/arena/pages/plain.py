"""Taking part without scripts: the rounds, the paper as one form, the receipt. Plain POSTs through the same gate."""

import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.contests.arena import refusals as because
from langsen.contests.arena.gate import Gate
from langsen.contests.arena.pages import plain_forms as forms
from langsen.contests.arena.pages.plain_rounds import rounds_shown
from langsen.contests.arena.pages.shell import page
from langsen.contests.arena.papers import read_token
from langsen.contests.arena.refusals import Refused, refused
from langsen.contests.arena.rules_in_force import ContestRules
from langsen.contests.arena.wire import Request, Response
from langsen.contests.contests.tickets import Ticket


@dataclass(frozen=True)
class Visit:
    """One request of somebody without scripts."""

    request: Request
    gate: Gate
    contest: ContestRules
    form: forms.Form

    def said(self, name: str) -> str:
        return forms.first(self.form, name)

    def drawn(self, template: str, *, status: int = 200, **facts: object) -> Response:
        return page(
            self.request, f"arena/plain_{template}.html", self.contest.slug, self.contest.title, status=status, **facts
        )

    def ticket(self) -> Ticket:
        return self.gate.ticket_of(self.request, self.contest.id)


async def respond(request: Request, gate: Gate, contest: ContestRules) -> Response:
    """Answer at `/thi/<slug>/bai/`; once a paper is on the screen no refusal loses what was ticked."""
    if request.method in {"GET", "HEAD"}:
        return await _entry(Visit(request, gate, contest, {}))
    if request.method != "POST":
        raise refused(because.NO_METHOD)
    visit = Visit(request, gate, contest, await request.form())
    answer = _DOES.get(visit.said("do"))
    if answer is None:
        raise refused(because.BAD_REQUEST)
    return await answer(visit)


async def _entry(visit: Visit, message: str = "", status: int = 200) -> Response:
    ticket = visit.ticket()
    now = await visit.gate.now(ticket, arrival=visit.request.arrival)
    shown = rounds_shown(now)
    return visit.drawn("entry", status=status, now=now, rounds=shown, key=forms.key_of(ticket.entrant), message=message)


async def _enter(visit: Visit) -> Response:
    """Start a paper, or take up the one under way."""
    ticket = visit.ticket()
    if not forms.is_key_of(visit.said("key"), ticket.entrant) or not visit.said("round").isdecimal():
        raise refused(because.BAD_REQUEST)
    arrival, place = visit.request.arrival, visit.said("place") or None
    round_id = int(visit.said("round")[:18])
    try:
        if visit.said("do") == "resume":
            opened = await visit.gate.resume(ticket, round_id, arrival=arrival, place=place)
        else:
            opened = await visit.gate.start(ticket, round_id, _id(visit.said("attempt")), arrival=arrival, place=place)
    except Refused as error:
        return await _not_entered(visit, error)
    facts = opened.facts
    return _paper(visit, facts["token"], opened.questions, facts["answers"], until=facts["deadline_at"])


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text[:40])
    except ValueError as error:
        raise refused(because.BAD_REQUEST) from error


async def _not_entered(visit: Visit, error: Refused) -> Response:
    if "receipt" in error.facts:
        return _receipt(visit, error.facts["receipt"], error.message)
    if error.status in {429, 503}:  # the same again by one button, with the place in the queue
        again = {name: visit.said(name) for name in ("do", "key", "round", "attempt")}
        again["place"] = str(error.facts.get("place") or visit.said("place"))
        return visit.drawn(
            "message",
            status=error.status,
            heading=error.message,
            hidden=again,
            button=_("Try again"),
        )
    if error.refusal is because.OPEN_PAPER:
        return visit.drawn(
            "message",
            status=error.status,
            heading=_("The paper is being written on another device. Go on here?"),
            lead=_("What was saved is all there. The other device then stops; the time does not start again."),
            hidden={"do": "resume", "key": visit.said("key"), "round": visit.said("round")},
            button=_("Go on here"),
        )
    return await _entry(visit, error.message, error.status)


async def _answers(visit: Visit) -> Response:
    """Save, hand in, or take up here what another device has: the ticks of the form count, whatever happens."""
    text = visit.said("token")
    questions = visit.gate.questions_of(text)
    masks = forms.ticked(visit.form, questions)
    try:
        return await _written(visit, text, questions, masks)
    except Refused as error:
        if "receipt" in error.facts:
            return _receipt(visit, error.facts["receipt"], error.message)
        return _paper(visit, text, questions, masks, message=_why(error), refusal=error)


async def _written(visit: Visit, text: str, questions: list[dict[str, Any]], masks: list[int]) -> Response:
    ticket, arrival, does = visit.ticket(), visit.request.arrival, visit.said("do")
    token = read_token(text)
    if does == "take":
        text = (await visit.gate.resume(ticket, token.round, arrival=arrival)).facts["token"]
    given = forms.changes(masks, since_start_ms=arrival - token.started)
    try:
        predicted = forms.prediction(visit.said("prediction"))
    except ValueError:
        predicted, does = None, "save"
    open_places = [str(place) for place, mask in enumerate(masks, start=1) if not mask]
    if does == "submit_now" or (does == "submit" and not open_places):
        handed_in = await visit.gate.submit(ticket, text, given, predicted, arrival=arrival)
        return _receipt(visit, handed_in["receipt"])
    saved = await visit.gate.save(ticket, text, given, arrival=arrival)
    until = saved["deadline_at"]
    if does == "submit":
        words = _("Questions not answered yet: %(places)s. Hand in all the same?") % {"places": ", ".join(open_places)}
        return _paper(visit, text, questions, masks, until=until, message=words, asked=True)
    if does != visit.said("do"):
        return _paper(visit, text, questions, masks, until=until, message=_("Please write a whole number."), status=422)
    words = _("Saved at %(time)s.") % {"time": _clock(saved["now"])}
    return _paper(visit, text, questions, masks, until=until, message=words, tone="ok")


def _why(error: Refused) -> str:
    if error.refusal is because.NO_TICKET:
        return _("Not saved yet. Enter with your code in another window, then press Save again: your ticks stay here.")
    if error.status in {429, 503}:
        return _("Not saved yet. Your ticks stay here; please press Save again in a moment.")
    return error.message


def _paper(
    visit: Visit,
    token: str,
    questions: list[dict[str, Any]],
    masks: list[int],
    *,
    until: int | None = None,
    message: str = "",
    tone: str = "warn",
    asked: bool = False,
    status: int = 200,
    refusal: Refused | None = None,
) -> Response:
    round_id = read_token(token).round
    of = next(one for one in visit.gate.rounds(visit.contest) if one.id == round_id)
    deadline = until if until is not None else _number(visit.said("until"))
    return visit.drawn(
        "paper",
        status=refusal.status if refusal else status,
        round_title=of.title,
        token=token,
        questions=forms.asked(questions, masks),
        predicts=visit.contest.prediction_words if visit.contest.asks_prediction else "",
        prediction=visit.said("prediction"),
        until=deadline,
        until_words=_("Please hand in by %(time)s.") % {"time": _clock(deadline)} if deadline else "",
        message=message,
        tone=tone,
        asked=asked,
        taken_over=refusal is not None and refusal.refusal is because.TAKEN_OVER,
        signed_out=refusal is not None and refusal.refusal is because.NO_TICKET,
    )


def _receipt(visit: Visit, receipt: dict[str, Any], message: str = "") -> Response:
    seconds = (receipt["duration_ms"] or 0) // 1000
    return visit.drawn(
        "receipt",
        heading=_("The paper was recorded at %(time)s") % {"time": _clock(receipt["submitted_at"])},
        receipt=receipt,
        taken=f"{seconds // 60:02d}:{seconds % 60:02d}",
        message=message,
    )


def _clock(ms: int) -> str:
    return f"{timezone.localtime(datetime.fromtimestamp(ms / 1000, UTC)):%H:%M:%S}"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 15 else None


_DOES: dict[str, Callable[[Visit], Coroutine[Any, Any, Response]]] = {
    "start": _enter,
    "resume": _enter,
    "save": _answers,
    "submit": _answers,
    "submit_now": _answers,
    "take": _answers,
}
