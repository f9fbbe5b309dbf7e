"""An entry with a client id is recorded once, whatever the network does."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory

from langsen.foundation.accounts.models import User
from langsen.foundation.core.errors import BadInput, Conflict
from langsen.foundation.core.models import Receipt
from langsen.foundation.core.receipts import receipted
from tests.racing import at_once

CLIENT_ID = str(uuid.UUID(int=7))


def post(user: User, client_id: str = CLIENT_ID, **headers: str) -> HttpRequest:
    request = RequestFactory().post("/ghi/", {"client_id": client_id}, headers=headers)
    request.user = user
    request._messages = CookieStorage(request)
    return request


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("thu", display_name="Lò Thị Thử")


@receipted("test.enter")
def enter(request: HttpRequest) -> HttpResponse:
    """Records one account, so that a test can count what happened."""
    made = User.objects.create_user(f"moi{User.objects.count()}")
    return redirect(f"/da-ghi/{made.pk}/")


def test_a_retry_gets_the_first_answer_and_does_nothing(user: User) -> None:
    first = enter(post(user))
    second = enter(post(user))
    assert (first.status_code, second.status_code) == (302, 302)
    assert second["Location"] == first["Location"]
    assert User.objects.count() == 2


def test_another_entry_and_another_person_are_their_own(user: User) -> None:
    enter(post(user))
    enter(post(user, str(uuid.UUID(int=8))))
    enter(post(User.objects.create_user("khac")))
    assert Receipt.objects.count() == 3


def test_the_outbox_is_answered_in_json_with_the_time(user: User) -> None:
    response = enter(post(user, **{"X-Langsen-Outbox": "later", "X-Langsen-User": str(user.pk)}))
    assert response.status_code == 200
    assert response["X-Langsen-Saved"] == "1"
    assert b'"location": "/da-ghi/' in response.content


def test_a_rejected_form_leaves_no_receipt_and_nothing_half_done(user: User) -> None:
    @receipted("test.enter")
    def wrong(request: HttpRequest) -> HttpResponse:
        User.objects.create_user("do-dang")
        return HttpResponse("look again", status=422)

    assert wrong(post(user)).status_code == 422
    assert not Receipt.objects.exists()
    assert not User.objects.filter(username="do-dang").exists()
    assert enter(post(user)).status_code == 302


def test_an_error_leaves_no_receipt(user: User) -> None:
    @receipted("test.enter")
    def failing(request: HttpRequest) -> HttpResponse:
        raise BadInput("no")

    with pytest.raises(BadInput):
        failing(post(user))
    assert not Receipt.objects.exists()


def test_an_id_is_not_taken_for_another_use(user: User) -> None:
    @receipted("test.other")
    def other(request: HttpRequest) -> HttpResponse:
        return redirect("/khac/")

    enter(post(user))
    with pytest.raises(Conflict):
        other(post(user))


def test_nobody_sends_the_entry_of_another_account(user: User) -> None:
    response = enter(post(user, **{"X-Langsen-User": "999999"}))
    assert (response.status_code, response["X-Langsen-Reason"]) == (403, "user")
    assert User.objects.count() == 1


def test_an_id_that_is_none_is_refused(user: User) -> None:
    with pytest.raises(BadInput):
        enter(post(user, "không phải số"))


def test_the_form_page_says_it_may_be_kept_offline() -> None:
    request = RequestFactory().get("/ghi/")
    request.user = AnonymousUser()

    @receipted("test.enter")
    def form(request: HttpRequest) -> HttpResponse:
        return HttpResponse("form")

    assert form(request)["X-Langsen-Offline"] == "1"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("guarded", "recorded"), [(True, 1), (False, 2)])
def test_two_at_once_count_once(guarded: bool, recorded: int) -> None:
    """The control without the guard records twice, which shows that the two really met."""
    user = User.objects.create_user("thu2")

    def slow(request: HttpRequest) -> HttpResponse:
        User.objects.create_user(f"moi-{uuid.uuid4().hex[:8]}")
        return redirect("/da-ghi/")

    view = receipted("test.race")(slow) if guarded else slow

    answers = at_once(*[lambda: view(post(user))] * 2)
    assert User.objects.filter(username__startswith="moi-").count() == recorded, answers
