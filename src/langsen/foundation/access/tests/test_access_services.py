"""Roles, invitations, new passwords, staff mode: who may, who may not, and what a race does."""

from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse
from django.utils import timezone

from langsen.foundation.access import services
from langsen.foundation.access.enums import ROLE_PERMISSIONS, STAFF_MODE_NOTE, Permission, Role
from langsen.foundation.access.models import Grant, Invitation, StaffMode
from langsen.foundation.access.rules import grantable_roles, grants_of, is_allowed, units_where
from langsen.foundation.access.services import invitations
from langsen.foundation.accounts.models import ApiToken, User
from langsen.foundation.accounts.services import issue_token, system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.core.periods import ONE_DAY, today
from tests.factories import make_grant, make_tree, make_user
from tests.racing import at_once

PASSWORD = "Sen nở bên hồ 1890"


@pytest.fixture
def units(db):
    return make_tree(
        T=("province", None),
        X=("grassroots_committee", "T"),
        CB=("cell", "X"),
        Y=("grassroots_committee", "T"),
        CBY=("cell", "Y"),
    )


@pytest.fixture
def officer(units):
    return make_user(Role.COMMUNE_OFFICER, units["X"], "canbo", display_name="Lò Thị Hoa")


def invite(units, officer, **facts):
    facts = {"display_name": "Vàng A Páo", "role": Role.CELL_SECRETARY, "org_unit": units["CB"]} | facts
    return services.invite_person(**facts, by=officer)


def verbs():
    return list(AuditEvent.objects.order_by("id").values_list("verb", flat=True))


class TestGrants:
    def test_an_officer_gives_a_role_in_a_unit_below(self, units, officer):
        user = make_user()
        grant = services.grant_role(user=user, role=Role.CELL_DEPUTY, org_unit=units["CB"], by=officer)
        assert is_allowed(user, Permission.STUDY_RECORD, units["CB"])
        assert not is_allowed(user, Permission.STUDY_RECORD, units["X"])
        event = AuditEvent.objects.latest("id")
        assert (event.verb, event.unit_id, event.object_id) == ("grant.given", units["CB"].pk, grant.pk)

    def test_not_outside_the_officers_units(self, units, officer):
        with pytest.raises(NotAllowed):
            services.grant_role(user=make_user(), role=Role.MEMBER, org_unit=units["CBY"], by=officer)
        assert not Grant.objects.filter(org_unit=units["CBY"]).exists()

    def test_a_cell_officer_gives_nothing(self, units):
        deputy = make_user(Role.CELL_DEPUTY, units["CB"])
        with pytest.raises(NotAllowed):
            services.grant_role(user=make_user(), role=Role.MEMBER, org_unit=units["CB"], by=deputy)

    @pytest.mark.parametrize("role", [Role.ADMIN, Role.ORGANISATION_OFFICER])
    def test_nobody_passes_on_more_than_held(self, units, officer, role):
        with pytest.raises(NotAllowed):
            services.grant_role(user=make_user(), role=role, org_unit=units["X"], by=officer)

    def test_nobody_gives_a_role_to_oneself(self, units):
        admin = make_user(Role.ADMIN, units["T"])
        with pytest.raises(NotAllowed):
            services.grant_role(user=admin, role=Role.PROVINCE_OFFICER, org_unit=units["T"], by=admin)

    def test_an_administrator_gives_every_role_that_fits_the_unit(self, units):
        admin = make_user(Role.ADMIN, units["T"])
        assert set(grantable_roles(admin, units["X"])) >= {Role.ADMIN, Role.ORGANISATION_OFFICER, Role.COMMUNE_OFFICER}
        assert Role.CELL_SECRETARY not in grantable_roles(admin, units["X"])
        assert Role.CELL_SECRETARY in grantable_roles(admin, units["CB"])

    def test_what_an_officer_may_give_is_never_more_than_held_but_for_the_masked_details(self, units, officer):
        held = ROLE_PERMISSIONS[Role.COMMUNE_OFFICER] | {Permission.PEOPLE_READ_SENSITIVE}
        for role in grantable_roles(officer, units["CB"]):
            assert ROLE_PERMISSIONS[role] <= held

    def test_the_same_role_twice_on_a_day_is_refused(self, units, officer):
        user = make_user(Role.MEMBER, units["CB"])
        with pytest.raises(BadInput):
            services.grant_role(user=user, role=Role.MEMBER, org_unit=units["CB"], by=officer)

    def test_crossed_days_are_refused(self, units, officer):
        with pytest.raises(BadInput):
            services.grant_role(
                user=make_user(), role=Role.MEMBER, org_unit=units["CB"], by=officer, last_on=today() - ONE_DAY
            )

    def test_a_role_ends_at_once_or_with_a_day(self, units, officer):
        user = make_user(Role.MEMBER, units["CB"])
        later, at_once = grants_of(user).get(), make_grant(user, Role.VIEWER, units["CB"], today())
        services.end_grant(later, last_on=today() + ONE_DAY, by=officer)
        assert grants_of(user).filter(pk=later.pk).exists()
        services.end_grant(at_once, last_on=None, by=officer)
        assert not grants_of(user).filter(pk=at_once.pk).exists()
        with pytest.raises(Conflict):
            services.end_grant(at_once, last_on=None, by=officer)
        with pytest.raises(BadInput):
            services.end_grant(later, last_on=today() - ONE_DAY, by=officer)

    def test_an_officer_cannot_end_a_superiors_role(self, units, officer):
        admin = make_user(Role.ADMIN, units["X"])
        with pytest.raises(NotAllowed):
            services.end_grant(grants_of(admin).get(), last_on=None, by=officer)

    def test_the_last_administrator_stays(self, units):
        first, second = make_user(Role.ADMIN, units["T"]), make_user(Role.ADMIN, units["T"])
        services.end_grant(grants_of(second).get(), last_on=None, by=first)
        with pytest.raises(Conflict):
            services.end_grant(grants_of(first).get(), last_on=None, by=first)


class TestInvitations:
    def test_a_link_makes_an_account_with_its_role(self, units, officer):
        invitation, token = invite(units, officer)
        assert token not in str(Invitation.objects.filter(pk=invitation.pk).values())
        user = services.accept_invitation(token, username="paovang", password=PASSWORD)
        assert authenticate(username="paovang", password=PASSWORD) == user
        assert [grant.role for grant in grants_of(user)] == [Role.CELL_SECRETARY]
        assert verbs()[-3:] == ["invitation.issued", "account.created", "invitation.accepted"]
        assert token not in str(list(AuditEvent.objects.values()))
        assert PASSWORD not in str(list(AuditEvent.objects.values()))

    def test_a_link_works_once(self, units, officer):
        _invitation, token = invite(units, officer)
        services.accept_invitation(token, username="paovang", password=PASSWORD)
        with pytest.raises(NotFound):
            services.accept_invitation(token, username="paovang2", password=PASSWORD)

    def test_a_weak_password_or_a_taken_name_keeps_the_link(self, units, officer):
        _invitation, token = invite(units, officer)
        make_user(username="paovang")
        for name, password in (("paovang", PASSWORD), ("pao", "12345678901"), ("Páo Vàng", PASSWORD)):
            with pytest.raises(BadInput):
                services.accept_invitation(token, username=name, password=password)
        assert services.accept_invitation(token, username="vangpao", password=PASSWORD)

    def test_links_end_by_time_withdrawal_and_renewal(self, units, officer):
        invitation, token = invite(units, officer)
        renewed = services.renew_invitation(invitation, by=officer)
        with pytest.raises(NotFound):
            services.accept_invitation(token, username="paovang", password=PASSWORD)
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(NotFound):
            services.accept_invitation(renewed, username="paovang", password=PASSWORD)
        again = services.renew_invitation(invitation, by=officer)
        services.withdraw_invitation(invitation, by=officer)
        with pytest.raises(NotFound):
            services.accept_invitation(again, username="paovang", password=PASSWORD)
        assert not User.objects.filter(username="paovang").exists()

    def test_the_link_of_an_officer_without_the_right_is_dead(self, units, officer):
        _invitation, token = invite(units, officer)
        services.end_grant(grants_of(officer).get(), last_on=None, by=system_user())
        with pytest.raises(NotFound):
            services.accept_invitation(token, username="paovang", password=PASSWORD)

    def test_inviting_asks_the_same_right_as_granting(self, units, officer):
        for facts in ({"org_unit": units["CBY"]}, {"role": Role.ADMIN, "org_unit": units["X"]}):
            with pytest.raises(NotAllowed):
                invite(units, officer, **facts)
        with pytest.raises(BadInput):
            invite(units, officer, org_unit=units["X"])  # a cell's role in a commune
        with pytest.raises(BadInput):
            invite(units, officer, display_name="   ")
        with pytest.raises(BadInput):
            invite(units, officer, display_name="A" * 10_000)

    def test_the_same_open_invitation_is_not_made_twice(self, units, officer):
        invite(units, officer)
        with pytest.raises(BadInput):
            invite(units, officer)


@pytest.mark.django_db(transaction=True)
class TestTwoAcceptAtOnce:
    def accept(self, monkeypatch, guarded):
        units = make_tree(T=("province", None), X=("grassroots_committee", "T"), CB=("cell", "X"))
        officer = make_user(Role.COMMUNE_OFFICER, units["X"])
        _invitation, token = invite(units, officer)
        both_read, claim = Barrier(2), invitations.claim_invitation

        def claim_when_both_have_read(invitation):
            both_read.wait(10)
            if guarded:
                claim(invitation)

        monkeypatch.setattr(invitations, "claim_invitation", claim_when_both_have_read)
        return at_once(
            *(
                lambda number=number: services.accept_invitation(token, username=f"ten{number}", password=PASSWORD)
                for number in range(2)
            )
        )

    def test_one_wins(self, monkeypatch):
        answers = self.accept(monkeypatch, guarded=True)
        assert sorted(type(answer).__name__ for answer in answers) == ["Conflict", "User"]
        assert Grant.objects.filter(role=Role.CELL_SECRETARY).count() == 1

    def test_control_without_the_guard_both_win(self, monkeypatch):
        answers = self.accept(monkeypatch, guarded=False)
        assert [type(answer).__name__ for answer in answers] == ["User", "User"]
        assert Grant.objects.filter(role=Role.CELL_SECRETARY).count() == 2


class TestNewPasswords:
    def test_a_link_sets_a_new_password_once_and_ends_everything_old(self, units, officer, client):
        user = make_user(Role.CELL_SECRETARY, units["CB"], "bithu", password=PASSWORD)
        issue_token(name="máy in", expires_on=today() + ONE_DAY, by=user)
        client.force_login(user)
        uid, token = services.reset_access(user, by=officer).split("/")
        assert authenticate(username="bithu", password=PASSWORD) is None
        assert not ApiToken.objects.filter(user=user).exists()
        assert client.get(reverse("usersessions_list")).status_code == 302
        new = "Hồ sen mùa hạ 1969"
        services.set_new_password(uid, token, password=new)
        assert authenticate(username="bithu", password=new) is not None
        with pytest.raises(NotFound):
            services.set_new_password(uid, token, password="Lần thứ hai không được")
        assert verbs()[-2:] == ["access.reset", "access.restored"]

    def test_a_newer_link_ends_the_older(self, units, officer):
        user = make_user(Role.CELL_SECRETARY, units["CB"])
        uid, old = services.reset_access(user, by=officer).split("/")
        services.reset_access(user, by=officer)
        with pytest.raises(NotFound):
            services.set_new_password(uid, old, password=PASSWORD)

    def test_no_way_into_a_superiors_account(self, units, officer):
        superior = make_user(Role.ADMIN, units["T"])
        make_grant(superior, Role.MEMBER, units["CB"])
        with pytest.raises(NotAllowed):
            services.reset_access(superior, by=officer)

    def test_accounts_of_other_units_do_not_exist_here(self, units, officer):
        with pytest.raises(NotFound):
            services.reset_access(make_user(Role.CELL_SECRETARY, units["CBY"]), by=officer)

    def test_not_ones_own_and_no_operators(self, units, officer):
        operator = make_user(Role.MEMBER, units["CB"], is_operator=True)
        for account in (officer, operator):
            with pytest.raises(NotAllowed):
                services.reset_access(account, by=officer)

    @pytest.mark.parametrize("link", [("x", "y"), ("MQ", "abc-def"), ("////", "")])
    def test_a_made_up_link_is_refused_in_words(self, db, link):
        with pytest.raises(NotFound):
            services.set_new_password(*link, password=PASSWORD)


class TestStaffMode:
    def test_it_reaches_everywhere_until_it_is_closed_and_every_act_names_it(self, units):
        operator = make_user(is_operator=True, display_name="Giàng A Kỹ")
        assert not units_where(operator, Permission.STUDY_READ).exists()
        services.open_staff_mode(reason="Gỡ lỗi nhập danh sách cho xã", hours=1, by=operator)
        assert units_where(operator, Permission.STUDY_READ).count() == len(units)
        services.grant_role(user=make_user(), role=Role.MEMBER, org_unit=units["CB"], by=operator)
        assert STAFF_MODE_NOTE in AuditEvent.objects.latest("id").actor_name
        services.close_staff_mode(by=operator)
        assert not units_where(operator, Permission.STUDY_READ).exists()
        assert STAFF_MODE_NOTE not in operator.audit_name
        assert verbs()[-3:] == ["staff_mode.opened", "grant.given", "staff_mode.closed"]

    def test_it_ends_by_itself(self, units):
        operator = make_user(is_operator=True)
        services.open_staff_mode(reason="Gỡ lỗi nhập danh sách", hours=4, by=operator)
        StaffMode.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
        assert not units_where(operator, Permission.ORGS_READ).exists()

    def test_for_operators_only_with_a_reason_and_four_hours_at_most(self, units, officer):
        with pytest.raises(NotAllowed):
            services.open_staff_mode(reason="Muốn xem cả tỉnh", hours=1, by=officer)
        operator = make_user(is_operator=True)
        for reason, hours in (("", 1), ("Gỡ lỗi nhập danh sách", 5), ("Gỡ lỗi nhập danh sách", 0)):
            with pytest.raises(BadInput):
                services.open_staff_mode(reason=reason, hours=hours, by=operator)
        services.open_staff_mode(reason="Gỡ lỗi nhập danh sách", hours=4, by=operator)
        with pytest.raises(Conflict):
            services.open_staff_mode(reason="Gỡ lỗi nhập danh sách", hours=4, by=operator)


class TestFirstAdmin:
    def test_it_administers_the_top(self, units):
        admin = services.create_first_admin("quantri", "Tòng Văn Quản", PASSWORD, by=system_user())
        assert units_where(admin, Permission.ACCESS_GRANT).count() == len(units)
        assert admin.is_operator

    def test_without_an_organisation_it_says_what_to_do(self, db):
        with pytest.raises(BadInput, match="langsen orgs"):
            services.create_first_admin("quantri", "Tòng Văn Quản", PASSWORD, by=system_user())
        assert not User.objects.filter(username="quantri").exists()
