"""Words of reports: states, kinds, layouts, and the verbs of the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportStatus(models.TextChoices):
    """A report that has not been begun has no row: “chưa lập”. Overdue is a day that has passed, not a state."""

    DRAFT = "draft", _("draft")
    SIGNING = "signing", _("to be signed")
    ISSUED = "issued", _("issued")
    SENT = "sent", _("sent")
    SUPPLEMENT_ASKED = "supplement_asked", _("supplement asked for")
    RECEIVED = "received", _("received")
    CANCELLED = "cancelled", _("cancelled")


class ReportKind(models.TextChoices):
    """What a report is to the ones before it of the same unit and period."""

    ORIGINAL = "original", _("report")
    SUPPLEMENT = "supplement", _("supplementary report")
    REPLACEMENT = "replacement", _("replacing report")


class Layout(models.TextChoices):
    PARTY = "party", _("layout of Party documents")
    STATE = "state", _("layout of State documents")


class Cadence(models.TextChoices):
    """Which period an outline is offered for."""

    HALF_YEAR = "half_year", _("half-year")
    YEAR = "year", _("year")
    TWO_YEAR = "two_year", _("two years")
    FREE = "free", _("any period")


# The content of a report is fixed from here on; the database refuses a change.
FIXED = (ReportStatus.ISSUED, ReportStatus.SENT, ReportStatus.SUPPLEMENT_ASKED, ReportStatus.RECEIVED)
# What the superior sees; before, a report is the unit's own business.
SEEN_ABOVE = (ReportStatus.SENT, ReportStatus.SUPPLEMENT_ASKED, ReportStatus.RECEIVED)

AUDIT_VERBS = {
    "report.opened": _("began a report"),
    "report.section_written": _("wrote a section of a report"),
    "report.numbers_updated": _("updated the numbers of a report"),
    "report.frame_changed": _("changed the subject or the sections of a report"),
    "report.shortened": _("ended the period of a report earlier"),
    "report.submitted": _("fixed the numbers and submitted a report for signature"),
    "report.taken_back": _("sent a report back to drafting"),
    "report.issued": _("issued a report"),
    "report.sent": _("sent a report"),
    "report.received": _("received a report"),
    "report.supplement_asked": _("asked for a supplement to a report"),
    "report.cancelled": _("cancelled a draft report"),
    "report.unit_ended": _("left the report with a unit that has ended"),
    "report_call.made": _("asked units for a report"),
    "report_call.changed": _("changed a request for reports"),
    "report_call.extended": _("extended the day a report is due"),
    "report_call.withdrawn": _("withdrew a request for reports"),
    "report_outline.saved": _("saved an outline of reports"),
    "report_outline.ended": _("ended an outline of reports"),
}
