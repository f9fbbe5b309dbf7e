"""Sign-in through the real addresses: password, second step, recovery codes, throttling, sessions, access keys."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from langsen.foundation.accounts.middleware import SEEN_AFRESH_FOR
from langsen.foundation.accounts.models import ApiToken
from langsen.foundation.accounts.services import issue_token, user_of_token
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.periods import ONE_DAY, today
from tests.factories import make_user

PASSWORD = "Sen nở bên hồ 1890"
LOGIN = "account_login"


@pytest.fixture(autouse=True)
def clean_counts(db):
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def half_a_minute_of_grace(settings):
    """A code's half minute may end between making and sending it, on a slow machine above all."""
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def user(db):
    return make_user(username="hoa.lo", password=PASSWORD)


def sign_in(client, password=PASSWORD, username="hoa.lo"):
    return client.post(reverse(LOGIN), {"login": username, "password": password})


def is_in(client) -> bool:
    return client.get(reverse("accounts:mine")).status_code == 200


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def secret_shown(response) -> str:
    return re.search(r"[A-Z2-7]{32}", response.content.decode()).group()


def test_password_signs_in_whatever_the_case_of_the_user_name(user, client):
    assert sign_in(client, username="Hoa.Lo").status_code == 302
    assert is_in(client)


def test_a_wrong_password_does_not_and_says_nothing_of_the_account(user, client):
    known = sign_in(client, "không phải").content.decode()
    unknown = sign_in(Client(), "không phải", "khong-co-ai").content.decode()
    assert not is_in(client)
    messages = [re.findall(r'<div class="error".*?</div>|<li>.*?</li>', page, re.S) for page in (known, unknown)]
    assert messages[0] == messages[1]


def test_five_wrong_passwords_lock_the_door_even_for_the_right_one(user):
    for _attempt in range(5):
        assert not is_in_after(Client(), "không phải")
    client = Client()
    response = sign_in(client)
    assert "thử lại sau vài phút" in response.content.decode()
    assert not is_in(client)
    assert sign_in(Client(), username="nguoi-khac", password="x").status_code in {200, 422}  # the others are not locked


def is_in_after(client, password) -> bool:
    sign_in(client, password)
    return is_in(client)


def test_the_counts_are_shared_by_all_processes():
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")


def test_the_second_step_is_set_up_with_a_code_and_asked_at_the_next_sign_in(user, client):
    sign_in(client)
    asked_again = client.get(reverse("mfa_activate_totp"))
    assert asked_again.url.startswith(reverse("account_reauthenticate"))
    client.post(asked_again.url, {"password": PASSWORD})
    secret = secret_shown(client.get(reverse("mfa_activate_totp")))
    wrong = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert wrong.status_code in {200, 422}
    assert client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}).status_code == 302
    assert Authenticator.objects.filter(user=user, type="totp").exists()

    other = Client()
    assert sign_in(other).url.startswith(reverse("mfa_authenticate"))
    assert not is_in(other)
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert not is_in(other)
    cache.clear()  # a code is taken once, and this one was just used to set it up
    other.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert is_in(other)


def test_a_code_of_the_app_is_taken_once(user):
    TOTP.activate(user, "A" * 32)
    first, second = Client(), Client()
    code = code_now("A" * 32)
    for client in (first, second):
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)


def test_a_recovery_code_signs_in_once(user):
    TOTP.activate(user, "A" * 32)
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    first, second = Client(), Client()
    for client in (first, second):
        sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)


def test_the_secret_of_the_second_step_is_not_shown_to_other_pages(user, client):
    TOTP.activate(user, "A" * 32)
    assert "A" * 32 not in client.get(reverse("mfa_index")).content.decode()
    assert get_adapter().get_totp_issuer() == "Làng Sen"


def test_ending_the_other_sessions_signs_them_out(user):
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client)
        assert is_in(client)
    assert here.get(reverse("usersessions_list")).content.decode().count("127.0.0.1") == 2
    here.post(reverse("usersessions_list"))
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_session_is_written_down_once_a_minute_and_when_its_browser_changes(user, client):
    sign_in(client)
    page = reverse("usersessions_list")
    client.get(page)

    def written(**headers: str) -> bool:
        with CaptureQueriesContext(connection) as asked:
            client.get(page, headers=headers)
        return any(query["sql"].startswith('UPDATE "usersessions_') for query in asked)

    assert not written()
    assert written(user_agent="Another browser")
    assert UserSession.objects.get().user_agent == "Another browser"
    UserSession.objects.update(last_seen_at=timezone.now() - SEEN_AFRESH_FOR)
    assert written(user_agent="Another browser")
    assert not written(user_agent="Another browser")


def test_changing_the_password_ends_other_sessions(user):
    here, there = Client(), Client()
    for client in (here, there):
        sign_in(client)
    new = "Đường về bản Mây 7"
    here.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert (is_in(here), is_in(there)) == (True, False)


def test_nobody_signs_up_alone(client, db):
    assert client.get("/tai-khoan/signup/").status_code in {302, 404}


class TestAccessKeys:
    def test_a_key_acts_as_its_owner_until_revoked_and_is_shown_once(self, user, client):
        client.force_login(user)
        page = client.post(reverse("accounts:mine"), {"name": "Báo cáo tỉnh", "days": "30"})
        token = re.search(r'id="new-token" value="([^"]+)"', page.content.decode()).group(1)
        assert page["Cache-Control"] == "no-store"
        assert user_of_token(token) == user
        assert token not in client.get(reverse("accounts:mine")).content.decode()
        assert token not in str(list(ApiToken.objects.values())) + str(list(AuditEvent.objects.values()))
        assert Client().get(reverse("api:figures"), headers={"authorization": f"Bearer {token}"}).status_code != 401
        client.post(reverse("accounts:revoke_token", args=[ApiToken.objects.get().pk]))
        assert user_of_token(token) is None
        assert Client().get(reverse("api:figures"), headers={"authorization": f"Bearer {token}"}).status_code == 401

    def test_a_key_ends_with_its_last_day(self, user):
        row, token = issue_token(name="cũ", expires_on=today(), by=user)
        assert user_of_token(token) == user
        ApiToken.objects.filter(pk=row.pk).update(expires_on=today() - ONE_DAY)
        assert user_of_token(token) is None

    def test_a_bad_form_says_so(self, user, client):
        client.force_login(user)
        assert client.post(reverse("accounts:mine"), {"name": "", "days": "12345"}).status_code == 422
        assert client.post(reverse("accounts:mine"), {"name": "x" * 10_000, "days": "30"}).status_code == 422
        assert not ApiToken.objects.exists()

    def test_somebody_elses_key_does_not_exist(self, user, client):
        row, _token = issue_token(name="của người khác", expires_on=today() + timedelta(days=3), by=make_user())
        client.force_login(user)
        assert client.post(reverse("accounts:revoke_token", args=[row.pk])).status_code == 404
        assert ApiToken.objects.filter(pk=row.pk).exists()
