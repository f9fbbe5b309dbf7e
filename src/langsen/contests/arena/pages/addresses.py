"""The addresses of the pages: `/thi/assets/...`, `/thi/<slug>/` and `/thi/<slug>/bai/`."""

from django.utils import translation
from django.utils.translation import gettext as _

from langsen.contests.arena import refusals as because
from langsen.contests.arena.gate import Gate
from langsen.contests.arena.pages import assets, plain, shell
from langsen.contests.arena.refusals import Refused, refused
from langsen.contests.arena.rules_in_force import ContestRules
from langsen.contests.arena.wire import Request, Response
from langsen.contests.contests.tickets import COOKIE, BadTicket, read_ticket


def prepare() -> None:
    """Pack the files and read the templates, before the first visitor and beside the requests: it takes a second."""
    assets.assets()
    for language in assets.LANGUAGES:
        for template in shell.TEMPLATES:
            shell.drawn(template, language, shell.TEXT_SIZES[0], "", "")


async def respond(request: Request, gate: Gate) -> Response:
    """Answer a request for a page or one of its files; what is refused is told as a page too."""
    if request.path.startswith(assets.ADDRESS):
        if request.method not in {"GET", "HEAD"}:
            raise refused(because.NO_METHOD)
        found = assets.asset_response(request)
        if found is None:
            raise refused(because.UNKNOWN)
        return found
    _empty, _thi, slug, *rest = [*request.path.split("/"), ""]
    try:
        contest = gate.contest(slug)
        if contest is None:
            raise refused(because.UNKNOWN, because.NO_CONTEST)
        return await _page(request, gate, contest, "/".join(rest).rstrip("/"))
    except Refused as error:
        return _refusal_page(request, slug, error)


async def _page(request: Request, gate: Gate, contest: ContestRules, rest: str) -> Response:
    if rest == "bai":
        with translation.override(shell.language_of(request)):
            return await plain.respond(request, gate, contest)
    if rest:
        raise refused(because.UNKNOWN)
    if request.method not in {"GET", "HEAD"}:
        raise refused(because.NO_METHOD)
    if not request.path.endswith("/"):
        return Response(301, b"", shell.HTML, headers=[("location", f"/thi/{contest.slug}/")])
    return shell.shell(request, contest.slug, contest.title, known=_is_known(request, contest))


def _is_known(request: Request, contest: ContestRules) -> bool:
    """Whether a good ticket comes with the request; nothing is counted or asked for that."""
    try:
        ticket = read_ticket(request.cookies.get(COOKIE % contest.id, ""), now=request.arrival / 1000)
    except BadTicket:
        return False
    return ticket.contest == contest.id


def _refusal_page(request: Request, slug: str, error: Refused) -> Response:
    with translation.override(shell.language_of(request)):
        signs_in = error.refusal is because.NO_TICKET
        return shell.page(
            request,
            "arena/plain_message.html",
            slug,
            _("Quiz contest"),
            status=error.status,
            heading=error.message,
            href=f"/cuoc-thi/{slug}/vao-thi/" if signs_in else "/cuoc-thi/",
            link=_("Enter the code") if signs_in else _("All contests"),
        )
