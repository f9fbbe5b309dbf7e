"""Recording, changing, cancelling communication outputs; many at once for imports and the demo."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from langsen.foundation.access.enums import Permission
from langsen.foundation.access.rules import require, require_all
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record, record_many
from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.signed_papers import NO_PAPER, SignedPaper
from langsen.foundation.core.text import fold
from langsen.foundation.orgs.models import OrgUnit
from langsen.registers.communications.enums import OutputStatus
from langsen.registers.communications.models import Output
from langsen.registers.communications.rules import check_kind, checked_link
from langsen.registers.kit.rules import (
    check_has_come,
    check_not_too_long_ago,
    check_unit_exists,
    checked_text,
    refuse,
)
from langsen.registers.kit.services import (
    cancel,
    check_unchanged,
    locked,
    require_not_cancelled,
    restore,
    to_restore,
    units_entered_for_others,
    write_changes,
)

BATCH = 2000
_RECORD = Permission.COMMUNICATIONS_RECORD


@dataclass(frozen=True)
class OutputFacts:
    """What a form or a row says about an output; whose it is stands apart."""

    kind: str
    title: str
    published_on: date
    channel: str = ""
    link: str = ""
    note: str = ""
    paper: SignedPaper = NO_PAPER


@transaction.atomic
def record_output(org_unit: OrgUnit, facts: OutputFacts, *, by: User) -> Output:
    """Record what `org_unit` published.

    Raises:
        NotAllowed: `by` records nothing in that unit.
        BadInput: the kind, the day, a text or the link is not right, the unit does not exist on the day, or the same
            output is recorded already.
    """
    require(by, _RECORD, org_unit)
    others = units_entered_for_others(by, [org_unit], _RECORD)
    with _once():
        output = Output.objects.create(**_new(org_unit, facts, others, by))
    record("output.recorded", output, by=by)
    return output


@transaction.atomic
def record_outputs(rows: Sequence[tuple[OrgUnit, OutputFacts]], *, by: User) -> list[Output]:
    """Record many outputs, in the order of `rows`; raises as `record_output` does, and then records none."""
    units = {unit.pk: unit for unit, _facts in rows}
    require_all(by, _RECORD, units)
    others = units_entered_for_others(by, units.values(), _RECORD)
    outputs = [Output(**_new(unit, facts, others, by)) for unit, facts in rows]
    with _once():
        Output.objects.bulk_create(outputs, batch_size=BATCH)
    record_many("output.recorded", outputs, by=by)
    return outputs


@transaction.atomic
def change_output(output: Output, facts: OutputFacts, *, by: User, seen: datetime | None = None) -> Output:
    """Change what is recorded about an output; its unit and state stay. `seen` is what the form was opened on.

    Raises:
        Conflict: somebody changed it since, or it is cancelled.
        BadInput: as for `record_output`.
    """
    require(by, _RECORD, output.org_unit)
    current = locked(Output, output.pk)
    check_unchanged(seen, current.changed_at)
    require_not_cancelled(current)
    with _once():
        write_changes(current, checked_columns(current.org_unit, facts), "output.changed", by=by)
    return current


@transaction.atomic
def cancel_output(output: Output, *, reason: str, by: User) -> Output:
    """Cancel an output with a reason: the record stays, and counts nowhere; raises as `kit.services.cancel` does."""
    return cancel(output, "output.cancelled", _RECORD, reason=reason, by=by)


@transaction.atomic
def restore_output(output: Output, *, by: User) -> Output:
    """Take a cancellation back.

    Raises:
        Conflict: it is not cancelled.
        BadInput: the same output has been recorded again meanwhile.
    """
    current, _was = to_restore(output, _RECORD, by=by)
    with _once():
        restore(current, OutputStatus.RECORDED, "output.restored", by=by)
    return current


def checked_columns(org_unit: OrgUnit, facts: OutputFacts) -> dict[str, Any]:
    """Return the columns of an output, every rule checked that needs no look at the store.

    Raises:
        BadInput: at the field concerned.
    """
    check_kind(facts.kind)
    title = checked_text(facts.title, "title", 300, required=True)
    channel = checked_text(facts.channel, "channel", 200)
    check_not_too_long_ago(facts.published_on, "published_on")
    check_has_come(facts.published_on, "published_on")
    check_unit_exists(org_unit, facts.published_on, "published_on")
    return {
        "kind": facts.kind,
        "title": title,
        "channel": channel,
        "folded": folded(title, channel),
        "published_on": facts.published_on,
        "link": checked_link(facts.link),
        "note": checked_text(facts.note, "note", 1000, lines=True),
        **facts.paper.checked().columns,
    }


def folded(title: str, channel: str) -> str:
    """Return what is searched in, and what makes two outputs of one day the same."""
    return fold(f"{title} {channel}")[:501].strip()


def _new(org_unit: OrgUnit, facts: OutputFacts, others: set[int], by: User) -> dict[str, Any]:
    return {
        "org_unit": org_unit,
        "recorded_by": by,
        "entered_for_other": org_unit.pk in others,
        **checked_columns(org_unit, facts),
    }


@contextmanager
def _once() -> Iterator[None]:
    """The store refuses the same output twice, also when two people record it at the same moment."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "communications_output_once" not in str(error):
            raise
        raise _already() from error


def _already() -> BadInput:
    return refuse("title", _("The same output of that day is recorded already. Look it up in the list."))
