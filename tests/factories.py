"""What tests are made of: plain functions that go through the use cases, so that a test's world is a possible one.

Every register adds its own functions at the end.
"""

import itertools
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from langsen.foundation.access.enums import Permission, Role
from langsen.foundation.access.models import Grant
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import Period
from langsen.foundation.core.signed_papers import SignedPaper
from langsen.foundation.evidence.models import EvidenceLink
from langsen.foundation.evidence.services import attach_files
from langsen.foundation.orgs.models import OrgUnit
from langsen.foundation.people.bulk import NewPerson, enrol_people
from langsen.foundation.people.models import Person
from langsen.foundation.reorganisation.bulk import NewUnit, establish_units
from langsen.registers.communications.models import Output
from langsen.registers.communications.services import OutputFacts, record_output
from langsen.registers.programmes.models import Programme, Theme
from langsen.registers.programmes.services import add_theme
from langsen.registers.study.bulk import NewPoint, NewSession, record_sessions
from langsen.registers.study.models import StudySession
from langsen.reports.models import Outline, Report
from langsen.reports.services.drafting import open_report
from langsen.reports.services.flow import (
    ask_supplement,
    issue_report,
    receive_report,
    send_report,
    submit_for_signing,
)
from tests.evidence_samples import photo, upload

FIRST_DAY = date(2020, 1, 1)

_numbers = itertools.count(1)


def make_unit(
    code: str,
    kind: str = "cell",
    parent: OrgUnit | None = None,
    from_on: date = FIRST_DAY,
    *,
    name: str | None = None,
    last_on: date | None = None,
    is_published: bool = False,
) -> OrgUnit:
    """Establish one unit. Codes are upper case: `make_unit("c1").code == "C1"`."""
    row = NewUnit(
        code=code,
        name=name or f"Đơn vị {code}",
        kind=kind,
        parent=parent.code if parent else None,
        from_on=from_on,
        last_on=last_on,
        is_published=is_published,
    )
    return establish_units([row], by=system_user())[code]


def make_tree(**kinds_and_parents: tuple[str, str | None]) -> dict[str, OrgUnit]:
    """Establish several units at once: `make_tree(TW=("central", None), T1=("province", "TW"))`."""
    rows = [
        NewUnit(code=code, name=f"Đơn vị {code}", kind=kind, parent=parent, from_on=FIRST_DAY)
        for code, (kind, parent) in kinds_and_parents.items()
    ]
    return establish_units(rows, by=system_user())


def make_user(
    role: Role | str | None = None,
    unit: OrgUnit | None = None,
    username: str | None = None,
    *,
    display_name: str = "Nguyễn Thị Thử",
    password: str | None = None,
    is_operator: bool = False,
) -> User:
    """Make an account; with `role` and `unit` it holds that grant from 2020 on. `client.force_login(user)` signs in."""
    user = User.objects.create_user(
        username or f"thu{next(_numbers)}", password, display_name=display_name, is_operator=is_operator
    )
    if role is not None and unit is not None:
        make_grant(user, role, unit)
    return user


def make_grant(
    user: User, role: Role | str, unit: OrgUnit, from_on: date = FIRST_DAY, last_on: date | None = None
) -> Grant:
    """Give `user` the role in `unit`; `last_on` is the last day it holds."""
    end = date.fromordinal(last_on.toordinal() + 1) if last_on else None
    return Grant.objects.create(
        user=user, role=role, org_unit=unit, during=DateRange(from_on, end), granted_by=system_user()
    )


_FAMILY = ("Nguyễn", "Lò", "Hoàng", "Vàng", "Trần", "Giàng", "Phạm", "Lù")
_GIVEN = ("An", "Bình", "Cường", "Dơ", "Giang", "Hạnh", "Khoa", "Mai", "Pao", "Sáng", "Thủy", "Xuân")


def make_person(
    unit: OrgUnit,
    full_name: str | None = None,
    person_class: str = "full_member",
    from_on: date = FIRST_DAY,
    *,
    last_on: date | None = None,
    user: User | None = None,
) -> Person:
    """Put an invented person on the roster of `unit`; `user` links an account."""
    number = next(_numbers)
    name = full_name or f"{_FAMILY[number % len(_FAMILY)]} Văn {_GIVEN[number % len(_GIVEN)]}"
    row = NewPerson(name, unit, person_class, max(from_on, unit.from_on), last_on=last_on)
    person = enrol_people([row], by=system_user())[0]
    if user is not None:
        person.user = user
        person.save(update_fields=["user"])
    return person


def make_theme(
    unit: OrgUnit, name: str = "Chuyên đề năm 2023", from_on: date = date(2023, 1, 1), last_on: date | None = None
) -> Theme:
    """Add an annual theme of `unit` that obliges Party members."""
    return add_theme(
        programme=Programme.objects.get(code="kl-01"),
        org_unit=unit,
        kind="annual",
        name_vi=name,
        from_on=from_on,
        last_on=last_on,
        obliged_classes=["full_member", "probationary_member"],
        source="Kế hoạch số 1",
        by=system_user(),
    )


def make_session(unit: OrgUnit, held_on: date = date(2023, 5, 17), **facts: Any) -> StudySession:
    """Record a held session of `unit`: by default a study conference of 30 Party members."""
    points = facts.pop("points", [NewPoint(unit, {"members": 30}, is_main=True)])
    facts = {"kind": "study_conference", "title": "Hội nghị học tập chuyên đề"} | facts
    return record_sessions([NewSession(unit, held_on=held_on, points=points, **facts)], by=system_user())[0]


def attach_photo(
    link: type[EvidenceLink],
    record: Any,
    by: User,
    name: str = "hoi-truong.jpg",
    permission: Permission = Permission.STUDY_RECORD,
) -> EvidenceLink:
    """Attach a small photo to a record of any register."""
    sent = upload(photo(320, 240), name)
    return attach_files(link, record, [sent], permission=permission, by=by).kept[0]


def make_report(unit: OrgUnit, outline: Outline, period: Period, state: str = "draft", *, by: User) -> Report:
    """Begin a report and bring it to `state`: draft, signing, issued, sent, asked (for a supplement) or received."""
    report = open_report(outline, unit, period, by=by)
    if state == "draft":
        return report
    submit_for_signing(report, by=by)
    if state == "signing":
        return report
    paper = SignedPaper(f"{next(_numbers)}-BC/ĐU", period.end, "Lò Văn Thử")
    issue_report(report, paper, place="Bản Mới", by=by)
    if state == "issued":
        return report
    report = send_report(report, by=by).report
    if state == "asked":
        ask_supplement(report, reason="Thiếu số liệu", by=by)
    if state == "received":
        receive_report(report, by=by)
    return Report.objects.get(pk=report.pk)


def make_output(unit: OrgUnit, published_on: date = date(2023, 5, 17), **facts: Any) -> Output:
    """Record a communication output of `unit`: by default an article with a title of its own."""
    facts = {"kind": "article", "title": f"Gương sáng số {next(_numbers)}"} | facts
    return record_output(unit, OutputFacts(published_on=published_on, **facts), by=system_user())
