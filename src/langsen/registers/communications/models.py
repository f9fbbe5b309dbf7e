"""What units published: columns, articles, books, posts, panels."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from langsen.foundation.evidence.models import EvidenceLink
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.communications.enums import OutputKind, OutputStatus
from langsen.registers.kit.models import RegisterRecord

LINK_LENGTH = 500


class Output(RegisterRecord):
    """One output `org_unit` published on a day, on a channel of its own or of somebody else; cancelled ones count not.

    The same title of one kind on one day and channel is the same output, however often it is sent.
    """

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]] = {
        OutputStatus.RECORDED: frozenset({OutputStatus.CANCELLED}),
        OutputStatus.CANCELLED: frozenset({OutputStatus.RECORDED}),
    }

    org_unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, related_name="communication_outputs", verbose_name=_("unit")
    )
    kind = models.CharField(pgettext_lazy("communication output", "kind"), max_length=10, choices=OutputKind)
    title = models.CharField(_("title"), max_length=300)
    channel = models.CharField(_("channel"), max_length=200, blank=True)
    folded = models.CharField(max_length=501, editable=False)
    published_on = models.DateField(_("day"))
    link = models.CharField(_("link"), max_length=LINK_LENGTH, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    status = models.CharField(_("state"), max_length=10, choices=OutputStatus, default=OutputStatus.RECORDED)

    class Meta:
        verbose_name = _("communication output")
        ordering = ["-published_on", "-id"]
        indexes = [
            models.Index(fields=["org_unit", "published_on"], name="communications_unit_day"),
            models.Index(fields=["-published_on", "-id"], name="communications_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["org_unit", "published_on", "kind", "folded"],
                condition=Q(status=OutputStatus.RECORDED),
                name="communications_output_once",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("communications:output", args=[self.pk])

    @property
    def tone(self) -> str:
        """The tone of the state badge."""
        return "idle" if self.is_cancelled else "ok"


class OutputEvidence(EvidenceLink):
    """A picture or paper of an output: the scan of an article, the photo of a panel."""

    record = models.ForeignKey(Output, on_delete=models.PROTECT, related_name="evidence")

    class Meta(EvidenceLink.Meta):
        verbose_name = _("picture or paper of a communication output")

    @classmethod
    def refuse_change(cls, record: Any) -> str:
        return gettext("This is cancelled. Take the cancellation back first.") if record.is_cancelled else ""
