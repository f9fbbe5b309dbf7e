"""The roster: persons and their dated memberships, posts and exemptions. As little as the work needs."""

from collections.abc import Mapping
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func
from django.utils.translation import gettext_lazy as _

from langsen.foundation.accounts.models import User
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.enums import CorrectionStatus, ExemptionReason, MembershipEnd, PersonClass, Sex

# Shown masked (year only, or not at all) unless the reader has people.read_sensitive; each unmasked reading
# is recorded.
SENSITIVE_FIELDS = ("born_on", "joined_on", "official_on")


class Person(models.Model):
    """A person an office keeps on a roster. Birth day and Party dates are sensitive and masked by default.

    `born_year_only`: the source gave the year alone; `born_on` is then 1 January of it.
    """

    full_name = models.CharField(_("full name"), max_length=120)
    folded = models.CharField(max_length=120, editable=False, db_index=True)
    sort_key = models.CharField(max_length=600, editable=False)
    born_on = models.DateField(_("date of birth"), null=True, blank=True)
    born_year_only = models.BooleanField(default=False)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex, blank=True)
    joined_on = models.DateField(_("joined the Party on"), null=True, blank=True)
    official_on = models.DateField(_("full member since"), null=True, blank=True)
    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="person")
    source_key = models.CharField(
        max_length=80, blank=True, help_text="the handbook export's own key of the row, if it has one"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("person")
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="people_person_order"),
            models.Index(fields=["folded", "born_on"], name="people_person_same"),
        ]

    def __str__(self) -> str:
        return self.full_name


class Membership(models.Model):
    """`person` belongs to `org_unit` as `person_class` on the days of `during`. Several at once are usual."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("unit"))
    person_class = models.CharField(_("class"), max_length=24, choices=PersonClass)
    during = DateRangeField(_("valid"))
    end_reason = models.CharField(_("why it ended"), max_length=16, choices=MembershipEnd, blank=True)

    class Meta:
        verbose_name = _("membership")
        constraints = [
            # Person and unit as one point: a third of the cost of a range for each when somebody is added.
            ExclusionConstraint(
                name="people_membership_once",
                expressions=[
                    (Func(F("person_id"), F("org_unit_id"), function="point"), "~="),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [
            models.Index(fields=["org_unit", "person_class"], include=["person"], name="people_membership_unit"),
            models.Index(fields=["person"], name="people_membership_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.org_unit}"


class Post(models.Model):
    """A post held in a unit, dated; `is_head` marks the head of the organisation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(_("post"), max_length=120)
    is_head = models.BooleanField(_("head of the organisation"), default=False)
    during = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("post")

    def __str__(self) -> str:
        return self.title


class Exemption(models.Model):
    """`person` is exempt from meetings and study on the days of `during`; it leaves the base of the rates."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="exemptions")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=12, choices=ExemptionReason)
    note = models.CharField(_("note"), max_length=300, blank=True)
    decision_number = models.CharField(_("decision number"), max_length=80, blank=True)
    during = DateRangeField(_("valid"))

    class Meta:
        verbose_name = _("exemption")
        indexes = [models.Index(fields=["person"], name="people_exemption_person")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_reason_display()}"


class CorrectionRequest(models.Model):
    """A person asks for a correction of what is held; the unit's officer answers."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        CorrectionStatus.ASKED: frozenset({CorrectionStatus.DONE, CorrectionStatus.DECLINED}),
        CorrectionStatus.DONE: frozenset(),
        CorrectionStatus.DECLINED: frozenset(),
    }

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="correction_requests")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("what is not right"), max_length=2000)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=8, choices=CorrectionStatus, default=CorrectionStatus.ASKED)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("request for correction")

    def __str__(self) -> str:
        return f"{self.person}: {self.text[:60]}"
