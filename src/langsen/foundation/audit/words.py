"""The audit trail in plain words."""

from collections.abc import Mapping

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise

from langsen.foundation.audit.models import AuditEvent

_VERBS: dict[str, str | Promise] = {}


def register_verbs(verbs: Mapping[str, str | Promise]) -> None:
    """Say what each verb of an app is called; called from the app's `AppConfig.ready`.

    Raises:
        ValueError: two apps use one verb.
    """
    for verb, words in verbs.items():
        if verb in _VERBS and _VERBS[verb] is not words:
            raise ValueError(f"audit verb registered twice: {verb}")
        _VERBS[verb] = words


def registered_verbs() -> Mapping[str, str | Promise]:
    return _VERBS


def verb_words(event: AuditEvent) -> str:
    """Return what was done, in the reader's language; the bare verb when its app is gone."""
    return str(_VERBS.get(event.verb, event.verb))


def changed_fields(event: AuditEvent) -> list[tuple[str, object, object]]:
    """Return (field's name on the page, before, after) for each change the event recorded."""
    try:
        model = apps.get_model(event.object_type)
    except (LookupError, ValueError):
        return []
    rows = []
    for name, value in event.data.items():
        if not (isinstance(value, list) and len(value) == 2):
            continue
        try:
            label = str(model._meta.get_field(name).verbose_name)
        except FieldDoesNotExist:
            label = name
        rows.append((label, value[0], value[1]))
    return rows
