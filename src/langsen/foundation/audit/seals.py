"""The chain over the audit trail: sealing what has settled, and proving that nothing was altered since."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection, transaction

from langsen.foundation.audit.models import AuditEvent, AuditSeal
from langsen.foundation.audit.services import content_digest

_SEALER_LOCK = 0x4C53_5EA1  # any fixed number: one sealer at a time across processes
GENESIS = "0" * 64


def _chain(previous: str, events: Iterable[AuditEvent]) -> str:
    chain = hashlib.sha256(previous.encode())
    for event in events:
        chain.update(f"|{event.pk}:{event.digest}".encode())
    return chain.hexdigest()


@transaction.atomic
def seal_settled(limit: int = 20_000) -> AuditSeal | None:
    """Seal the committed events that have no seal yet, in order of id; return the new seal, or None if none waits.

    An event that commits after a later one simply goes into the next seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        row = cursor.fetchone()
        if not row or not row[0]:
            return None
    events = list(AuditEvent.objects.filter(seal=None).order_by("id")[:limit])
    if not events:
        return None
    last = AuditSeal.objects.order_by("-id").first()
    seal = AuditSeal.objects.create(
        first_id=events[0].pk,
        last_id=events[-1].pk,
        count=len(events),
        digest=_chain(last.digest if last else GENESIS, events),
    )
    AuditEvent.objects.filter(pk__in=[event.pk for event in events]).update(seal=seal)
    return seal


@dataclass(frozen=True)
class Verification:
    """What `verify` found: numbers of events and seals read, waiting events, and each fault in words."""

    events: int
    seals: int
    waiting: int
    faults: tuple[str, ...]
    last_digest: str

    @property
    def equal(self) -> bool:
        return not self.faults


def verify(printed_digest: str = "") -> Verification:
    """Recompute every event's digest and every seal; check that `printed_digest` (or its start) is one of the seals."""
    faults: list[str] = []
    previous, seals, events, printed_found = GENESIS, 0, 0, not printed_digest
    for seal in AuditSeal.objects.order_by("id").iterator():
        rows = list(AuditEvent.objects.filter(seal=seal).order_by("id"))
        faults += [
            f"event {row.pk}: content differs from its digest" for row in rows if content_digest(row) != row.digest
        ]
        if len(rows) != seal.count:
            faults.append(f"seal {seal.pk}: {len(rows)} events instead of {seal.count}")
        if _chain(previous, rows) != seal.digest:
            faults.append(f"seal {seal.pk}: the chain breaks here")
        printed_found = printed_found or seal.digest.startswith(printed_digest)
        previous, seals, events = seal.digest, seals + 1, events + len(rows)
    waiting = AuditEvent.objects.filter(seal=None)
    faults += [
        f"event {row.pk}: content differs from its digest"
        for row in waiting.iterator()
        if content_digest(row) != row.digest
    ]
    if not printed_found:
        faults.append(f"no seal begins with {printed_digest}")
    count = waiting.count()
    return Verification(events + count, seals, count, tuple(faults), previous)
