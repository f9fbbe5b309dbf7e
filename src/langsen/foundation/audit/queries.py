"""Reading the audit trail."""

from django.db import models
from django.db.models import QuerySet

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.audit.stores import store_of


def history_of(obj: models.Model) -> QuerySet[AuditEvent]:
    """Return what was done to `obj`, newest first. The caller has already loaded `obj` through its own scope."""
    events = AuditEvent.objects.using(store_of(obj))
    return events.filter(object_type=obj._meta.label_lower, object_id=obj.pk).order_by("-id")
