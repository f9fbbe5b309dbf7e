"""Notices in a person's inbox, reminders sent to units, and who wants mail."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from langsen.foundation.accounts.models import User
from langsen.foundation.notifications.enums import MailState
from langsen.foundation.orgs.models import OrgUnit

LONGEST_SUBJECT = 200
LONGEST_TEXT = 6000
LONGEST_ADDRESS = 500


class Notice(models.Model):
    """One message to one person: what happened, about which unit, and the page of this site that it opens.

    `reminder_on` is set on the day's one list of due things, of which a person gets at most one a day.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(_("kind"), max_length=40)
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    text = models.TextField(_("text"), blank=True)
    href = models.CharField(max_length=LONGEST_ADDRESS, blank=True)
    org_unit = models.ForeignKey(
        OrgUnit, null=True, on_delete=models.PROTECT, related_name="notices", verbose_name=_("unit")
    )
    reminder_on = models.DateField(null=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    mail_state = models.CharField(max_length=8, choices=MailState, default=MailState.NONE)
    mail_claimed_at = models.DateTimeField(null=True)  # one of two workers sends it
    mailed_at = models.DateTimeField(null=True)
    mail_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("notice")
        constraints = [models.UniqueConstraint(fields=["user", "reminder_on"], name="notices_one_reminder_a_day")]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notices_inbox"),
            # The count beside the menu is asked on every page.
            models.Index(fields=["user"], name="notices_unread", condition=models.Q(read_at=None)),
            models.Index(
                fields=["user", "id"], name="notices_to_mail", condition=models.Q(mail_state=MailState.WAITING)
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Nudge(models.Model):
    """A unit was reminded of `about` (what it is about: "study-silent", "report-call:7") on a day, by whom.

    The constraint is the rule: of two officers who press the button at once, one reminds.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="nudges", verbose_name=_("unit"))
    about = models.CharField(max_length=80)
    on = models.DateField(_("day"))
    subject = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    reached = models.PositiveSmallIntegerField(_("people reached"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        constraints = [models.UniqueConstraint(fields=["org_unit", "about", "on"], name="notices_nudge_once_a_day")]
        indexes = [models.Index(fields=["about", "org_unit", "-created_at"], name="notices_last_nudge")]

    def __str__(self) -> str:
        return self.subject


class MailChoice(models.Model):
    """Whether a person wants notices by mail too. Without a row: yes, when the account has an address."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.CASCADE, related_name="mail_choice")
    wants_mail = models.BooleanField(_("send notices by e-mail too"), default=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("choice of mail")

    def __str__(self) -> str:
        return str(self.user)
