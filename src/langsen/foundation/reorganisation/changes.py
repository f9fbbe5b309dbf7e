"""What an operation rests on, what it tells the registers, and the frame every operation runs in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.periods import today
from langsen.foundation.orgs.homes import rebuild_closure, rebuild_homes, refresh_names
from langsen.foundation.orgs.models import Operation, OrgChange, OrgUnit, TreeState
from langsen.foundation.orgs.queries import lock_tree


@dataclass(frozen=True)
class Decision:
    """The paper an operation rests on. Only the first building of a tree may do without number and day."""

    number: str = ""
    decided_on: date | None = None
    signatory: str = ""
    note: str = ""


NO_DECISION = Decision()


@dataclass(frozen=True)
class Change:
    """What the registers hear of an operation, inside its transaction.

    `predecessors` are the units that end with `effective_on` (it is the first day without them); none when a unit is
    established, renamed, moved, or only loses a part. `successors` take over. `mapping` holds, by predecessor id, the
    id of the one unit its people go to; a predecessor that is divided without saying so is absent, and its people
    stay with it until an officer transfers them.
    """

    operation: Operation
    effective_on: date
    change: OrgChange
    by: User
    predecessors: tuple[OrgUnit, ...] = ()
    successors: tuple[OrgUnit, ...] = ()
    mapping: Mapping[int, int] = field(default_factory=dict)


_heard: ContextVar[list[Change] | None] = ContextVar("heard", default=None)


@contextmanager
def hearing() -> Iterator[list[Change]]:
    """Collect every change announced inside the block: a preview asks what an operation was."""
    changes: list[Change] = []
    token = _heard.set(changes)
    try:
        yield changes
    finally:
        _heard.reset(token)


def announce(change: Change) -> None:
    """Let every register that keeps dated things in units follow, as listed in `LANGSEN_REORGANISED_HOOKS`."""
    heard = _heard.get()
    if heard is not None:
        heard.append(change)
    for name in settings.LANGSEN_REORGANISED_HOOKS:
        follow: Callable[[Change], None] = import_string(name)
        follow(change)


@contextmanager
def operation_on_tree(tree_version: int | None) -> Iterator[None]:
    """Hold the tree for one operation: all of it happens, or nothing.

    `tree_version` is the version the person's form was opened on; None when the caller read the tree in this very
    transaction.

    Raises:
        Conflict: the tree changed since, or the store refuses what would overlap or go in a circle.
    """
    try:
        with transaction.atomic():
            state = lock_tree()
            check_version(state.version, tree_version)
            yield
    except IntegrityError as error:
        raise Conflict(_refusal(str(error))) from error


def check_version(stored: int, opened_on: int | None) -> None:
    """Refuse when the tree has changed since a form was opened.

    Raises:
        Conflict: in words for the person who was second.
    """
    if opened_on is not None and stored != opened_on:
        raise Conflict(
            _(
                "Somebody else has meanwhile changed the organisation. Nothing was changed now; open the page again, "
                "look at the units as they are, and repeat it if it is still needed."
            )
        )


def settle(unit_ids: Sequence[int]) -> None:
    """Derive closure, homes and newest names after placements of these units were rewritten; raise the version."""
    rebuild_closure(unit_ids)
    day = today()
    rebuild_homes(day)
    refresh_names(day)
    TreeState.objects.filter(pk=1).update(version=F("version") + 1)


def note_change(
    operation: Operation,
    units: Sequence[OrgUnit],
    *,
    effective_on: date,
    decision: Decision,
    facts: Mapping[str, object],
    by: User,
) -> OrgChange:
    """Write the operation down with its decision; one recorded after its day is marked."""
    change = OrgChange.objects.create(
        operation=operation,
        effective_on=effective_on,
        decision_number=decision.number,
        decided_on=decision.decided_on,
        signatory=decision.signatory,
        note=decision.note,
        facts={**facts, "back_dated": effective_on < today()},
        recorded_by=by,
    )
    links = OrgChange.units.through
    links.objects.bulk_create([links(orgchange_id=change.pk, orgunit_id=unit.pk) for unit in units], batch_size=5000)
    return change


def _refusal(words: str) -> str:
    """Say in plain words which guarantee of the store was hit."""
    guarantees = {
        "orgs_closure_acyclic": _("A unit would stand below itself. Nothing was changed."),
        "orgs_placement_not_self": _("A unit would stand below itself. Nothing was changed."),
        "orgs_placement_once": _("A unit would stand under two superiors on the same day. Nothing was changed."),
        "orgs_name_once": _("A unit would have two names on the same day. Nothing was changed."),
        "orgs_second_link": _("A unit would have two superiors of one line on the same day. Nothing was changed."),
        "orgs_unit_range": _("A unit would end before it begins. Nothing was changed."),
        "orgs_orgunit_code": _("This code is already in use. Nothing was changed."),
    }
    named = (refusal for constraint, refusal in guarantees.items() if constraint in words)
    return next(named, _("The store refused this change. Nothing was changed."))
