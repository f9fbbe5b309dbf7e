"""Two at the same moment, with real connections: everything counts once, and nothing without its guard."""

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core import receipts
from langsen.foundation.core.errors import Conflict
from langsen.foundation.core.periods import today
from langsen.registers.study.models import SessionPoint, StudySession
from langsen.registers.study.services import attendance, points, sessions
from tests.factories import make_person, make_session, make_unit, make_user
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def sender(client: Client, client_id: str) -> Callable[[], object]:
    sent = {"kind": "thematic_meeting", "held_on": str(today()), "title": "Học tập", "present_members": "3"}
    sent |= {"client_id": client_id} if client_id else {}
    return lambda: client.post(reverse("study:record"), sent)["Location"]


def clients() -> list[Client]:
    user = make_user(Role.CELL_DEPUTY, make_unit("C1"))
    made = [Client(), Client()]
    for client in made:
        client.force_login(user)
    return made


def test_the_same_entry_sent_twice_at_once_is_recorded_once() -> None:
    first, second = clients()
    same = str(uuid.uuid4())
    answers = at_once(sender(first, same), sender(second, same))
    assert StudySession.objects.count() == 1
    assert set(answers) == {StudySession.objects.get().get_absolute_url()}


def test_without_the_receipt_it_would_be_recorded_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "_client_id", lambda request: None)
    first, second = clients()
    same = str(uuid.uuid4())
    at_once(sender(first, same), sender(second, same))
    assert StudySession.objects.count() == 2


def code_and_users() -> tuple[str, SessionPoint, list[object]]:
    unit = make_unit("C1")
    users = [make_user(Role.MEMBER, unit) for _ in range(2)]
    for user in users:
        make_person(unit, user=user)
    session = make_session(unit, held_on=today(), points=[])
    point = attendance.open_check_in(session.points.get(), by=system_user())
    return str(point.check_in_code), point, list(users)


def test_one_person_confirming_twice_at_once_counts_once() -> None:
    code, point, users = code_and_users()
    results = at_once(*[lambda: attendance.confirm_presence(code, by=users[0])] * 2)
    assert results[0] == results[1]
    assert SessionPoint.objects.get(pk=point.pk).present_members == 1


def test_two_people_confirming_at_once_count_two() -> None:
    code, point, users = code_and_users()
    at_once(*(lambda user=user: attendance.confirm_presence(code, by=user) for user in users))
    assert SessionPoint.objects.get(pk=point.pk).present_members == 2


def test_without_the_lock_confirmations_would_be_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    code, point, users = code_and_users()
    gate = threading.Barrier(2)

    def unlocked(point_id: int) -> SessionPoint:
        found = SessionPoint.objects.select_related("session__org_unit", "org_unit").get(pk=point_id)
        gate.wait(timeout=10)
        return found

    monkeypatch.setattr(attendance, "locked_point", unlocked)
    results = at_once(*(lambda user=user: attendance.confirm_presence(code, by=user) for user in users))
    lost = SessionPoint.objects.get(pk=point.pk).present_members < 2
    assert lost or any(isinstance(result, IntegrityError) for result in results)


def test_of_two_cancellations_one_wins() -> None:
    session = make_session(make_unit("C1"))
    results = at_once(*[lambda: sessions.cancel_session(session, reason="Hoãn", by=system_user())] * 2)
    assert sorted(type(result) for result in results if isinstance(result, Exception)) == [Conflict]


def test_two_sets_of_numbers_seen_on_the_same_page_do_not_overwrite_each_other() -> None:
    point = make_session(make_unit("C1")).points.get()
    tries = [
        lambda number=number: points.set_head_count(point, {"members": number}, by=system_user(), seen=point.changed_at)
        for number in (11, 22)
    ]
    results = at_once(*tries)
    refused = [result for result in results if isinstance(result, Exception)]
    assert [type(error) for error in refused] == [Conflict]
    kept = next(result for result in results if isinstance(result, SessionPoint))
    assert SessionPoint.objects.get(pk=point.pk).present_members == kept.present_members
