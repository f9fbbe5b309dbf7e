"""The audit trail in plain words."""

import re
from collections.abc import Mapping
from datetime import date

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.text import day_text

# Facts that stand in events under a name no field of the object has, or whose field has no words of its own.
_FACTS: dict[str, str | Promise] = {
    "org_unit": gettext_lazy("unit"),
    "user": gettext_lazy("account"),
    "days": gettext_lazy("valid"),
    "during": gettext_lazy("valid"),
    "role": gettext_lazy("role"),
    "superior": gettext_lazy("superior"),
    "caption": gettext_lazy("caption"),
}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

_VERBS: dict[str, str | Promise] = {}
_VALUES: dict[str, Mapping[str, str | Promise]] = {}


def register_verbs(verbs: Mapping[str, str | Promise]) -> None:
    """Say what each verb of an app is called; called from the app's `AppConfig.ready`.

    Raises:
        ValueError: two apps use one verb.
    """
    for verb, words in verbs.items():
        if verb in _VERBS and _VERBS[verb] is not words:
            raise ValueError(f"audit verb registered twice: {verb}")
        _VERBS[verb] = words


def register_values(fields: Mapping[str, Mapping[str, str | Promise]]) -> None:
    """Say what the keys inside a list or object are called; fields are named `app.Model.field`."""
    _VALUES.update(fields)


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
        label, choices = _field_words(model, name)
        rows.append((label, _shown(value[0], choices), _shown(value[1], choices)))
    return rows


def _field_words(model: type[models.Model], name: str) -> tuple[str, dict[object, object]]:
    """Return what the page calls a field, and the words of its values when they are a choice."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return str(_FACTS.get(name, name)), {}
    if name in _FACTS:
        return str(_FACTS[name]), {}
    inside = _VALUES.get(f"{model._meta.label}.{name}", {})
    return str(getattr(field, "verbose_name", name)), {**dict(getattr(field, "flatchoices", ())), **inside}


def _shown(value: object, choices: dict[object, object]) -> object:
    if isinstance(value, list):
        return ", ".join(str(_shown(one, choices)) for one in value)
    if isinstance(value, dict):
        return "; ".join(f"{_shown(key, choices)}: {_shown(one, {})}" for key, one in value.items())
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return day_text(date.fromisoformat(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return choices.get(value, value)
