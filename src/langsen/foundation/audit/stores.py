"""Where the trail lies: in every database that has it, each thing done beside its record."""

from django.conf import settings
from django.db import models, router

TRAIL = "audit"


def store_of(obj: models.Model) -> str:
    """Return the alias of the database in which the trail of `obj` is written: the object's own."""
    state = getattr(obj, "_state", None)
    own: str | None = state.db if state is not None else None
    return own or str(router.db_for_write(obj._meta.model))


def audited_stores() -> list[str]:
    """Return the aliases of the databases that have a trail, the register store first."""
    return [alias for alias in settings.DATABASES if router.allow_migrate(alias, TRAIL)]
