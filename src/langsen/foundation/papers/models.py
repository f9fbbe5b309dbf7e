"""What stands around the text of a document: the lines of an office's head, letterhead files, document numbers.

All dated: a document takes what was in force on its own day, so that an old one can be printed again as it was.
"""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from langsen.foundation.accounts.models import User
from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.papers.enums import Layout, NumberStatus


def _same_unit() -> tuple[Func, str]:
    """Integer equality for an exclusion constraint."""
    same = Func(F("org_unit_id"), F("org_unit_id"), Value("[]"), function="int8range")
    return same, RangeOperators.OVERLAPS


class Dated(models.Model):
    during = DateRangeField(_("in use"))

    class Meta:
        abstract = True

    @property
    def from_on(self) -> date | None:
        """The first day, or None for what held before as well."""
        first: date | None = self.during.lower
        return first

    @property
    def last_on(self) -> date | None:
        """The last day, or None while no end is set."""
        return self.during.upper - ONE_DAY if self.during.upper else None


class OfficeHead(Dated):
    """The lines an office wants on its documents, typed by hand; without a row they are derived from its name."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="paper_heads", verbose_name=_("unit"))
    layout = models.CharField(_("layout"), max_length=8, choices=Layout)
    superior_line = models.CharField(_("line of the superior organisation"), max_length=200, blank=True)
    own_line = models.CharField(_("own line"), max_length=200)
    org_code = models.CharField(_("code of the organisation"), max_length=30)
    place = models.CharField(_("place"), max_length=120)
    signed_for = models.CharField(_("on behalf of"), max_length=120, blank=True)
    signer_title = models.CharField(_("title of the signatory"), max_length=120, blank=True)
    recipients = models.TextField(_("recipients"), max_length=2000, blank=True, help_text=_("One per line."))
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("head of documents")
        ordering = ["org_unit_id", "layout", "during"]
        constraints = [
            ExclusionConstraint(
                name=f"papers_head_once_{layout}",
                expressions=[_same_unit(), ("during", RangeOperators.OVERLAPS)],
                condition=Q(layout=layout),
            )
            for layout in ("party", "state")
        ]

    def __str__(self) -> str:
        return self.own_line


class Letterhead(Dated):
    """A letterhead file. Those without a unit came with the program; an office's own holds for it and all below."""

    org_unit = models.ForeignKey(
        OrgUnit, null=True, on_delete=models.PROTECT, related_name="letterheads", verbose_name=_("unit")
    )
    layout = models.CharField(_("layout"), max_length=8, choices=Layout)
    profile = models.SlugField(_("profile"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=200)
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    is_verified = models.BooleanField(_("source verified"), default=False)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("letterhead")
        ordering = ["layout", "org_unit_id", "during"]
        constraints = [
            models.CheckConstraint(
                condition=Q(org_unit=None, content=None) | Q(org_unit__isnull=False, content__isnull=False),
                name="papers_letterhead_shipped_or_own",
            ),
            *(
                ExclusionConstraint(
                    name=f"papers_letterhead_once_{layout}",
                    expressions=[_same_unit(), ("during", RangeOperators.OVERLAPS)],
                    condition=Q(layout=layout, org_unit__isnull=False),
                )
                for layout in ("party", "state")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class NumberBook(Dated):
    """Own numbering of one kind of document: of a committee's term (Party) or of a year (State), without a break."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="number_books", verbose_name=_("unit"))
    layout = models.CharField(_("layout"), max_length=8, choices=Layout)
    kind = models.CharField(_("kind of document"), max_length=10, default="BC")
    first_number = models.PositiveIntegerField(_("first number"), default=1)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("book of document numbers")
        ordering = ["org_unit_id", "layout", "kind", "during"]
        constraints = [
            models.UniqueConstraint(fields=["org_unit", "layout", "kind", "during"], name="papers_book_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.during}"


class ReservedNumber(models.Model):
    """One number of a book, taken for a document; never given twice."""

    book = models.ForeignKey(NumberBook, on_delete=models.PROTECT, related_name="numbers")
    number = models.PositiveIntegerField(_("number"))
    status = models.CharField(_("state"), max_length=10, choices=NumberStatus, default=NumberStatus.RESERVED)
    subject = models.CharField(_("subject"), max_length=400, blank=True)
    reason = models.CharField(_("why it is not used"), max_length=300, blank=True)
    reserved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reserved_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number", "-id"]
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="papers_number_once")]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def org_unit_id(self) -> int:
        """The unit whose book it stands in: the trail asks."""
        return self.book.org_unit_id
