"""The day's list of due things: one notice per officer, at most once a day."""

from datetime import timedelta

import pytest

from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import today
from langsen.foundation.core.todos import Todo
from langsen.foundation.notifications import reminders
from langsen.foundation.notifications.models import Notice
from langsen.foundation.people.services import exempt_person
from langsen.registers.study.services.sessions import SessionFacts, plan_session
from tests.factories import make_person, make_tree, make_unit, make_user

pytestmark = pytest.mark.django_db
HERE = "langsen.foundation.notifications.tests.test_notices_reminders"


@pytest.fixture
def cell():
    return make_tree(TI=("province", None), CB=("cell", "TI"))["CB"]


def plan(cell, days: int, title: str) -> None:
    facts = SessionFacts(kind="thematic_meeting", title=title, held_on=today() + timedelta(days=days))
    plan_session(cell, facts, by=system_user())


def test_one_list_a_day_of_what_is_late_or_near(cell) -> None:
    secretary = make_user("cell_secretary", cell)
    plan(cell, 0, "Sinh hoạt hôm nay")
    plan(cell, 40, "Còn xa")
    assert reminders.remind_officers(today()) == 1
    notice = secretary.notices.get()
    assert notice.subject == "1 việc đến hạn"
    assert "Sinh hoạt hôm nay" in notice.text
    assert "Còn xa" not in notice.text
    assert reminders.remind_officers(today()) == 0
    assert Notice.objects.count() == 1
    assert reminders.remind_officers(today() + timedelta(days=1)) == 1


def test_who_has_nothing_due_hears_nothing(cell) -> None:
    make_user("cell_secretary", cell)
    assert reminders.remind_officers(today()) == 0


def test_left_out_are_closed_accounts_published_units_and_people_exempt(cell) -> None:
    closed = make_user("cell_secretary", cell)
    closed.is_active = False
    closed.save()
    exempt = make_user("cell_deputy", cell)
    person = make_person(cell, "Lò Văn Nghỉ")
    person.user = exempt
    person.save()
    exempt_person(person, reason="age", from_on=today(), by=system_user())
    published = make_unit("LCH", "province", None, is_published=True)
    make_user("province_officer", published)
    assert list(reminders.officers_to_remind(today())) == []
    exempt.person.exemptions.all().delete()
    assert list(reminders.officers_to_remind(today())) == [exempt]


def many(user: User) -> list[Todo]:
    return [Todo(f"Việc {number}", "/", "Mở", today() - timedelta(days=number % 3)) for number in range(25)]


def broken(user: User) -> list[Todo]:
    if user.username == "hong":
        raise ValueError("a register's own mistake")
    return [Todo("Việc", "/", "Mở", today())]


def test_a_long_list_is_cut_and_says_how_much_more(cell, settings) -> None:
    secretary = make_user("cell_secretary", cell)
    settings.LANGSEN_REMINDERS = [f"{HERE}.many"]
    reminders.remind_officers(today())
    notice = secretary.notices.get()
    assert notice.subject == "25 việc đến hạn, trong đó 16 việc quá hạn"
    assert len(notice.text.splitlines()) == reminders.LISTED + 1
    assert notice.text.splitlines()[-1] == "và 5 việc khác trên bàn làm việc."


def test_what_fails_for_one_officer_does_not_stop_the_others(cell, settings) -> None:
    make_user("cell_secretary", cell, "hong")
    well = make_user("cell_secretary", cell)
    settings.LANGSEN_REMINDERS = [f"{HERE}.broken"]
    assert reminders.remind_officers(today()) == 1
    assert Notice.objects.get().user == well


def test_every_named_source_exists() -> None:
    assert len(reminders.sources()) >= 3
