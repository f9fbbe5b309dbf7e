"""The pages of accounts and roles: from the invitation to the first sign-in, and what a form answers."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from langsen.foundation.access.enums import STAFF_MODE_NOTE, Role
from langsen.foundation.access.models import Grant, Invitation
from langsen.foundation.access.rules import grants_of
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.models import AuditEvent
from tests.factories import make_tree, make_user

PASSWORD = "Sen nở bên hồ 1890"


@pytest.fixture
def units(db):
    return make_tree(
        T=("province", None), X=("grassroots_committee", "T"), CB=("cell", "X"), Y=("grassroots_committee", "T")
    )


@pytest.fixture
def officer(units):
    return make_user(Role.COMMUNE_OFFICER, units["X"], "canbo", display_name="Lò Thị Hoa")


def invitation(**facts):
    return {"display_name": "Vàng A Páo", "org_unit": "CB", "role": "cell_secretary", "link_days": "7"} | facts


def link_on(page) -> str:
    return re.search(r'id="one-time-link" value="http://testserver([^"]+)"', page.content.decode()).group(1)


def test_from_invitation_to_sign_in(officer, client):
    client.force_login(officer)
    page = client.post(reverse("access:invite"), invitation(email="pao@xa.example"))
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert "data:image/svg+xml" in page.content.decode()
    link = link_on(page)
    assert link in mail.outbox[0].body
    client.logout()
    assert "Vàng A Páo" in client.get(link).content.decode()
    weak = client.post(link, {"username": "pao", "password": "1234567890", "again": "1234567890"})
    assert weak.status_code == 422
    differs = client.post(link, {"username": "paovang", "password": PASSWORD, "again": PASSWORD + "x"})
    assert differs.status_code == 422
    done = client.post(link, {"username": "paovang", "password": PASSWORD, "again": PASSWORD})
    assert done.url == reverse("account_login")
    assert client.get(link).status_code == 404
    client.post(reverse("account_login"), {"login": "paovang", "password": PASSWORD})
    assert client.get(reverse("accounts:mine")).status_code == 200
    assert grants_of(User.objects.get(username="paovang")).get().role == Role.CELL_SECRETARY


def test_a_refused_invitation_keeps_what_was_typed(officer, client):
    client.force_login(officer)
    page = client.post(reverse("access:invite"), invitation(org_unit="X"))
    assert page.status_code == 422
    assert "Vàng A Páo" in page.content.decode()
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"role": "admin"},
        {"role": "nothing"},
        {"org_unit": "Y"},
        {"org_unit": "nobody"},
        {"display_name": ""},
        {"display_name": "a" * 10_000},
        {"grant_until": "31/2/2027"},
        {"grant_until": "1/1/2020"},
        {"link_days": "9999"},
        {"email": "not a mail"},
    ],
)
def test_bad_input_is_answered_in_words(officer, client, facts):
    client.force_login(officer)
    assert client.post(reverse("access:invite"), invitation(**facts)).status_code == 422
    assert not Invitation.objects.exists()


def test_renewing_and_withdrawing(officer, client):
    client.force_login(officer)
    old = link_on(client.post(reverse("access:invite"), invitation()))
    row = Invitation.objects.get()
    new = link_on(client.post(reverse("access:renew", args=[row.pk])))
    assert (client.get(old).status_code, client.get(new).status_code) == (404, 200)
    client.post(reverse("access:withdraw", args=[row.pk]))
    assert client.get(new).status_code == 404
    assert client.post(reverse("access:withdraw", args=[row.pk])).status_code == 409
    assert client.get(reverse("access:invitations")).status_code == 200


def test_giving_and_ending_a_role(officer, units, client):
    user = make_user(username="mai")
    client.force_login(officer)
    facts = {"username": "mai", "org_unit": "CB", "role": "cell_deputy"}
    assert client.post(reverse("access:give_role"), facts | {"username": "khong-co"}).status_code == 422
    assert client.post(reverse("access:give_role"), facts | {"username": "canbo"}).status_code == 422  # oneself
    assert client.post(reverse("access:give_role"), facts).status_code == 302
    grant = Grant.objects.get(user=user)
    assert client.post(reverse("access:end_role", args=[grant.pk]), {}).status_code == 422
    assert client.post(reverse("access:end_role", args=[grant.pk]), {"last_on": "1/1/2020"}).status_code == 422
    assert client.post(reverse("access:end_role", args=[grant.pk]), {"at_once": "on"}).status_code == 302
    assert not grants_of(user).exists()


def test_a_new_password_by_link(officer, units, client):
    user = make_user(Role.CELL_SECRETARY, units["CB"], "bithu", password=PASSWORD)
    client.force_login(officer)
    link = link_on(client.post(reverse("access:reset", args=[grants_of(user).get().pk])))
    client.logout()
    new = "Hồ sen mùa hạ 1969"
    assert client.post(link, {"password": new, "again": "khác"}).status_code == 422
    assert client.post(link, {"password": new, "again": new}).status_code == 302
    assert client.get(link).status_code == 404
    client.post(reverse("account_login"), {"login": "bithu", "password": new})
    assert client.get(reverse("accounts:mine")).status_code == 200


class TestList:
    @pytest.mark.parametrize("count", [1, 3])
    def test_it_asks_the_database_no_more_for_more_rows(
        self, officer, units, client, count, django_assert_max_num_queries
    ):
        for _number in range(count):
            make_user(Role.MEMBER, units["CB"])
        client.force_login(officer)
        with django_assert_max_num_queries(18):
            page = client.get(reverse("access:grants"))
        assert page.context["page"].paginator.count == count + 1

    def test_search_without_accents_filters_and_order(self, officer, units, client):
        for name in ("Lò Văn Đặng", "Lò Văn Dũng", "Lò Văn Ánh"):
            make_user(Role.MEMBER, units["CB"], display_name=name)
        make_user(Role.MEMBER, units["Y"], display_name="Lò Văn Đặng bên kia")
        client.force_login(officer)

        def names(**asked):
            page = client.get(reverse("access:grants"), asked)
            return [row["grant"].user.display_name for row in page.context["rows"]]

        assert names(q="dang") == ["Lò Văn Đặng"]
        assert names(role="member", sort="name") == ["Lò Văn Ánh", "Lò Văn Dũng", "Lò Văn Đặng"]
        assert names(role="member", sort="-name") == ["Lò Văn Đặng", "Lò Văn Dũng", "Lò Văn Ánh"]
        assert names(state="past") == []
        assert client.get(reverse("access:grants_excel"), {"q": "dang"}).content[:2] == b"PK"


def test_staff_mode_shows_on_every_page_and_marks_acts(units, client):
    operator = make_user(is_operator=True)
    target = make_user(username="mai")
    client.force_login(operator)
    page = client.post(reverse("access:staff_mode"), {"reason": "Gỡ lỗi nhập danh sách cho xã", "hours": "2"})
    assert page.status_code == 302
    banner = reverse("access:end_staff_mode")
    assert banner in client.get(reverse("accounts:mine")).content.decode()
    client.post(reverse("access:give_role"), {"username": target.username, "org_unit": "CB", "role": "viewer"})
    assert STAFF_MODE_NOTE in AuditEvent.objects.filter(verb="grant.given").latest("id").actor_name
    client.post(banner)
    assert banner not in client.get(reverse("accounts:mine")).content.decode()
    assert client.post(reverse("access:staff_mode"), {"reason": "x", "hours": "9"}).status_code == 422


def test_roles_are_explained_to_everybody(client, db):
    client.force_login(make_user())
    page = client.get(reverse("access:roles")).content.decode()
    for role in Role:
        assert str(role.label) in page
