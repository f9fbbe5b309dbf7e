"""People who may not take part: a later sign-up with such a name or phone is flagged for the board to look at."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.contests.contests.models import PERSON_LENGTH, BarredPerson, Contest
from langsen.contests.contests.phones import plain_phone
from langsen.contests.contests.services.steps import to_change
from langsen.contests.stores import STORE
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.text import fold
from langsen.registers.kit.rules import checked_text, refuse

MOST_AT_ONCE = 500


@transaction.atomic(using=STORE)
def bar_people(contest: Contest, people: Sequence[tuple[str, str]], *, reason: str, by: User) -> int:
    """List people (full name, phone or "") who may not take part; who is listed already is left. Returns how many.

    Raises:
        NotAllowed, Conflict: no right; cancelled.
        BadInput: no reason, nobody, too many, a name too long.
    """
    current = to_change(contest, by)
    why = checked_text(reason, "reason", 200, required=True)
    if not people or len(people) > MOST_AT_ONCE:
        raise refuse("people", _("Write from 1 to %(most)s people, one a line.") % {"most": MOST_AT_ONCE})
    known = set(current.barred.values_list("folded", "phone"))
    made = []
    for name, phone in people:
        full_name = checked_text(name, "people", PERSON_LENGTH, required=True)
        key = fold(full_name), plain_phone(phone) if phone else ""
        if key not in known:
            known.add(key)
            made.append(BarredPerson(contest=current, full_name=full_name, folded=key[0], phone=key[1], reason=why))
    BarredPerson.objects.bulk_create(made)
    record("contest.people_barred", current, by=by, data={"count": len(made), "reason": why})
    return len(made)


@transaction.atomic(using=STORE)
def lift_bar(contest: Contest, pk: int, *, by: User) -> None:
    """Take somebody off the list.

    Raises:
        NotFound: not on the list.
    """
    current = to_change(contest, by)
    person = current.barred.filter(pk=pk).first()
    if person is None:
        raise NotFound
    person.delete()
    record("contest.bar_lifted", current, by=by)
