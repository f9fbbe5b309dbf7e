"""The chain over the audit trail: sealing what has settled, and proving that nothing was altered since.

Each store has a trail and a chain of its own (`stores.audited_stores`).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from langsen.foundation.audit.models import AuditEvent, AuditSeal
from langsen.foundation.audit.services import content_digest

_SEALER_LOCK = 0x4C53_5EA1  # any fixed number: one sealer at a time across processes
GENESIS = "0" * 64


def _chain(previous: str, events: Iterable[AuditEvent]) -> str:
    chain = hashlib.sha256(previous.encode())
    for event in events:
        chain.update(f"|{event.pk}:{event.digest}".encode())
    return chain.hexdigest()


def seal_settled(limit: int = 20_000, *, store: str = DEFAULT_DB_ALIAS) -> AuditSeal | None:
    """Seal one store's committed events that have no seal yet, in order of id.

    Return the new seal, or None if none waits. An event that commits after a later one goes into the next seal.
    """
    with transaction.atomic(using=store):
        return _seal(limit, store)


def _seal(limit: int, store: str) -> AuditSeal | None:
    trail, chain = AuditEvent.objects.using(store), AuditSeal.objects.using(store)
    with connections[store].cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        row = cursor.fetchone()
        if not row or not row[0]:
            return None
    events = list(trail.filter(seal=None).order_by("id")[:limit])
    if not events:
        return None
    last = chain.order_by("-id").first()
    seal = chain.create(
        first_id=events[0].pk,
        last_id=events[-1].pk,
        count=len(events),
        digest=_chain(last.digest if last else GENESIS, events),
    )
    trail.filter(pk__in=[event.pk for event in events]).update(seal=seal)
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


def verify(printed_digest: str = "", *, store: str = DEFAULT_DB_ALIAS) -> Verification:
    """Recompute every event's digest and every seal of one store.

    `printed_digest`, or its start, must be one of the seals.
    """
    trail = AuditEvent.objects.using(store)
    faults: list[str] = []
    previous, seals, events, printed_found = GENESIS, 0, 0, not printed_digest
    for seal in AuditSeal.objects.using(store).order_by("id").iterator():
        rows = list(trail.filter(seal=seal).order_by("id"))
        faults += [
            f"event {row.pk}: content differs from its digest" for row in rows if content_digest(row) != row.digest
        ]
        if len(rows) != seal.count:
            faults.append(f"seal {seal.pk}: {len(rows)} events instead of {seal.count}")
        if _chain(previous, rows) != seal.digest:
            faults.append(f"seal {seal.pk}: the chain breaks here")
        printed_found = printed_found or seal.digest.startswith(printed_digest)
        previous, seals, events = seal.digest, seals + 1, events + len(rows)
    waiting = trail.filter(seal=None)
    faults += [
        f"event {row.pk}: content differs from its digest"
        for row in waiting.iterator()
        if content_digest(row) != row.digest
    ]
    if not printed_found:
        faults.append(f"no seal begins with {printed_digest}")
    count = waiting.count()
    return Verification(events + count, seals, count, tuple(faults), previous)
