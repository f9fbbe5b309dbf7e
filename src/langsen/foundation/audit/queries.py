"""Reading the audit trail."""

from collections.abc import Iterable

from django.db import models
from django.db.models import QuerySet

from langsen.foundation.audit.models import AuditEvent


def history_of(obj: models.Model) -> QuerySet[AuditEvent]:
    """Return what was done to `obj`, newest first. The caller has already loaded `obj` through its own scope."""
    return AuditEvent.objects.filter(object_type=obj._meta.label_lower, object_id=obj.pk).order_by("-id")


def events_of_units(unit_ids: Iterable[int]) -> QuerySet[AuditEvent]:
    """Return the events recorded for these units (ids or a `values` query), newest first."""
    return AuditEvent.objects.filter(unit_id__in=unit_ids).order_by("-id")
