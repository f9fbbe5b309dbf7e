"""What a notice is about, what became of its mail, and what the trail says of notices."""

from django.db import models
from django.utils.translation import gettext_lazy as _

REMINDER = "reminder"
NUDGE = "nudge"


class MailState(models.TextChoices):
    NONE = "none", _("not by mail")
    WAITING = "waiting", _("mail waits")
    SENT = "sent", _("mailed")
    FAILED = "failed", _("the mail did not get through")


AUDIT_VERBS = {
    "unit.nudged": _("reminded a unit"),
    "mail_choice.changed": _("changed whether notices are mailed"),
}
