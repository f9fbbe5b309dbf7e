"""Which database holds what: the contest store is a database of its own and knows no Party records.

No foreign key, join or transaction crosses the two. The audit trail is kept in both, each thing done beside its record.
"""

from typing import Any

from django.db import models

STORE = "contests"
"""The alias of the contest store in settings.DATABASES."""

_IN_STORE = frozenset({"contests", "quizzes", "arena", "results"})
_IN_BOTH = frozenset({"audit"})


class Stores:
    """Django's database router."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        """The contest store for its own models; an instance's own database for what lies in both."""
        if model._meta.app_label in _IN_STORE:
            return STORE
        instance = hints.get("instance")
        return instance._state.db if instance is not None and model._meta.app_label in _IN_BOTH else None

    db_for_write = db_for_read

    def allow_relation(self, one: models.Model, other: models.Model, **_hints: Any) -> bool | None:
        """Nothing points from one store into the other."""
        return (one._meta.app_label in _IN_STORE) == (other._meta.app_label in _IN_STORE)

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool | None:
        """The contest store has the contests and the audit trail; everything else lies in the other."""
        if app_label in _IN_BOTH:
            return True
        return (app_label in _IN_STORE) == (db == STORE)
