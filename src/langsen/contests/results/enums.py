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
