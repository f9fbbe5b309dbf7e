"""Programmes and themes: dated data, each with its source, so that a new directive is a new row."""

from datetime import date

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.periods import ONE_DAY
from langsen.foundation.orgs.models import Named, OrgUnit
from langsen.foundation.people.enums import PersonClass


class Programme(Named):
    """A directive or conclusion the work follows, with the days it is in force."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    document_number = models.CharField(_("document"), max_length=80)
    issued_on = models.DateField(_("issued on"))
    source = models.CharField(_("source"), max_length=300)
    during = DateRangeField(_("in force"))

    class Meta:
        verbose_name = _("programme")
        ordering = ["issued_on", "id"]

    @property
    def last_on(self) -> date | None:
        """The last day it is in force, or None while no end is known."""
        return self.during.upper - ONE_DAY if self.during.upper else None


class ThemeKind(models.TextChoices):
    TERM = "term", _("term-long theme")
    ANNUAL = "annual", _("annual theme")
    OCCASION = "occasion", _("theme of an occasion")


class Theme(Named):
    """A theme that obliges classes of people in a unit and all below it to study, on the days of `during`."""

    code = models.SlugField(_("code"), max_length=60, unique=True)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="themes", verbose_name=_("programme")
    )
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="themes", verbose_name=_("issued by"))
    kind = models.CharField(_("kind"), max_length=10, choices=ThemeKind)
    during = DateRangeField(_("in force"))
    obliged_classes = ArrayField(
        models.CharField(max_length=24, choices=PersonClass), verbose_name=_("who must study"), default=list
    )
    source = models.CharField(_("source"), max_length=300)
    is_verified = models.BooleanField(_("source verified"), default=False)

    class Meta:
        verbose_name = _("theme")
        ordering = ["-during", "id"]

    def get_absolute_url(self) -> str:
        return reverse("programmes:theme", args=[self.code])

    @property
    def last_on(self) -> date | None:
        """The last day it is in force, or None while no end is set."""
        return self.during.upper - ONE_DAY if self.during.upper else None
