"""Outlines, requests and reports. A number in a report is bound to its figure; at signing everything is fixed.

Text is plain: one line is one paragraph, `## ` begins a heading, `- ` an item, `**…**` is bold and `*…*` italic. A
bound number is a token in braces, `{8.198|study.sessions}`; what stands before the bar is for the eye (`text.tokens`).
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import ONE_DAY, Period
from langsen.foundation.core.signed_papers import SignedPaperColumns
from langsen.foundation.figures.enums import Reading
from langsen.foundation.orgs.models import Named, OrgUnit, UnitKind
from langsen.registers.programmes.models import Programme
from langsen.reports.enums import Cadence, Layout, ReportKind, ReportStatus


class Outline(Named):
    """A template of reports, dated data an office edits: its sections, sentences and appendix.

    `org_unit` keeps it for itself and every unit below; without one it came with the program. A changed outline is a
    new row with the same code from a later day; a report stays with the row it was begun under.
    """

    code = models.SlugField(_("code"), max_length=60)
    org_unit = models.ForeignKey(
        OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("kept by")
    )
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("programme")
    )
    cadence = models.CharField(_("period"), max_length=10, choices=Cadence, default=Cadence.FREE)
    layout = models.CharField(_("layout"), max_length=8, choices=Layout, default=Layout.PARTY)
    subject = models.CharField(
        _("subject"), max_length=400, help_text=_("The line under BÁO CÁO; {unit} and {period} are filled in.")
    )
    due_days = models.SmallIntegerField(
        _("due, days after the period"), default=0, help_text=_("Negative: before the last day of the period.")
    )
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_verified = models.BooleanField(_("source verified"), default=False)
    during = DateRangeField(_("in use"))

    class Meta:
        verbose_name = _("outline of reports")
        ordering = ["code", "during"]
        constraints = [models.UniqueConstraint(fields=["code", "during"], name="reports_outline_once")]

    def get_absolute_url(self) -> str:
        return reverse("reports:outline", args=[self.pk])

    @property
    def last_on(self) -> date | None:
        """The last day it is offered, or None while no end is set."""
        return self.during.upper - ONE_DAY if self.during.upper else None


class OutlineSection(models.Model):
    """A section of an outline: its heading and the sentences a draft begins with, tokens without numbers inside."""

    outline = models.ForeignKey(Outline, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(_("heading"), max_length=300)
    body = models.TextField(_("sentences"), max_length=20_000, blank=True)
    is_required = models.BooleanField(_("must be filled"), default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["outline", "position"], name="reports_outline_section_once")]

    def __str__(self) -> str:
        return self.heading


class OutlineFigure(models.Model):
    """A line of the appendix of numbers: a code of the catalogue, with the units below if `by_unit`."""

    outline = models.ForeignKey(Outline, on_delete=models.CASCADE, related_name="figures")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("figure"), max_length=80)
    by_unit = models.BooleanField(_("also by unit"), default=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["outline", "code"], name="reports_outline_figure_once")]

    def __str__(self) -> str:
        return self.code


class ReportCall(models.Model):
    """A request of `org_unit` to every unit below of these kinds, existing on the day it is due."""

    outline = models.ForeignKey(Outline, on_delete=models.PROTECT, related_name="calls", verbose_name=_("outline"))
    org_unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="report_calls", verbose_name=_("asked by")
    )
    kinds = models.ManyToManyField(UnitKind, related_name="+", verbose_name=_("kinds of units that report"))
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("to"))
    due_on = models.DateField(_("due on"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("request for reports")
        ordering = ["-due_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(first_on__lte=F("last_on")), name="reports_call_days"),
            models.UniqueConstraint(
                fields=["outline", "org_unit", "first_on", "last_on"],
                condition=Q(withdrawn_at=None),
                name="reports_call_once",
            ),
        ]
        indexes = [models.Index(fields=["org_unit", "due_on"], name="reports_call_unit_due")]

    def __str__(self) -> str:
        return f"{self.outline} {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("reports:call", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.first_on, self.last_on)


class CallExtension(models.Model):
    """A later due day, for one unit or, without one, for all; the latest day given holds."""

    call = models.ForeignKey(ReportCall, on_delete=models.CASCADE, related_name="extensions")
    org_unit = models.ForeignKey(OrgUnit, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(_("now due on"))
    reason = models.CharField(_("reason"), max_length=300)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.call_id} {self.due_on}"


class Report(SignedPaperColumns):
    """A report of a unit over a period. `signed_number`, `signed_on` and `signed_by` are set when it is issued.

    A correction is a report of its own that `answers` an earlier one. From `issued` on the content is fixed: the
    database refuses changes of the text, the numbers and the snapshot.
    """

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        ReportStatus.DRAFT: frozenset({ReportStatus.SIGNING, ReportStatus.CANCELLED}),
        ReportStatus.SIGNING: frozenset({ReportStatus.DRAFT, ReportStatus.ISSUED}),
        ReportStatus.ISSUED: frozenset({ReportStatus.SENT}),
        ReportStatus.SENT: frozenset({ReportStatus.RECEIVED, ReportStatus.SUPPLEMENT_ASKED}),
        ReportStatus.SUPPLEMENT_ASKED: frozenset({ReportStatus.RECEIVED}),
        ReportStatus.RECEIVED: frozenset({ReportStatus.SUPPLEMENT_ASKED}),
    }

    outline = models.ForeignKey(Outline, on_delete=models.PROTECT, related_name="reports", verbose_name=_("outline"))
    call = models.ForeignKey(ReportCall, null=True, on_delete=models.PROTECT, related_name="reports")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="reports", verbose_name=_("unit"))
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("to"))
    reading = models.CharField(_("organisation"), max_length=8, choices=Reading, default=Reading.THEN)
    layout = models.CharField(_("layout"), max_length=8, choices=Layout, default=Layout.PARTY)
    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind, default=ReportKind.ORIGINAL)
    answers = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="answered_by")
    subject = models.CharField(_("subject"), max_length=400)
    folded = models.CharField(max_length=400, editable=False)
    status = models.CharField(_("state"), max_length=16, choices=ReportStatus, default=ReportStatus.DRAFT)
    place = models.CharField(_("place"), max_length=120, blank=True)
    signed_for = models.CharField(_("on behalf of"), max_length=120, blank=True)
    signer_title = models.CharField(_("title of the signatory"), max_length=120, blank=True)
    recipients = models.TextField(_("recipients"), max_length=2000, blank=True)
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sent_to = models.ForeignKey(OrgUnit, null=True, on_delete=models.PROTECT, related_name="received_reports")
    received_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    asked_reason = models.CharField(_("what is asked for"), max_length=1000, blank=True)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("report")
        ordering = ["-last_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(first_on__lte=F("last_on")), name="reports_report_days"),
            models.CheckConstraint(
                condition=Q(kind="original", answers=None) | (~Q(kind="original") & Q(answers__isnull=False)),
                name="reports_report_answers",
            ),
            # One original of a unit, outline and period; one open answer to a report.
            models.UniqueConstraint(
                fields=["outline", "org_unit", "first_on", "last_on"],
                condition=Q(kind="original") & ~Q(status="cancelled"),
                name="reports_report_once",
            ),
            models.UniqueConstraint(
                fields=["answers"], condition=Q(status__in=["draft", "signing"]), name="reports_answer_once"
            ),
        ]
        indexes = [
            models.Index(fields=["-last_on", "-id"], name="reports_report_order"),
            models.Index(fields=["org_unit", "last_on"], name="reports_report_unit"),
            models.Index(fields=["sent_to", "status"], name="reports_report_sent_to"),
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(self.first_on, self.last_on)

    @property
    def title(self) -> str:
        """What it is called on pages: on paper the subject stands under the word BÁO CÁO."""
        return self.subject if self.subject.lower().startswith("báo cáo") else f"Báo cáo {self.subject}"

    @property
    def kept_sections(self) -> list["ReportSection"]:
        """The sections the report has: those of its outline but the ones left out."""
        return [section for section in self.sections.all() if not section.is_left_out]

    @property
    def heading(self) -> str:
        """The short name that heads its own pages, where the whole subject stands on the paper below."""
        if self.kind == ReportKind.ORIGINAL:
            return self.outline.name
        return f"{self.outline.name} ({self.get_kind_display()})"

    @property
    def tone(self) -> str:
        """The tone of the state badge."""
        return {
            ReportStatus.DRAFT: "warn",
            ReportStatus.SIGNING: "info",
            ReportStatus.ISSUED: "info",
            ReportStatus.SENT: "ok",
            ReportStatus.RECEIVED: "ok",
            ReportStatus.SUPPLEMENT_ASKED: "bad",
        }.get(ReportStatus(self.status), "idle")


class ReportSection(models.Model):
    """A section of one report. Tokens in `body` carry no number; the numbers lie in `ReportNumber`.

    One that is left out keeps its text for whoever puts it back; nothing else reads it (`Report.kept_sections`).
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(_("heading"), max_length=300)
    body = models.TextField(_("text"), max_length=40_000, blank=True)
    is_required = models.BooleanField(default=False)
    is_left_out = models.BooleanField(default=False)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="reports_section_once")]

    def __str__(self) -> str:
        return self.heading


class ReportNumber(models.Model):
    """The value a report holds for one figure of one unit: one, however often the text names it.

    So a report cannot say 25 in one place and 26 in another. `unit_code` is empty for the report's own unit.
    """

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="numbers")
    code = models.CharField(max_length=80)
    unit_code = models.CharField(max_length=40, blank=True)
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    numerator = models.BigIntegerField(null=True)
    denominator = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "code", "unit_code"], name="reports_number_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.unit_code}".strip()


class ReportSnapshot(models.Model):
    """What a report says, fixed when it goes to be signed: text, values, bases, ids of the records, and the hash.

    `content` is the canonical JSON the hash is of (`snapshots`); a draft taken back loses it.
    """

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="snapshot")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]
