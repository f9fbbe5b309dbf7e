"""What a contest's public page puts first: how long until what, and the one thing to do next."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from langsen.contests.contests.enums import ContestStatus, Stage
from langsen.contests.contests.models import Contest, Round
from langsen.contests.contests.queries.public import current_round, is_open_for_sign_up, next_round


@dataclass(frozen=True)
class Countdown:
    """Until `moment`, which is `seconds` away by the server's clock."""

    words: str
    moment: datetime
    seconds: int


@dataclass(frozen=True)
class Step:
    """A button."""

    label: str
    href: str


@dataclass(frozen=True)
class Front:
    """What stands first on a contest's page."""

    stage: Stage
    round: Round | None
    countdown: Countdown | None
    primary: Step | None
    secondary: Step | None


def front_of(contest: Contest, *, at: datetime, knows_code: bool) -> Front:
    """Return what the page puts first at `at`; `knows_code`: this browser has signed up or entered before."""
    stage = contest.stage(at)
    running = current_round(contest, at)
    coming = next_round(contest, at)
    countdown = None
    if running and contest.status == ContestStatus.ANNOUNCED:
        countdown = _until(_("%(round)s closes in") % {"round": running.title}, running.closes_at, at)
    elif stage in {Stage.SOON, Stage.BETWEEN} and coming:
        countdown = _until(_("%(round)s opens in") % {"round": coming.title}, coming.opens_at, at)
    primary, secondary = _steps(contest, stage, running, at=at, knows_code=knows_code)
    return Front(stage, running if running is not None else coming, countdown, primary, secondary)


def _until(words: str, moment: datetime, at: datetime) -> Countdown:
    return Countdown(words, moment, max(0, int((moment - at).total_seconds())))


def _steps(
    contest: Contest, stage: Stage, running: Round | None, *, at: datetime, knows_code: bool
) -> tuple[Step | None, Step | None]:
    if is_open_for_sign_up(contest, at):
        enters = Step(_("I have a code: enter"), reverse("contests:enter", args=[contest.slug]))
        signs_up = Step(_("Sign up"), reverse("contests:sign_up", args=[contest.slug]))
        if knows_code:
            words = _("To the waiting room")
            if running:
                words = _("Try it out") if running.is_dry_run else _("Take the quiz")
            return Step(words, arena_address(contest)), enters
        return signs_up, enters
    if stage in {Stage.CLOSED, Stage.JUDGING, Stage.PUBLISHED}:
        results = _address("results:public_results", contest)
        mine = _address("results:public_find", contest)
        first = Step(_("See the results"), results) if results and stage == Stage.PUBLISHED else None
        second = Step(_("Find my result"), mine) if mine else None
        return (first, second) if first else (second, None)
    return None, None


def arena_address(contest: Contest) -> str:
    """Return where the arena answers for this contest; it is a program of its own and has no name here."""
    return f"/thi/{contest.slug}/"


def _address(name: str, contest: Contest) -> str:
    try:
        return reverse(name, args=[contest.slug])
    except NoReverseMatch:
        return ""
