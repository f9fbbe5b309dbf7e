"""The words of results."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PrizeStatus(models.TextChoices):
    PROPOSED = "proposed", _("proposed by rule")
    DECIDED = "decided", _("decided")
    PASSED_OVER = "passed_over", _("passed over")
    PAID = "paid", _("handed over")
    WITHDRAWN = "withdrawn", _("withdrawn")


class AppealStatus(models.TextChoices):
    OPEN = "open", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    ANSWERED = "answered", _("answered, nothing changed")


AUDIT_VERBS = {
    "contest_round.closed": _("closed the round"),
    "contest_round.published": _("published the results of the round"),
    "contest_round.regraded": _("regraded a question of the round"),
    "contest_results.asked": _("asked for the results to be published"),
    "contest_results.not_published": _("could not publish the results"),
    "contest.judged": _("handed the contest to the jury"),
    "contest_prizes.proposed": _("proposed prizes by the rules"),
    "contest_prize.decided": _("decided the prize"),
    "contest_prize.passed_over": _("passed over for the prize"),
    "contest_prize.withdrawn": _("withdrew the prize"),
    "contest_prize.reconsidered": _("put back in line for the prize"),
    "contest_prize.handed_over": _("handed the prize over"),
    "contest_draw.announced": _("announced the draw by lot"),
    "contest_draw.held": _("held the draw by lot"),
    "contest_results.published": _("published the results of the contest"),
    "contest_appeal.raised": _("received an appeal"),
    "contest_appeal.answered": _("answered the appeal"),
}
