"""The people in a contest: their sign-up, consents, codes, and the unusual signs about them."""

from collections.abc import Mapping
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from langsen.contests.contests.enums import (
    ConsentKind,
    EntrantStatus,
    FlagKind,
    FlagStatus,
)
from langsen.contests.contests.models.contest import PERSON_LENGTH, Contest, ContestUnit


class Entrant(models.Model):
    """Somebody who signed up for one contest; not an account of staff.

    `number` is public ("TS-000123" on lists), the code is not: it alone resumes a paper and finds a result, and only
    its keyed digest is kept (`codes.digest_of`). `phone` is kept as digits, `folded` for search.
    """

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        EntrantStatus.ACTIVE: frozenset({EntrantStatus.BARRED, EntrantStatus.MERGED}),
        EntrantStatus.BARRED: frozenset({EntrantStatus.ACTIVE, EntrantStatus.MERGED}),
        EntrantStatus.MERGED: frozenset({EntrantStatus.ACTIVE}),
    }

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="entrants")
    number = models.PositiveIntegerField()
    code_digest = models.CharField(max_length=64, unique=True)
    code_issued_at = models.DateTimeField()
    full_name = models.CharField(_("full name"), max_length=PERSON_LENGTH)
    folded = models.CharField(max_length=PERSON_LENGTH, editable=False)
    sort_key = models.CharField(max_length=600, editable=False)
    phone = models.CharField(_("phone"), max_length=15, blank=True)
    mail = models.EmailField(_("mail address"), blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    is_member = models.BooleanField(_("Party member"), null=True)
    unit = models.ForeignKey(ContestUnit, null=True, on_delete=models.PROTECT, related_name="entrants")
    guardian_name = models.CharField(_("guardian"), max_length=PERSON_LENGTH, blank=True)
    guardian_consented_at = models.DateTimeField(null=True)
    consented_at = models.DateTimeField()
    may_publish_name = models.BooleanField(_("agrees that the full name is published"), default=False)
    status = models.CharField(max_length=8, choices=EntrantStatus, default=EntrantStatus.ACTIVE)
    status_reason = models.CharField(max_length=300, blank=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    extra_seconds = models.PositiveIntegerField(_("extra time"), default=0)
    identity_checked_at = models.DateTimeField(null=True)
    identity_checked_by = models.CharField(max_length=200, blank=True)
    signed_up_at = models.DateTimeField(auto_now_add=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("entrant")
        ordering = ["contest_id", "number"]
        constraints = [models.UniqueConstraint(fields=["contest", "number"], name="contests_entrant_number")]
        indexes = [
            models.Index(fields=["contest", "phone"], name="contests_entrant_phone"),
            models.Index(fields=["contest", "sort_key"], name="contests_entrant_name"),
            models.Index(fields=["contest", "folded"], name="contests_entrant_folded"),
            models.Index(fields=["contest", "mail"], name="contests_entrant_mail", condition=~Q(mail="")),
            models.Index(fields=["unit"], name="contests_entrant_unit"),
            # The few with something out of the ordinary: a running arena asks for them every two seconds.
            models.Index(
                fields=["contest"],
                name="contests_entrant_special",
                condition=~Q(status=EntrantStatus.ACTIVE) | Q(extra_seconds__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.public_number

    @property
    def public_number(self) -> str:
        return f"TS-{self.number:06d}"

    @property
    def org_unit_id(self) -> int:
        return self.contest.organiser_id


class ConsentText(models.Model):
    """The words somebody agreed to, kept once for each wording; `version` is the beginning of their SHA-256."""

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="consent_texts")
    kind = models.CharField(max_length=12, choices=ConsentKind)
    version = models.CharField(max_length=16)
    text = models.TextField()
    first_shown_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "kind", "version"], name="contests_consent_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.version})"


class Consent(models.Model):
    """What an entrant agreed to, when and in which words, and when they took it back."""

    entrant = models.ForeignKey(Entrant, on_delete=models.CASCADE, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("consent")
        ordering = ["entrant_id", "id"]

    def __str__(self) -> str:
        return str(self.text)


class SignUpCode(models.Model):
    """A code on its way to an address, to prove that the address is the person's own: single use, soon over.

    Only keyed digests of the address and of the code are kept.
    """

    contest = models.ForeignKey(Contest, on_delete=models.CASCADE, related_name="sign_up_codes")
    address_digest = models.CharField(max_length=64)
    code_digest = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["contest", "address_digest"], name="contests_code_address")]

    def __str__(self) -> str:
        return str(self.pk)


class RateCount(models.Model):
    """How often something was tried in the stretch of time that began at `began_at`; `key` is a keyed digest."""

    key = models.CharField(max_length=64, primary_key=True)
    began_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.key[:8]


class EntrantFlag(models.Model):
    """An unusual sign about an entrant: raised by a machine, decided by a person."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        FlagStatus.OPEN: frozenset({FlagStatus.CLEARED, FlagStatus.UPHELD}),
        FlagStatus.CLEARED: frozenset({FlagStatus.UPHELD}),
        FlagStatus.UPHELD: frozenset({FlagStatus.CLEARED}),
    }

    entrant = models.ForeignKey(Entrant, on_delete=models.CASCADE, related_name="flags")
    kind = models.CharField(max_length=16, choices=FlagKind)
    about = models.CharField(max_length=300)
    key = models.CharField(max_length=80)
    status = models.CharField(max_length=8, choices=FlagStatus, default=FlagStatus.OPEN)
    decided_reason = models.CharField(max_length=300, blank=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("unusual sign")
        ordering = ["-raised_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["entrant", "kind", "key"], name="contests_flag_once")]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def org_unit_id(self) -> int:
        return self.entrant.contest.organiser_id
