"""Kinds, modes and states of study sessions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SessionKind(models.TextChoices):
    STUDY_CONFERENCE = "study_conference", _("study conference")
    THEMATIC_MEETING = "thematic_meeting", _("thematic meeting")
    REGULAR_MEETING = "regular_meeting", _("regular meeting")
    FLAG_SALUTE = "flag_salute", _("flag salute")
    HISTORIC_TRIP = "historic_trip", _("trip to a historic site")
    SELF_STUDY = "self_study", _("self-study with essay")
    REVIEW_CONFERENCE = "review_conference", _("review conference")


class Mode(models.TextChoices):
    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("in person and online")


class SessionStatus(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")


class ReviewKind(models.TextChoices):
    """What a review conference was: interim, final, or to honour exemplars."""

    INTERIM = "interim", _("interim review")
    FINAL = "final", _("final review")
    HONOUR = "honour", _("commendation")


class CountedBy(models.TextChoices):
    HEADS = "heads", _("head count")
    ROLL = "roll", _("roll")


class AttendanceSource(models.TextChoices):
    ROLL = "roll", _("on the roll")
    QR = "qr", _("confirmed by the person")
    MAKE_UP = "make_up", _("make-up study")


AUDIT_VERBS = {
    "session.planned": _("planned the session"),
    "session.recorded": _("recorded the session"),
    "session.held": _("confirmed that the session was held"),
    "session.changed": _("changed the session"),
    "session.organiser_changed": _("changed the organiser"),
    "session.cancelled": _("cancelled the session"),
    "session.restored": _("took the cancellation back"),
    "session.rehomed": _("moved the planned session to the successor"),
    "session.made_up": _("recorded make-up study"),
    "session.make_up_withdrawn": _("took make-up study back"),
    "point.added": _("added the point"),
    "point.changed": _("changed the point"),
    "point.removed": _("removed the point"),
    "point.counted": _("recorded the numbers present"),
    "point.called": _("recorded the roll"),
    "point.opened": _("opened confirmation by code"),
    "attendance.confirmed": _("confirmed being present"),
}
