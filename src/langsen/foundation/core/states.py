"""One way to change a state: a guarded UPDATE along the transitions its model declares."""

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

from django.db import models
from django.utils.translation import gettext as _

from langsen.foundation.core.errors import Conflict


class HasTransitions(Protocol):
    """A model with a `status` field and a `TRANSITIONS` dict: state -> states it may become."""

    TRANSITIONS: ClassVar[Mapping[str, frozenset[str]]]
    status: Any


def transition(obj: models.Model, to: str, **changes: Any) -> None:
    """Move `obj` to status `to` and set `changes`, only if its stored status still allows it.

    The UPDATE names the statuses it may come from, so of two clicks at once one wins and the other gets `Conflict`.

    Raises:
        Conflict: the stored status does not lead to `to` (any more).
    """
    transitions: Mapping[str, frozenset[str]] = obj.TRANSITIONS  # type: ignore[attr-defined]
    sources = [state for state, targets in transitions.items() if to in targets]
    changed = type(obj)._default_manager.filter(pk=obj.pk, status__in=sources).update(status=to, **changes)
    if changed != 1:
        raise Conflict(_("This has meanwhile been changed by somebody else. Nothing was changed now; open it again."))
    obj.status = to  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(obj, name, value)
