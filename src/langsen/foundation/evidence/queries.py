"""What lists and histories say about attached files."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.evidence.models import EvidenceLink


def attached_count(link: type[EvidenceLink]) -> Coalesce:
    """Return how many files a record has, to annotate a list: `rows.annotate(attached=attached_count(MyEvidence))`."""
    rows: Any = link.rows_of(OuterRef("pk"))
    rows = rows.order_by().values("record").annotate(n=Count("pk"))
    return Coalesce(Subquery(rows.values("n")), 0, output_field=IntegerField())


def attached_facts(event: AuditEvent) -> list[str]:
    """Return what the history of a record says about an event of its files: their names, and why one was taken off."""
    if not event.verb.startswith("evidence."):
        return []
    return [str(event.data[name]) for name in ("files", "reason") if event.data.get(name)]
