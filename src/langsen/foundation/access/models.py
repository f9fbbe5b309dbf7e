"""Dated grants of roles in units, invitations, and the staff mode of operators."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.orgs.models import OrgUnit


class Grant(models.Model):
    """`user` holds `role` in `org_unit`, and so in every unit below it, on the days of `during`.

    `ended_at` is set when it was ended within its last day; from that moment it gives nothing.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants", verbose_name=_("account"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="grants", verbose_name=_("unit"))
    during = DateRangeField(_("valid"))
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at once"), null=True)

    class Meta:
        verbose_name = _("grant")
        indexes = [models.Index(fields=["user", "role"], name="access_grant_user")]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()} – {self.org_unit}"


class Invitation(models.Model):
    """A one-time link by which a person makes the account that holds `role` in `org_unit`. Only its SHA-256 is kept."""

    display_name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=30, choices=Role)
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("unit"))
    grant_until = models.DateField(_("role ends on"), null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("link ends"))
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    person_id = models.BigIntegerField(null=True, help_text="the person of the roster this account belongs to, if any")

    class Meta:
        verbose_name = _("invitation")

    def __str__(self) -> str:
        return f"{self.display_name} – {self.get_role_display()}"


class StaffMode(models.Model):
    """A time-limited stretch in which an operator may act everywhere, with its reason; every act names it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_modes")
    reason = models.CharField(_("reason"), max_length=300)
    opened_at = models.DateTimeField(auto_now_add=True)
    ends_at = models.DateTimeField(_("ends"))

    def __str__(self) -> str:
        return f"{self.user}: {self.reason}"
