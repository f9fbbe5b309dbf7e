"""The JSON API: addresses, what each takes, and nothing else."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from langsen.contests.arena import refusals as because
from langsen.contests.arena.gate import Gate, Opened
from langsen.contests.arena.papers import questions_json, read_token
from langsen.contests.arena.refusals import refused
from langsen.contests.arena.wire import Request, Response, as_json, json_response, json_text

PREFIX = "/thi/api/"
_LONGEST_PLACE = 400


async def answer(request: Request, gate: Gate) -> tuple[str, Response]:
    """Answer a request below `/thi/api/`; return the name of the operation with it.

    Raises:
        Refused: with what the client is told.
    """
    rest = request.path.removeprefix(PREFIX)
    if rest in _WRITES:
        if request.method != "POST":
            raise refused(because.NO_METHOD)
        given = await request.json()
        return rest, await _WRITES[rest](request, gate, given)
    slug, _slash, last = rest.partition("/")
    contest = gate.contest(slug) if last == "now" else None
    if contest is None:
        raise refused(because.UNKNOWN)
    if request.method != "GET":
        raise refused(because.NO_METHOD)
    ticket = gate.ticket_of(request, contest.id)
    return "now", as_json(200, await gate.now(ticket, arrival=request.arrival))


async def _start(request: Request, gate: Gate, given: dict[str, Any]) -> Response:
    ticket = gate.ticket_of(request, gate.contest_of_round(given.get("round")))
    device = given.get("device")
    phone = given.get("phone", False)
    if not isinstance(phone, bool) or (device is not None and type(device) is not int):
        raise refused(because.BAD_REQUEST)
    opened = await gate.start(
        ticket,
        given["round"],
        _id(given.get("attempt")),
        arrival=request.arrival,
        place=_place(given),
        phone=phone,
        device=device,
    )
    return _paper(opened)


async def _resume(request: Request, gate: Gate, given: dict[str, Any]) -> Response:
    ticket = gate.ticket_of(request, gate.contest_of_round(given.get("round")))
    return _paper(await gate.resume(ticket, given["round"], arrival=request.arrival, place=_place(given)))


def _paper(opened: Opened) -> Response:
    questions = questions_json(opened.paper, opened.drawn)
    return json_response(200, f'{{"paper":{json_text(opened.facts)[:-1]},"questions":{questions}}}}}')


async def _save(request: Request, gate: Gate, given: dict[str, Any]) -> Response:
    token = read_token(given.get("token"))
    ticket = gate.ticket_of(request, gate.contest_of_round(token.round))
    return as_json(200, await gate.save(ticket, token, given.get("answers"), arrival=request.arrival))


async def _submit(request: Request, gate: Gate, given: dict[str, Any]) -> Response:
    token = read_token(given.get("token"))
    ticket = gate.ticket_of(request, gate.contest_of_round(token.round))
    answers, prediction = given.get("answers", []), given.get("prediction")
    return as_json(200, await gate.submit(ticket, token, answers, prediction, arrival=request.arrival))


_WRITES: dict[str, Callable[[Request, Gate, dict[str, Any]], Awaitable[Response]]] = {
    "start": _start,
    "resume": _resume,
    "save": _save,
    "submit": _submit,
}


def _id(given: object) -> UUID:
    try:
        return UUID(given if isinstance(given, str) and len(given) <= 40 else "")
    except ValueError as error:
        raise refused(because.BAD_REQUEST) from error


def _place(given: dict[str, Any]) -> str | None:
    place = given.get("place")
    if place is not None and not (isinstance(place, str) and len(place) <= _LONGEST_PLACE):
        raise refused(because.BAD_REQUEST)
    return place
