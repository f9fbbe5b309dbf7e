"""What a figure counts, and how."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Reading(models.TextChoices):
    """By which tree a record is counted upwards."""

    THEN = "then", _("by the organisation of that time")
    TODAY = "today", _("by today's organisation")


class Scope(models.TextChoices):
    """`own`: the unit and the advisory boards directly below it; `below`: the unit and everything under it."""

    BELOW = "below", _("the unit and everything below")
    OWN = "own", _("the unit's own")


class Kind(models.TextChoices):
    FLOW = "flow", _("happened in the period")
    STOCK = "stock", _("stands on the last day")
    RATIO = "ratio", _("ratio")


class Measure(models.TextChoices):
    EVENTS = "events", _("events")
    ATTENDANCES = "attendances", _("attendances")
    PEOPLE = "people", _("people")
    POINTS = "points", _("points")
    UNITS = "units", _("units")
    ACCOUNTS = "accounts", _("accounts")
    ATTEMPTS = "attempts", _("attempts")
    PRIZES = "prizes", _("prizes")


class By(models.TextChoices):
    UNIT = "unit", _("by unit")
    MONTH = "month", _("by month")
