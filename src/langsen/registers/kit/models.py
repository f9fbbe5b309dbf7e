"""The columns every record of a register keeps besides its own."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from langsen.foundation.accounts.models import User
from langsen.foundation.core.signed_papers import SignedPaperColumns

CANCELLED = "cancelled"


class RegisterRecord(SignedPaperColumns):
    """A record of a unit on a day, that may rest on a signed paper, is cancelled with a reason and never deleted.

    The register's own model adds `org_unit`, the day, `status` (one of them `CANCELLED`) and `TRANSITIONS`.
    `changed_at` moves with every change: a form carries it, so that nobody overwrites what they have not seen.
    """

    org_unit: Any
    org_unit_id: int
    status: Any

    cancel_reason = models.CharField(_("why it was cancelled"), max_length=300, blank=True)
    cancelled_from = models.CharField(max_length=10, blank=True, editable=False)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    @property
    def is_cancelled(self) -> bool:
        return bool(self.status == CANCELLED)
