"""What entrants do about their own details: put them right until the close, take consent back at any time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.contests.contests.consents import record_consent, withdraw_consents
from langsen.contests.contests.enums import AskedField, ConsentKind, SignUp
from langsen.contests.contests.models import Contest, ContestUnit, Entrant
from langsen.contests.contests.page_version import raise_page_version
from langsen.contests.contests.phones import plain_phone
from langsen.contests.contests.queries.public import is_open_for_sign_up
from langsen.contests.contests.services.signing_up import checked_unit, flag_likeness, in_turn
from langsen.contests.stores import STORE
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.people.rules import clean_name, name_keys


@dataclass
class Themselves:
    """An entrant as the one who acts, known by the public number alone."""

    audit_name: str
    pk: Any = None


@transaction.atomic(using=STORE)
def correct_own_details(
    entrant: Entrant, *, full_name: str, phone: str = "", unit_id: int | None = None, at: datetime
) -> None:
    """Put name, phone and unit right; what the contest does not ask for is left alone.

    Raises:
        BadInput: with the fields that do not fit.
        Conflict: the contest is over; ask the organiser.
    """
    contest = entrant.contest
    if not is_open_for_sign_up(contest, at) or entrant.forgotten_at:
        raise Conflict(_("The contest is over: please ask the organiser to put your details right."))
    columns = _corrected(contest, full_name, phone, unit_id)
    with in_turn(contest):
        changed = [name for name, value in columns.items() if getattr(entrant, name) != value]
        Entrant.objects.filter(pk=entrant.pk).update(**columns)
        entrant.refresh_from_db()
        flag_likeness(entrant)
    if changed:
        fields = [name for name in changed if name not in {"folded", "sort_key"}]
        _record("entrant.corrected_self", entrant, {"fields": fields})


@transaction.atomic(using=STORE)
def choose_publishing(entrant: Entrant, *, agrees: bool, at: datetime) -> None:
    """Give or take back the consent that the full name is published; both are recorded."""
    if (
        not Entrant.objects.filter(pk=entrant.pk, forgotten_at=None)
        .exclude(may_publish_name=agrees)
        .update(may_publish_name=agrees)
    ):
        return
    entrant.may_publish_name = agrees
    if agrees:
        record_consent(entrant, ConsentKind.PUBLISH_NAME, at=at)
    else:
        withdraw_consents(entrant, ConsentKind.PUBLISH_NAME, at=at)
    _record("entrant.publishing_chosen", entrant, {"agrees": agrees})


def _corrected(contest: Contest, full_name: str, phone: str, unit_id: int | None) -> dict[str, object]:
    faults: dict[str, object] = {}
    columns: dict[str, object] = {}
    try:
        name = clean_name(full_name)
        columns |= {"full_name": name} | name_keys(name)
    except BadInput as error:
        faults |= error.fields
    try:
        if AskedField.PHONE in contest.asks and contest.sign_up != SignUp.SMS:
            columns["phone"] = plain_phone(phone)
    except BadInput as error:
        faults |= error.fields
    try:
        if AskedField.UNIT in contest.asks:
            unit: ContestUnit | None = checked_unit(contest, unit_id)
            columns["unit_id"] = unit.pk if unit else None
    except BadInput as error:
        faults |= error.fields
    if faults:
        raise BadInput(_("Please look at the marked lines."), fields=faults)
    return columns


def _record(verb: str, entrant: Entrant, data: dict[str, object]) -> None:
    record(verb, entrant, by=Themselves(entrant.public_number), data=data)
    raise_page_version(entrant.contest_id)
