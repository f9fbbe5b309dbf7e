"""People who may not take part: a sign-up with such a name or phone, later or earlier, is flagged for the board."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from langsen.contests.contests.models import PERSON_LENGTH, BarredPerson, Contest
from langsen.contests.contests.phones import plain_phone
from langsen.contests.contests.rules import require_in
from langsen.contests.contests.services.signing_up import flag_barred, in_turn
from langsen.contests.contests.services.steps import to_change
from langsen.contests.stores import STORE
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.services import record
from langsen.foundation.core.errors import NotFound
from langsen.foundation.core.text import fold
from langsen.registers.kit.rules import checked_text, refuse

MOST_AT_ONCE = 500


@transaction.atomic(using=STORE)
def bar_people(contest: Contest, people: Sequence[tuple[str, str]], *, reason: str, by: User) -> int:
    """List people (full name, phone or "") who may not take part; who is listed already is left. Returns how many.

    Whoever signed up before with such a name or phone is flagged for a person to decide; nobody is barred by this.

    Raises:
        NotAllowed, Conflict: no right; cancelled.
        BadInput: no reason, nobody, too many, a name too long.
    """
    require_in(by, Permission.CONTESTS_ORGANISE, contest)
    why = checked_text(reason, "reason", 200, required=True)
    if not people or len(people) > MOST_AT_ONCE:
        raise refuse("people", _("Write from 1 to %(most)s people, one a line.") % {"most": MOST_AT_ONCE})
    # Sign-ups in turn before the contest's row, as a sign-up takes them: nobody signs up unseen meanwhile.
    with in_turn(contest):
        current = to_change(contest, by)
        made = _unlisted(current, people, why)
        BarredPerson.objects.bulk_create(made)
        flagged = flag_barred(current, made)
    record("contest.people_barred", current, by=by, data={"count": len(made), "flagged": flagged, "reason": why})
    return len(made)


def _unlisted(current: Contest, people: Sequence[tuple[str, str]], why: str) -> list[BarredPerson]:
    known = set(current.barred.values_list("folded", "phone"))
    made = []
    for name, phone in people:
        full_name = checked_text(name, "people", PERSON_LENGTH, required=True)
        key = fold(full_name), plain_phone(phone) if phone else ""
        if key not in known:
            known.add(key)
            made.append(BarredPerson(contest=current, full_name=full_name, folded=key[0], phone=key[1], reason=why))
    return made


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
