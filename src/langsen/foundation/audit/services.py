"""The one way into the audit trail."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS, models
from django.utils import timezone, translation

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.audit.stores import store_of
from langsen.foundation.core.copying import copy_rows

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_COLUMNS = (
    "at", "actor_id", "actor_name", "verb", "object_type", "object_id", "object_label", "unit_id", "data", "digest",
)  # fmt: skip


class Actor(Protocol):
    """Whoever acts: a user, or the system account of commands."""

    pk: Any

    @property
    def audit_name(self) -> str: ...


class Thing(NamedTuple):
    """A record something was done to: its key, its name as the log says it, the unit whose officers may read of it."""

    key: int
    label: str
    unit_id: int | None


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
    units = unit_of or {}
    things: dict[tuple[str, type[models.Model]], list[Thing]] = {}
    with translation.override(settings.LANGUAGE_CODE):
        for obj in objs:
            unit_id = units.get(obj.pk, getattr(obj, "org_unit_id", None))
            things.setdefault((store_of(obj), obj._meta.model), []).append(Thing(obj.pk, str(obj), unit_id))
    for (store, model), done in things.items():
        record_rows(verb, model, done, by=by, data=data, store=store)


def record_rows(
    verb: str,
    model: type[models.Model],
    things: Iterable[Thing],
    *,
    by: Actor,
    data: Mapping[str, object] | None = None,
    store: str = DEFAULT_DB_ALIAS,
) -> None:
    """As `record_many`, for records of `model` written without an object each; COPY in the caller's transaction."""
    at = timezone.now()
    plain = _plain(data)
    facts: tuple[Any, ...] = (by.pk, by.audit_name[:200], verb, model._meta.label_lower)
    canonical, moment, kept = _canonical_moment(at), at.isoformat(), json.dumps(plain)

    def row(thing: Thing) -> tuple[Any, ...]:
        own = (thing.key, thing.label[:300], thing.unit_id)
        return (moment, *facts, *own, kept, _digest([canonical, *facts, *own, plain]))

    copy_rows(AuditEvent, _COLUMNS, map(row, things), using=store)


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """Return `{"field": [before, after]}` for the fields that differ."""
    return {name: [before.get(name), after[name]] for name in after if before.get(name) != after[name]}


def content_digest(event: AuditEvent) -> str:
    """Return the SHA-256 (hex) of an event's own content, the same before and after a trip through the database."""
    content = [
        _canonical_moment(event.at),
        event.actor_id,
        event.actor_name,
        event.verb,
        event.object_type,
        event.object_id,
        event.object_label,
        event.unit_id,
        event.data,
    ]
    return _digest(content)


def _canonical_moment(at: datetime) -> str:
    return at.astimezone(timezone.get_default_timezone()).isoformat()


def _digest(content: list[Any]) -> str:
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()


def _plain(data: Mapping[str, object] | None) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(dict(data or {}), cls=DjangoJSONEncoder))
    return plain


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
    event = AuditEvent(
        at=at,
        actor_id=by.pk,
        actor_name=by.audit_name[:200],
        verb=verb,
        object_type=obj._meta.label_lower,
        object_id=obj.pk,
        object_label=label[:300],
        unit_id=unit_id if unit_id is not None else getattr(obj, "org_unit_id", None),
        data=_plain(data),
    )
    event.digest = content_digest(event)
    return event
