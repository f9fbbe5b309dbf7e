"""What happens to people in invented Mường Sen: posts, exemptions, transfers, leaving.

Everything happens after the last roll a person's cell called, so that nobody sits on a roll while elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from langsen.config.demo.muong_sen_units import COMMUNES
from langsen.config.demo.rosters import Roster
from langsen.config.demo.worlds import TWO_TIERS
from langsen.foundation.accounts.models import User
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.bulk import NewPerson
from langsen.foundation.people.enums import ExemptionReason, MembershipEnd, PersonClass, Sex
from langsen.foundation.people.models import Membership, Person
from langsen.foundation.people.services import (
    add_membership,
    end_membership,
    exempt_person,
    give_post,
    transfer_person,
)
from langsen.registers.study.bulk import NewSession

EXEMPT, TRANSFERRED, LEFT, BOTH = 28, 12, 7, 24


@dataclass(frozen=True)
class Village:
    """A cell of today with its people, and the first day on which one of them may change places."""

    unit: OrgUnit
    roster: Roster
    free_from: date

    def members(self) -> list[tuple[Person, NewPerson]]:
        return [pair for pair in self.roster if pair[1].person_class == PersonClass.FULL_MEMBER]


def happen(
    random: Random,
    units: dict[str, OrgUnit],
    rosters: dict[int, Roster],
    sessions: Sequence[NewSession],
    *,
    day: date,
    by: User,
) -> None:
    """Let all of it happen, up to `day`."""
    last_roll = _last_rolls(sessions)
    cells = [
        Village(unit, rosters[unit.pk], last_roll.get(unit.pk, unit.from_on) + timedelta(days=1))
        for unit in units.values()
        if unit.kind.is_cell and unit.exists_on(day)
    ]
    _posts(units, cells, by)
    # Each person meets with one thing at most.
    people = [(cell, pair) for cell in cells for pair in cell.members()[1:] if cell.free_from <= day]
    chosen = random.sample(people, EXEMPT + TRANSFERRED + LEFT + BOTH)
    for cell, pair in chosen[:EXEMPT]:
        _exempt(random, pair, _between(random, cell.free_from, day), by)
    for cell, pair in chosen[EXEMPT : EXEMPT + TRANSFERRED]:
        to = random.choice([other for other in cells if other != cell])
        on = max(_between(random, cell.free_from, day), to.unit.from_on)
        transfer_person(_membership(pair, cell), to=to.unit, on=on, by=by)
    for cell, pair in chosen[EXEMPT + TRANSFERRED : -BOTH]:
        reason = MembershipEnd.DIED if _is_old(pair, day) else MembershipEnd.LEFT
        end_membership(_membership(pair, cell), last_on=_between(random, cell.free_from, day), reason=reason, by=by)
    for cell, (person, _row) in chosen[-BOTH:]:
        _works_at_the_commune(random, cell, person, units, by)


def _last_rolls(sessions: Sequence[NewSession]) -> dict[int, date]:
    last: dict[int, date] = {}
    for session in sessions:
        for point in session.points:
            days = [made_up for _person, _class, made_up in point.make_up]
            if point.roll:
                last[point.org_unit.pk] = max([session.held_on, *days, last.get(point.org_unit.pk, date.min)])
    return last


def _between(random: Random, first: date, last: date) -> date:
    return first + timedelta(days=random.randint(0, (last - first).days))


def _membership(pair: tuple[Person, NewPerson], cell: Village) -> Membership:
    return Membership.objects.get(person=pair[0], org_unit=cell.unit, during__startswith=pair[1].from_on)


def _is_old(pair: tuple[Person, NewPerson], day: date) -> bool:
    return pair[1].born_on is not None and day.year - pair[1].born_on.year > 66


def _posts(units: dict[str, OrgUnit], cells: list[Village], by: User) -> None:
    """Every cell has a secretary; the committee of each commune too, from among its own Party agencies."""
    first = {cell.unit.code: cell.members()[0] for cell in cells if cell.members()}
    for cell in cells:
        if cell.unit.code in first:
            person, row = first[cell.unit.code]
            give_post(person, org_unit=cell.unit, title="Bí thư chi bộ", is_head=True, from_on=row.from_on, by=by)
    for commune in COMMUNES:
        person, row = first[f"{commune.code}-CQD"]
        title = f"Bí thư Đảng ủy {commune.name}"
        give_post(person, org_unit=units[commune.code], title=title, is_head=True, from_on=row.from_on, by=by)


def _exempt(random: Random, pair: tuple[Person, NewPerson], from_on: date, by: User) -> None:
    person, row = pair
    if _is_old(pair, from_on):
        reason, months = ExemptionReason.AGE, None
    elif row.sex == Sex.FEMALE and random.random() < 0.4:
        reason, months = ExemptionReason.MATERNITY, 6
    else:
        reason, months = random.choice([(ExemptionReason.HEALTH, 12), (ExemptionReason.AWAY, 9)])
    last_on = from_on + timedelta(days=30 * months) if months else None
    exempt_person(person, reason=reason, from_on=from_on, last_on=last_on, by=by)


def _works_at_the_commune(random: Random, cell: Village, person: Person, units: dict[str, OrgUnit], by: User) -> None:
    """A member of a village cell who also serves in the commune's office: two memberships, one person."""
    commune = next((one for one in COMMUNES if cell.unit.code.startswith(f"{one.code}-")), None)
    if commune is None:
        return
    add_membership(
        person,
        org_unit=units[commune.code],
        person_class=random.choice([PersonClass.CADRE, PersonClass.CIVIL_SERVANT]),
        from_on=max(cell.free_from, TWO_TIERS),
        by=by,
    )
