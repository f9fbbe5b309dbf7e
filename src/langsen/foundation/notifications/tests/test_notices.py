"""Who is told, what an inbox holds, and reminding a unit."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.accounts.services import system_user
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from langsen.foundation.notifications import queries, services
from langsen.foundation.notifications.models import Notice, Nudge
from langsen.foundation.notifications.nudging import NudgeAsked, signed
from langsen.foundation.notifications.rules import may_nudge
from langsen.foundation.orgs.models import OrgUnit
from tests.factories import make_tree, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    return make_tree(TI=("province", None), XA=("agencies", "TI"), CS=("grassroots_committee", "XA"), CB=("cell", "CS"))


def tell(unit: OrgUnit, by: User | None = None, **more: str | bool) -> int:
    facts = {"kind": "test", "subject": "Đề nghị gửi báo cáo", **more}
    return services.notify_unit(unit, holding=Permission.STUDY_RECORD, by=by or system_user(), **facts)


def remind(unit: OrgUnit, by: User, about: str = "study-silent") -> int:
    return services.nudge(
        unit, about=about, subject="Đề nghị ghi nhận", text="", href="/", holding=Permission.STUDY_RECORD, by=by
    )


def test_the_units_own_people_are_told_and_nobody_above(tree) -> None:
    secretary, deputy = make_user("cell_secretary", tree["CB"]), make_user("cell_deputy", tree["CB"])
    make_user("viewer", tree["CB"])
    make_user("commune_officer", tree["XA"])
    assert tell(tree["CB"]) == 2
    assert set(Notice.objects.values_list("user", flat=True)) == {secretary.pk, deputy.pk}
    assert Notice.objects.filter(org_unit=tree["CB"]).count() == 2


def test_a_unit_without_accounts_is_answered_for_by_the_nearest_above(tree) -> None:
    officer = make_user("commune_officer", tree["XA"])
    make_user("province_officer", tree["TI"])
    assert tell(tree["CB"]) == 1
    assert Notice.objects.get().user == officer


def test_a_units_own_news_go_to_nobody_above(tree) -> None:
    make_user("commune_officer", tree["XA"])
    assert tell(tree["CB"], or_above=False) == 0
    assert not Notice.objects.exists()


def test_accounts_out_of_use_and_ended_grants_are_not_told(tree) -> None:
    left = make_user("cell_secretary", tree["CB"])
    left.grants.update(ended_at=timezone.now())
    closed = make_user("cell_deputy", tree["CB"])
    closed.is_active = False
    closed.save()
    assert tell(tree["CB"]) == 0
    assert not Notice.objects.exists()


def test_nobody_is_told_of_what_he_did_himself(tree) -> None:
    secretary = make_user("cell_secretary", tree["CB"])
    assert tell(tree["CB"], by=secretary) == 0


@pytest.mark.parametrize("href", ["https://example.org/", "//example.org/", "javascript:alert(1)", "x" * 600])
def test_a_notice_leads_nowhere_else(tree, href: str) -> None:
    make_user("cell_secretary", tree["CB"])
    with pytest.raises(BadInput):
        tell(tree["CB"], href=href)


def test_long_words_are_cut_not_refused(tree) -> None:
    make_user("cell_secretary", tree["CB"])
    tell(tree["CB"], subject="Báo cáo " * 60, text="x" * 9000)
    notice = Notice.objects.get()
    assert (len(notice.subject), len(notice.text)) == (200, 6000)
    assert notice.subject.endswith("…")


def test_an_officer_above_reminds_once_a_day(tree) -> None:
    officer, secretary = make_user("commune_officer", tree["XA"]), make_user("cell_secretary", tree["CB"])
    assert remind(tree["CB"], officer) == 1
    assert secretary.notices.get().created_by == officer
    event = AuditEvent.objects.get(verb="unit.nudged")
    assert event.unit_id == tree["CB"].pk
    assert queries.last_nudges(["study-silent", "other"]).keys() == {("study-silent", tree["CB"].pk)}
    with pytest.raises(Conflict, match=r"\d+/\d+/\d{4}"):
        remind(tree["CB"], officer)
    assert remind(tree["CB"], officer, about="report-call:7") == 1
    Nudge.objects.update(on=timezone.localdate() - timedelta(days=1))
    assert remind(tree["CB"], officer) == 1


def test_nobody_reminds_beside_above_or_his_own_unit(tree) -> None:
    grassroots, secretary = make_user("grassroots_secretary", tree["CS"]), make_user("cell_secretary", tree["CB"])
    stranger = make_user("commune_officer", make_unit("XB", "agencies", tree["TI"]))
    for unit, by in [("CS", grassroots), ("XA", grassroots), ("CB", secretary), ("CB", stranger)]:
        assert not may_nudge(by, tree[unit])
        with pytest.raises(NotAllowed):
            remind(tree[unit], by)
    assert may_nudge(grassroots, tree["CB"])
    assert not Nudge.objects.exists()


def test_a_unit_without_anybody_is_not_counted_as_reminded(tree) -> None:
    """The officer's own colleagues are no substitute, and the button stays usable once somebody is there."""
    officer = make_user("commune_officer", tree["XA"])
    make_user("commune_officer", tree["XA"])
    assert remind(tree["CB"], officer) == 0
    assert not Nudge.objects.exists()
    make_user("grassroots_secretary", tree["CS"])
    assert remind(tree["CB"], officer) == 1


def test_units_of_published_figures_and_ended_units_are_not_reminded(tree) -> None:
    officer = make_user("province_officer", tree["TI"])
    published = make_unit("LCH", "province", tree["TI"], is_published=True)
    ended = make_unit("CU", "agencies", tree["TI"], last_on=timezone.localdate() - timedelta(days=3))
    for unit in (published, ended):
        with pytest.raises(BadInput):
            remind(unit, officer)


def test_the_inbox_shows_my_own_the_unread_first(tree, client: Client) -> None:
    secretary = make_user("cell_secretary", tree["CB"])
    for subject in ("Báo cáo sáu tháng", "Sinh hoạt tháng này", "Lớp học"):
        tell(tree["CB"], subject=subject, href="/")
    read = Notice.objects.get(subject="Lớp học")
    client.force_login(secretary)
    assert client.get(reverse("notices:open", args=[read.pk])).headers["Location"] == "/"
    page = client.get(reverse("notices:inbox"))
    assert [notice.subject for notice in page.context["page"]] == [
        "Sinh hoạt tháng này",
        "Báo cáo sáu tháng",
        "Lớp học",
    ]
    assert page.context["unread"] == 2
    found = client.get(reverse("notices:inbox"), {"q": "sau thang"})
    assert [notice.subject for notice in found.context["page"]] == ["Báo cáo sáu tháng"]
    assert len(client.get(reverse("notices:inbox"), {"show": "new"}).context["page"]) == 2


def test_another_persons_notice_does_not_exist(tree, client: Client) -> None:
    make_user("cell_secretary", tree["CB"])
    tell(tree["CB"])
    notice = Notice.objects.get()
    client.force_login(make_user("province_officer", tree["TI"]))
    assert client.get(reverse("notices:open", args=[notice.pk])).status_code == 404
    assert client.post(reverse("notices:read", args=[notice.pk])).status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


def test_read_all_leaves_what_came_after_the_page_was_drawn(tree, client: Client) -> None:
    secretary = make_user("cell_secretary", tree["CB"])
    tell(tree["CB"], subject="Đã thấy")
    until = Notice.objects.get().pk
    tell(tree["CB"], subject="Vừa đến")
    client.force_login(secretary)
    client.post(reverse("notices:read_all"), {"until": until})
    assert list(Notice.objects.filter(read_at=None).values_list("subject", flat=True)) == ["Vừa đến"]
    for bad in ("", "x", "²", "9" * 30):
        assert client.post(reverse("notices:read_all"), {"until": bad}).status_code == 400


def test_the_inbox_asks_as_much_for_thirty_notices_as_for_one(
    tree, client: Client, django_assert_max_num_queries
) -> None:
    client.force_login(make_user("cell_secretary", tree["CB"]))
    tell(tree["CB"])
    client.get(reverse("notices:inbox"))
    with django_assert_max_num_queries(40) as one:
        client.get(reverse("notices:inbox"))
    for _number in range(29):
        tell(tree["CB"])
    with django_assert_max_num_queries(len(one)):
        client.get(reverse("notices:inbox"))


def button(unit: OrgUnit) -> dict[str, str]:
    asked = NudgeAsked(unit.code, "study-silent", "Đề nghị ghi nhận", "", "/", Permission.STUDY_RECORD.value)
    return {"nudge": signed(asked), "back": "/cham-trien-khai/"}


def test_the_button_reminds_and_returns_to_its_page(tree, client: Client) -> None:
    make_user("cell_secretary", tree["CB"])
    client.force_login(make_user("commune_officer", tree["XA"]))
    first = client.post(reverse("notices:nudge"), button(tree["CB"]))
    assert first.headers["Location"] == "/cham-trien-khai/"
    client.post(reverse("notices:nudge"), button(tree["CB"]))
    assert Notice.objects.count() == 1
    words = [str(message) for message in client.get(reverse("notices:inbox")).context["messages"]]
    assert len(words) == 2
    assert "hôm nay" in words[1]


@pytest.mark.parametrize("change", ["words", "back"])
def test_an_altered_button_is_refused(tree, client: Client, change: str) -> None:
    make_user("cell_secretary", tree["CB"])
    client.force_login(make_user("commune_officer", tree["XA"]))
    sent = button(tree["CB"])
    if change == "words":
        sent["nudge"] = sent["nudge"][:-3] + "abc"
        assert client.post(reverse("notices:nudge"), sent).status_code == 400
        assert not Notice.objects.exists()
    else:
        sent["back"] = "//example.org/"
        assert client.post(reverse("notices:nudge"), sent).headers["Location"] == "/"


def test_a_button_of_the_day_before_yesterday_is_refused(tree, client: Client, monkeypatch) -> None:
    client.force_login(make_user("commune_officer", tree["XA"]))
    sent = button(tree["CB"])
    monkeypatch.setattr("langsen.foundation.notifications.nudging.GOOD_FOR", -1)
    answer = client.post(reverse("notices:nudge"), sent)
    assert answer.status_code == 400


def test_the_desk_shows_new_notices_and_the_menu_counts_them(tree, client: Client) -> None:
    client.force_login(make_user("cell_secretary", tree["CB"]))
    tell(tree["CB"], subject="Đề nghị ghi nhận buổi sinh hoạt")
    page = client.get("/")
    assert "Đề nghị ghi nhận buổi sinh hoạt" in page.content.decode()
    links = [link for group in page.context["menu"] for link in group.links if link.count]
    assert [(link.href, link.count) for link in links] == [(reverse("notices:inbox"), 1)]


def test_a_silent_unit_has_its_button_and_says_when_it_was_reminded(tree, client: Client) -> None:
    make_user("grassroots_secretary", tree["CS"])
    officer = make_user("commune_officer", tree["XA"])
    client.force_login(officer)
    page = client.get(reverse("office:slow"), {"unit": "XA"}).content.decode()
    assert page.count('name="nudge"') == 1
    assert "Đã đôn đốc" not in page
    remind(tree["CS"], officer)
    assert "Đã đôn đốc lúc" in client.get(reverse("office:slow"), {"unit": "XA"}).content.decode()
    client.force_login(make_user("standing_member", tree["XA"]))
    assert 'name="nudge"' not in client.get(reverse("office:slow"), {"unit": "XA"}).content.decode()


def test_read_notices_are_forgotten_after_the_set_time(tree, settings) -> None:
    make_user("cell_secretary", tree["CB"])
    for subject in ("cũ, đã đọc", "cũ, chưa đọc", "mới đọc"):
        tell(tree["CB"], subject=subject)
    long_ago = timezone.now() - timedelta(days=400)
    Notice.objects.filter(subject__startswith="cũ").update(created_at=long_ago)
    Notice.objects.filter(subject="cũ, đã đọc").update(read_at=long_ago)
    Notice.objects.filter(subject="mới đọc").update(read_at=timezone.now())
    settings.LANGSEN_KEEP_NOTICES_DAYS = 365
    assert services.forget_old_notices() == 1
    assert set(Notice.objects.values_list("subject", flat=True)) == {"cũ, chưa đọc", "mới đọc"}
