"""Everything the arena refuses, with its status and the words a person reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Refusal:
    """A kind of refusal: its code in the API, the HTTP status, the usual words."""

    code: str
    status: int
    message: Promise | str


BAD_REQUEST = Refusal("bad_request", 400, _("What was sent could not be read. Please load the page again."))
NO_TICKET = Refusal("no_ticket", 401, _("Please enter with your personal code first."))
BARRED = Refusal("barred", 403, _("This sign-up may not sit the paper. Please ask the organisers."))
UNKNOWN = Refusal("unknown", 404, _("There is no such paper."))
NO_CONTEST = _("There is no such contest, or it is long over.")
NO_METHOD = Refusal("bad_request", 405, _("This address is not asked in this way."))
NOT_OPEN = Refusal("not_open", 409, _("The round is not open yet."))
NO_PAPER = Refusal("not_open", 409, _("The round has no paper yet."))
CLOSED = Refusal("closed", 409, _("The round is closed."))
CANCELLED = Refusal("closed", 409, _("The contest was cancelled."))
NO_ATTEMPTS_LEFT = Refusal("no_attempts_left", 409, _("You have no attempts left in this round."))
OPEN_PAPER = Refusal("open_paper", 409, _("You have a paper under way. Please go on with it."))
TAKEN_OVER = Refusal("taken_over", 409, _("The paper was taken up on another device. Take it up here to go on."))
FINISHED = Refusal("finished", 409, _("The paper has been handed in."))
TOO_LATE = Refusal("too_late", 410, _("Time is up. What had been saved was handed in for you."))
TOO_LARGE = Refusal("too_large", 413, _("What was sent is too large."))
TOO_FAST = Refusal("too_fast", 429, _("Too many requests in a short time. The page tries again by itself."))
WAIT = Refusal("wait", 503, _("Many people are entering. You are number %(position)s; the page enters by itself."))
UNAVAILABLE = Refusal("unavailable", 503, _("The system is busy for a moment. The page tries again by itself."))


class Refused(Exception):
    """A request is refused: `body` is what the API answers, `message` the words alone."""

    def __init__(self, refusal: Refusal, message: str, facts: Mapping[str, Any]) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal
        self.status = refusal.status
        self.message = message
        self.facts = facts

    @property
    def code(self) -> str:
        return self.refusal.code

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.refusal.code, "message": self.message, **self.facts}


def refused(refusal: Refusal, message: Promise | str | None = None, **facts: Any) -> Refused:
    """Return the refusal to raise; `facts` go into the answer and may be named by the words."""
    words = str(refusal.message if message is None else message)
    return Refused(refusal, words % facts if "%(" in words else words, facts)
