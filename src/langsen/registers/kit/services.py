"""Steps every use case of a register is made of. They run in the register's own transaction.

Two people at one record: the row is locked while a use case runs, and what a form was opened on is compared.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import grants_of, require, roles_with
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import changes, record
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.states import transition
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.kit.models import CANCELLED, RegisterRecord
from langsen.registers.kit.rules import checked_text

R = TypeVar("R", bound=RegisterRecord)


def locked(model: type[R], pk: int) -> R:
    """Return the record, locked until the transaction ends, as it stands now."""
    return model._default_manager.select_for_update(of=("self",)).select_related("org_unit").get(pk=pk)


def check_unchanged(seen: datetime | None, now: datetime) -> None:
    """Refuse when the record changed after the form was opened; None asks for no check.

    Raises:
        Conflict: nothing was recorded; the form keeps what was typed.
    """
    if seen is not None and seen != now:
        raise Conflict(
            _("Somebody else has changed this meanwhile. What you typed is still here: compare, then save again.")
        )


def require_not_cancelled(current: RegisterRecord) -> None:
    """A cancelled record is kept as it was.

    Raises:
        Conflict: it is cancelled.
    """
    if current.is_cancelled:
        raise Conflict(_("This is cancelled. Take the cancellation back first."))


def units_entered_for_others(by: User, units: Iterable[OrgUnit], permission: Permission) -> set[int]:
    """Return the ids of those `units` in which `by` holds no role of their own with `permission`.

    Their records are marked “nhập thay”: entry for somebody else is marked, not forbidden. Commands act for nobody
    and are not marked.
    """
    unit_ids = {unit.pk for unit in units}
    if by.is_system:
        return set()
    own = grants_of(by).filter(role__in=roles_with(permission), org_unit__in=unit_ids)
    return unit_ids - set(own.values_list("org_unit_id", flat=True))


def write_changes(current: RegisterRecord, columns: Mapping[str, Any], verb: str, *, by: User) -> bool:
    """Write `columns` into a locked record and record what changed; say whether anything did."""
    changed = changes({name: getattr(current, name) for name in columns}, columns)
    if not changed:
        return False
    for name, value in columns.items():
        setattr(current, name, value)
    current.save()
    changed.pop("folded", None)
    record(verb, current, by=by, data=changed)
    return True


def cancel(kept: R, verb: str, permission: Permission, *, reason: str, by: User) -> R:
    """Cancel a record with a reason: it stays, and counts nowhere.

    Raises:
        NotAllowed: `by` does not have `permission` in its unit.
        Conflict: it is cancelled already.
        BadInput: no reason is given.
    """
    require(by, permission, kept.org_unit)
    current = locked(type(kept), kept.pk)
    text = checked_text(reason, "reason", 300, required=True)
    was = current.status
    transition(current, CANCELLED, cancel_reason=text, cancelled_from=was, changed_at=timezone.now())
    record(verb, current, by=by, data={"cancel_reason": ["", text]})
    return current


def to_restore(kept: R, permission: Permission, *, by: User) -> tuple[R, str]:
    """Return a cancelled record, locked, and the state it had before, for the register to check once more.

    Raises:
        NotAllowed: `by` does not have `permission` in its unit.
        Conflict: it is not cancelled.
    """
    require(by, permission, kept.org_unit)
    current = locked(type(kept), kept.pk)
    if not current.is_cancelled:
        raise Conflict(_("This is not cancelled."))
    return current, current.cancelled_from


def restore(current: RegisterRecord, to: str, verb: str, *, by: User) -> None:
    """Take the cancellation of a locked record back: it is `to` again, and counts as before."""
    transition(current, to, cancel_reason="", cancelled_from="", changed_at=timezone.now())
    record(verb, current, by=by)
