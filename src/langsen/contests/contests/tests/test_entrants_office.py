"""The organising board's pages of entrants: who may, what is hidden, what each act leaves behind."""

import io
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook

from langsen.contests.arena.models import Attempt
from langsen.contests.contests.enums import ContestStatus, EntrantStatus, FlagKind, FlagStatus
from langsen.contests.contests.models import BarredPerson, Entrant, EntrantFlag
from langsen.contests.contests.services import entrants as services
from langsen.contests.contests.services.retention import forget_entrants, forget_where_due
from langsen.contests.contests.services.signing_up import entrant_by_code
from langsen.foundation.audit.models import AuditEvent
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed
from tests.contest_world import a_contest, a_round, a_unit, an_attempt, an_entrant
from tests.factories import make_tree, make_user

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


@pytest.fixture
def world(client: Client) -> SimpleNamespace:
    tree = make_tree(TI=("province", None), XA=("agencies", "TI"), XB=("agencies", "TI"))
    contest = a_contest(organiser_id=tree["XA"].pk, asks={"phone": "để báo kết quả"})
    of = a_round(contest)
    unit = a_unit(contest, "Chi bộ Hoa Ban", under=a_unit(contest, "Đảng bộ bộ phận Bản Thử"))
    organiser = make_user("contest_organiser", tree["XA"])
    client.force_login(organiser)
    return SimpleNamespace(
        tree=tree,
        contest=contest,
        round=of,
        unit=unit,
        organiser=organiser,
        judge=make_user("judge", tree["XA"]),
        stranger=make_user("contest_organiser", tree["XB"]),
        at=f"/to-chuc-thi/{contest.pk}/nguoi-du-thi/",
    )


def _mai(world: SimpleNamespace, **columns: object) -> Entrant:
    facts = {"phone": "0912345678", "birth_year": 1990, "unit": world.unit, "mail": "mai@langsen.example"}
    return an_entrant(world.contest, "Lò Thị Mai", **facts | columns)


def _text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def _events(verb: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.using("contests").filter(verb=verb))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_hides_what_needs_no_showing(client: Client, world: SimpleNamespace, count: int) -> None:
    for number in range(count):
        _mai(world, phone=f"091234567{number}")
    page = _text(client.get(world.at))
    assert page.count("Lò Thị Mai") == count
    assert "0912345670" not in page
    assert "091••••670" in page


@pytest.mark.parametrize("asked", ["lo thi mai", "MAI", "0912 345", "345678", "TS-000001", "1"])
def test_people_are_found_by_name_phone_or_number(client: Client, world: SimpleNamespace, asked: str) -> None:
    _mai(world)
    an_entrant(world.contest, "Sùng A Chua", phone="0988777666")
    page = _text(client.get(world.at, {"q": asked}))
    assert "Lò Thị Mai" in page
    assert "Sùng A Chua" not in page


def test_filters(client: Client, world: SimpleNamespace) -> None:
    mai = _mai(world)
    chua = an_entrant(world.contest, "Sùng A Chua", birth_year=2010, status=EntrantStatus.BARRED)
    EntrantFlag.objects.create(entrant=chua, kind=FlagKind.DOUBLE, about="", key=str(mai.pk))
    for asked in ({"unit": "hoa ban"}, {"status": "active"}, {"age": "31-45"}):
        page = _text(client.get(world.at, asked))
        assert "Lò Thị Mai" in page, asked
        assert "Sùng A Chua" not in page, asked
    for asked in ({"flags": "open"}, {"flags": "any"}, {"status": "barred"}, {"age": "0-17"}):
        page = _text(client.get(world.at, asked))
        assert "Sùng A Chua" in page, asked
        assert "Lò Thị Mai" not in page, asked


def test_out_of_reach_does_not_exist_and_seeing_is_not_acting(client: Client, world: SimpleNamespace) -> None:
    mai = _mai(world)
    client.force_login(world.stranger)
    assert client.get(world.at).status_code == 404
    assert client.post(f"{world.at}{mai.number}/xem/").status_code == 404
    client.force_login(world.judge)
    assert client.get(world.at).status_code == 200
    assert client.post(f"{world.at}{mai.number}/xem/").status_code == 403
    assert client.post(f"{world.at}excel/").status_code == 403
    assert client.post(f"{world.at}{mai.number}/ma-moi/", {"reason": "mất mã"}).status_code == 403
    with pytest.raises(NotAllowed):
        services.bar_entrant(mai, reason="thử", by=world.judge)


def test_hidden_details_are_shown_after_a_recorded_look(client: Client, world: SimpleNamespace) -> None:
    mai = _mai(world)
    page = _text(client.get(f"{world.at}{mai.number}/"))
    assert "0912 345 678" not in page
    assert "1990" not in page
    assert "mai@langsen" not in page
    response = client.post(f"{world.at}{mai.number}/xem/")
    assert "0912 345 678" in _text(response)
    assert "no-store" in response["Cache-Control"]
    [event] = _events("entrant.read")
    assert event.data == {"fields": ["phone", "mail", "birth_year"]}
    assert event.unit_id == world.tree["XA"].pk


def test_excel_hides_unless_asked_and_recorded(client: Client, world: SimpleNamespace) -> None:
    _mai(world)
    an_entrant(world.contest, "=cmd|' /C calc'!A0")

    def cells(content: bytes) -> str:
        return str(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())

    masked = cells(client.get(f"{world.at}excel/").content)
    assert "Lò Thị Mai" in masked
    assert "0912 345 678" not in masked
    assert "0912 345 678" in cells(client.post(f"{world.at}excel/").content)
    assert _events("contest.entrants_exported")[0].data["fields"] == []
    assert "phone" in _events("contest.entrants_exported")[1].data["fields"]


def test_a_new_code_voids_the_old_and_is_shown_once(client: Client, world: SimpleNamespace) -> None:
    mai = _mai(world, code="ABCDE23456")
    assert client.post(f"{world.at}{mai.number}/ma-moi/", {"reason": ""}).status_code == 422
    page = _text(client.post(f"{world.at}{mai.number}/ma-moi/", {"reason": "mất điện thoại"}))
    code = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", page).group()  # type: ignore[union-attr]
    assert entrant_by_code(world.contest, "ABCDE23456") is None
    assert entrant_by_code(world.contest, code) == mai
    assert code not in str([event.data for event in _events("entrant.code_reissued")])


def test_details_opened_with_the_old_code_close(client: Client, world: SimpleNamespace) -> None:
    mai = _mai(world, code="ABCDE23456")
    browser, mine = Client(), f"/cuoc-thi/{world.contest.slug}/cua-toi/"
    browser.post(mine, {"code": "ABCDE23456"})
    assert "Lò Thị Mai" in _text(browser.get(mine))
    services.reissue_code(mai, reason="mất điện thoại", by=world.organiser)
    Entrant.objects.filter(pk=mai.pk).update(code_issued_at=timezone.now() + timedelta(seconds=3))
    assert "Lò Thị Mai" not in _text(browser.get(mine))


def test_barring_and_taking_back_leave_their_reasons(client: Client, world: SimpleNamespace) -> None:
    mai = _mai(world)
    at = f"{world.at}{mai.number}/"
    assert client.get(f"{at}khong-du-dieu-kien/").status_code == 200
    response = client.post(f"{at}khong-du-dieu-kien/", {"reason": "thành viên Ban Tổ chức"})
    assert response.status_code == 302
    mai.refresh_from_db()
    assert (mai.status, mai.status_reason) == (EntrantStatus.BARRED, "thành viên Ban Tổ chức")
    again = client.post(f"{at}khong-du-dieu-kien/", {"reason": "lần nữa"})
    assert again.status_code == 422
    client.post(f"{at}khoi-phuc/", {"reason": "nhầm người"})
    mai.refresh_from_db()
    assert (mai.status, mai.status_reason) == (EntrantStatus.ACTIVE, "")
    assert "nhầm người" in _text(client.get(at))
    for words in ("gian lận", "vi phạm"):
        assert words not in _text(client.get(at)).lower()
    assert client.get(f"{at}khong-co/").status_code == 404


def test_doubles_are_joined_and_nothing_is_deleted(client: Client, world: SimpleNamespace) -> None:
    kept, other = _mai(world, code="ABCDE23456"), _mai(world, code="FGHJK23456")
    EntrantFlag.objects.create(entrant=other, kind=FlagKind.DOUBLE, about="cùng số điện thoại", key=str(kept.pk))
    an_attempt(world.round, other, answers=[1, 2])
    at = f"{world.at}{kept.number}/gop/"
    assert other.public_number in _text(client.get(at))
    assert client.post(at, {"other": kept.public_number, "reason": "cùng người"}).status_code == 422
    assert client.post(at, {"other": "TS-999999", "reason": "cùng người"}).status_code == 422
    assert client.post(at, {"other": other.public_number, "reason": "đã gọi điện"}).status_code == 302
    other.refresh_from_db()
    assert (other.status, other.merged_into) == (EntrantStatus.MERGED, kept)
    assert Attempt.objects.filter(entrant=other).count() == 1
    assert entrant_by_code(world.contest, "FGHJK23456") == kept
    assert EntrantFlag.objects.get(entrant=other).status == FlagStatus.UPHELD
    with pytest.raises(Conflict):
        services.merge_entrants(other, kept, reason="ngược lại", by=world.organiser)
    assert _text(client.get(f"{world.at}{other.number}/")).count(kept.public_number)
    elsewhere = an_entrant(a_contest(organiser_id=world.tree["XA"].pk))
    with pytest.raises(BadInput):
        services.merge_entrants(kept, elsewhere, reason="cuộc thi khác", by=world.organiser)


def test_identity_and_extra_time(client: Client, world: SimpleNamespace) -> None:
    mai = _mai(world)
    at = f"{world.at}{mai.number}/"
    assert client.post(f"{at}xac-minh/", {"reason": "xem căn cước tại trụ sở"}).status_code == 302
    assert client.post(f"{at}them-gio/", {"minutes": "5", "reason": "mắt kém"}).status_code == 302
    assert client.post(f"{at}them-gio/", {"minutes": "500", "reason": "mắt kém"}).status_code == 422
    mai.refresh_from_db()
    assert mai.identity_checked_at
    assert mai.extra_seconds == 300
    assert "5 phút" in _text(client.get(at))


@pytest.mark.parametrize("count", [1, 3])
def test_signs_wait_for_a_person_who_decides_with_a_reason(client: Client, world: SimpleNamespace, count: int) -> None:
    signs = [
        EntrantFlag.objects.create(entrant=_mai(world), kind=FlagKind.DOUBLE, about="cùng số", key=str(n))
        for n in range(count)
    ]
    page = _text(client.get(f"{world.at}dau-hieu/"))
    assert page.count("cùng số") == count
    at = f"{world.at}dau-hieu/{signs[0].pk}/"
    assert client.post(at, {"status": "cleared", "reason": ""}).status_code == 422
    assert client.post(at, {"status": "cleared", "reason": "hai anh em dùng chung máy"}).status_code == 302
    signs[0].refresh_from_db()
    assert signs[0].status == FlagStatus.CLEARED
    assert _text(client.get(f"{world.at}dau-hieu/")).count("cùng số") == count - 1
    assert "hai anh em" in _text(client.get(f"{world.at}dau-hieu/", {"status": "cleared"}))


def test_deletion_on_request_keeps_the_number_and_the_attempts(client: Client, world: SimpleNamespace) -> None:
    mai = _mai(world, guardian_name="Lò Văn Pản", code="ABCDE23456")
    an_attempt(world.round, mai, answers=[1], device=77)
    assert client.post(f"{world.at}{mai.number}/xoa-thong-tin/", {"reason": "đơn ngày 3/4"}).status_code == 302
    mai.refresh_from_db()
    assert not any((mai.full_name, mai.folded, mai.sort_key, mai.phone, mai.mail, mai.birth_year, mai.guardian_name))
    attempt = Attempt.objects.get(entrant=mai)
    assert attempt.device is None
    page = _text(client.get(f"{world.at}{mai.number}/"))
    assert mai.public_number in page
    assert "Lò Thị Mai" not in page
    assert client.post(f"{world.at}{mai.number}/xoa-thong-tin/", {"reason": "lần nữa"}).status_code == 422
    kept = str([event.data for event in _events("entrant.redacted")])
    assert "0912" not in kept


def test_details_are_forgotten_when_their_time_is_over(client: Client, world: SimpleNamespace) -> None:
    contest = a_contest(
        organiser_id=world.tree["XA"].pk,
        status=ContestStatus.PUBLISHED,
        keep_months=12,
        published_at=timezone.now().replace(year=timezone.now().year - 1) - timedelta(days=1),
    )
    of = a_round(contest, opens_at=timezone.now() - timedelta(days=400))
    mai = an_entrant(contest, "Lò Thị Mai", phone="0912345678")
    an_attempt(of, mai, answers=[1], device=5)
    BarredPerson.objects.create(contest=contest, full_name="Ai đó", folded="ai do", reason="BTC")
    at = f"/to-chuc-thi/{contest.pk}/nguoi-du-thi/"
    assert "xoa-thong-tin/" in _text(client.get(at))
    assert client.get(f"{at}xoa-thong-tin/").status_code == 200
    assert client.post(f"{at}xoa-thong-tin/").status_code == 302
    mai.refresh_from_db()
    assert (mai.full_name, mai.phone) == ("", "")
    assert not contest.barred.exists()
    assert _events("contest.entrants_forgotten")[0].data == {"people": 1}
    young = _mai(world)
    with pytest.raises(Conflict):
        forget_entrants(world.contest, at=timezone.now(), by=world.organiser)
    assert forget_where_due(at=timezone.now()) == 0
    young.refresh_from_db()
    assert young.full_name
    assert forget_where_due(at=timezone.now() + timedelta(days=400)) == 1


def test_a_name_with_script_in_it_is_only_text(client: Client, world: SimpleNamespace) -> None:
    an_entrant(world.contest, "<script>alert(1)</script>")
    for page in (world.at, f"{world.at}1/", f"{world.at}1/gop/", f"{world.at}1/ma-moi/"):
        assert "<script>alert" not in _text(client.get(page))
