"""The one way into the audit trail."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone, translation

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.audit.stores import store_of


class Actor(Protocol):
    """Whoever acts: a user, or the system account of commands."""

    pk: Any

    @property
    def audit_name(self) -> str: ...


def record(
    verb: str,
    obj: models.Model,
    *,
    by: Actor,
    unit_id: int | None = None,
    data: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Record in the caller's transaction that `by` did `verb` to `obj`, in the database that `obj` lies in.

    `verb` is `noun.verbed` and has words in `audit.words`. `unit_id` is the unit whose officers may read the event;
    by default `obj.org_unit_id`. `data` holds what changed, as `{"field": [before, after]}`, or plain facts.
    Sensitive values never go into `data`; their field names do.
    """
    event = _event(verb, obj, by=by, unit_id=unit_id, data=data, at=timezone.now())
    event.save(force_insert=True, using=store_of(obj))
    return event


def record_many(
    verb: str,
    objs: Iterable[models.Model],
    *,
    by: Actor,
    data: Mapping[str, object] | None = None,
    unit_of: Mapping[int, int] | None = None,
) -> None:
    """Record the same `verb` for many objects at once (imports, demo).

    `unit_of` maps an object's key to its unit, for objects that do not carry one themselves.
    """
    at = timezone.now()
    units = unit_of or {}
    events: dict[str, list[AuditEvent]] = {}
    for obj in objs:
        event = _event(verb, obj, by=by, unit_id=units.get(obj.pk), data=data, at=at)
        events.setdefault(store_of(obj), []).append(event)
    for store, rows in events.items():
        AuditEvent.objects.using(store).bulk_create(rows, batch_size=2000)


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """Return `{"field": [before, after]}` for the fields that differ."""
    return {name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]}


def content_digest(event: AuditEvent) -> str:
    """Return the SHA-256 (hex) of an event's own content, the same before and after a trip through the database."""
    content = [
        event.at.astimezone(timezone.get_default_timezone()).isoformat(),
        event.actor_id,
        event.actor_name,
        event.verb,
        event.object_type,
        event.object_id,
        event.object_label,
        event.unit_id,
        event.data,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _event(
    verb: str,
    obj: models.Model,
    *,
    by: Actor,
    unit_id: int | None,
    data: Mapping[str, object] | None,
    at: datetime,
) -> AuditEvent:
    with translation.override(settings.LANGUAGE_CODE):  # the log is kept in one language, whoever writes
        label = str(obj)
    plain = json.loads(json.dumps(dict(data or {}), cls=DjangoJSONEncoder))
    event = AuditEvent(
        at=at,
        actor_id=by.pk,
        actor_name=by.audit_name[:200],
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        object_label=label[:300],
        unit_id=unit_id if unit_id is not None else getattr(obj, "org_unit_id", None),
        data=plain,
    )
    event.digest = content_digest(event)
    return event
