"""The public pages: what everybody may read, signing up, the code, entering; without JavaScript throughout."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from langsen.contests.contests import limits
from langsen.contests.contests.enums import ContestStatus, EntrantStatus
from langsen.contests.contests.models import Entrant, PrizeRule, RateCount, RuleChange
from langsen.contests.contests.queries.steps import front_of
from langsen.contests.contests.tickets import read_ticket
from tests.contest_world import a_contest, a_round, a_unit, an_entrant

pytestmark = pytest.mark.django_db(databases=["default", "contests"])

ASKS = {"phone": "để báo kết quả", "birth_year": "để xét độ tuổi", "unit": "để xếp hạng đơn vị"}


@pytest.fixture
def world() -> SimpleNamespace:
    contest = a_contest(asks=ASKS, least_age=12, contact="Ban Tổ chức, 02143 840 123")
    a_round(contest)
    cell = a_unit(contest, "Chi bộ Hoa Ban", under=a_unit(contest, "Đảng bộ xã Bản Thử"))
    typed = {
        "full_name": "Lò Thị Mai",
        "phone": "+84 912.345.678",
        "birth_year": "1990",
        "unit": str(cell.pk),
        "agrees": "on",
    }
    return SimpleNamespace(contest=contest, cell=cell, typed=typed, at=f"/cuoc-thi/{contest.slug}/")


def _text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_holds_every_announced_contest(client: Client, count: int) -> None:
    titles = [a_contest(title=f"Tìm hiểu lịch sử số {number}").title for number in range(count)]
    a_contest(title="Còn soạn", status=ContestStatus.DRAFT)
    page = _text(client.get("/cuoc-thi/"))
    assert all(title in page for title in titles)
    assert "Còn soạn" not in page


def test_a_draft_has_no_public_page(client: Client) -> None:
    draft = a_contest(status=ContestStatus.DRAFT)
    for page in ("", "the-le/", "thay-doi/", "dang-ky/", "vao-thi/", "ma-cua-toi/", "cua-toi/"):
        assert client.get(f"/cuoc-thi/{draft.slug}/{page}").status_code == 404


def test_the_contest_page_counts_down_by_the_servers_clock(client: Client, world: SimpleNamespace) -> None:
    page = _text(client.get(world.at))
    seconds = int(re.search(r'data-seconds="(\d+)"', page).group(1))  # type: ignore[union-attr]
    closes = world.contest.rounds.get().closes_at
    assert abs(seconds - (closes - timezone.now()).total_seconds()) < 5
    assert f'href="{world.at}dang-ky/"' in page


def test_the_rules_say_everything_the_contest_declares(client: Client, world: SimpleNamespace) -> None:
    PrizeRule.objects.create(
        contest=world.contest, subject="person", scope="round", rank="first", count=1, amount=5_000_000
    )
    page = _text(client.get(f"{world.at}the-le/"))
    for said in ("để xếp hạng đơn vị", "5.000.000", "RFC 3797", "12", "SHA-256", "02143 840 123", "10"):
        assert said in page
    assert "None" not in page


def test_changes_of_the_rules_are_public(client: Client, world: SimpleNamespace) -> None:
    assert "12" not in _text(client.get(f"{world.at}thay-doi/")).split("<main")[1].split("</main")[0]
    RuleChange.objects.create(
        contest=world.contest,
        what="Thời gian làm bài",
        before="10 phút",
        after="12 phút",
        reason="<b>mạng chậm</b>",
        changed_by_id=1,
        changed_by_name="BTC",
    )
    page = _text(client.get(f"{world.at}thay-doi/"))
    assert "12 phút" in page
    assert "<b>mạng" not in page
    assert "Thời gian làm bài" in _text(client.get(f"{world.at}the-le/"))


def test_signing_up_shows_the_code_once_and_lets_in(client: Client, world: SimpleNamespace) -> None:
    response = client.post(f"{world.at}dang-ky/", world.typed)
    assert response.status_code == 302, _text(response)
    entrant = Entrant.objects.get(contest=world.contest)
    assert entrant.phone == "0912345678"
    ticket = response.cookies[f"thi_{world.contest.pk}"]
    assert (ticket["path"], ticket["httponly"], ticket["samesite"]) == ("/thi/", True, "Lax")
    assert read_ticket(ticket.value).entrant == entrant.pk
    page = client.get(response["Location"])
    code = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", _text(page)).group()  # type: ignore[union-attr]
    assert "data:image/svg+xml" in _text(page)
    assert page["Cache-Control"]
    assert client.post(f"{world.at}ma-cua-toi/cat/")["Location"] == f"/thi/{world.contest.slug}/"
    assert code not in _text(client.get(response["Location"]))
    entered = Client().post(f"{world.at}vao-thi/", {"code": code.lower().replace("-", " ")})
    assert entered["Location"] == f"/thi/{world.contest.slug}/"
    assert read_ticket(entered.cookies[f"thi_{world.contest.pk}"].value).entrant == entrant.pk


def test_consent_is_never_ticked_before(client: Client, world: SimpleNamespace) -> None:
    page = _text(client.get(f"{world.at}dang-ky/"))
    assert " checked>" not in page
    assert "để báo kết quả" in page
    assert 'name="mail"' not in page


def test_faults_are_said_beside_their_fields_and_nothing_is_lost(client: Client, world: SimpleNamespace) -> None:
    response = client.post(f"{world.at}dang-ky/", world.typed | {"phone": "12", "birth_year": "1880", "agrees": ""})
    assert response.status_code == 422
    page = _text(response)
    assert "Lò Thị Mai" in page
    assert "“12”" in page
    assert "Chi bộ Hoa Ban, Đảng bộ xã Bản Thử" in page
    assert not Entrant.objects.exists()


def test_a_unit_is_found_without_accents_and_without_javascript(client: Client, world: SimpleNamespace) -> None:
    typed = world.typed | {"unit": "", "unit_search": "hoa ban", "find": "1", "agrees": ""}
    response = client.post(f"{world.at}dang-ky/", typed)
    assert response.status_code == 200
    page = _text(response)
    assert f'value="{world.cell.pk}"' in page
    assert "Lò Thị Mai" in page
    assert "error" not in page.split("<form method", 1)[1].split("</form")[0]
    found = _text(client.get(f"{world.at}dang-ky/don-vi/", {"unit_search": "BAN THU hoa"}))
    assert "Chi bộ Hoa Ban, Đảng bộ xã Bản Thử" in found
    nothing = _text(client.get(f"{world.at}dang-ky/don-vi/", {"unit_search": "zzz"}))
    assert f'value="{world.cell.pk}"' not in nothing


def test_a_double_is_told_kindly_and_may_go_on(client: Client, world: SimpleNamespace) -> None:
    client.post(f"{world.at}dang-ky/", world.typed)
    again = client.post(f"{world.at}dang-ky/", world.typed)
    assert again.status_code == 422
    assert f"{world.at}vao-thi/" in _text(again)
    assert "TS-000001" in _text(again)
    assert Entrant.objects.count() == 1
    assert client.post(f"{world.at}dang-ky/", world.typed | {"is_other": "on"}).status_code == 302
    assert Entrant.objects.get(number=2).flags.count() == 1


def test_a_name_with_script_in_it_is_only_text(client: Client, world: SimpleNamespace) -> None:
    response = client.post(f"{world.at}dang-ky/", world.typed | {"full_name": "<script>alert(1)</script>"})
    page = _text(client.get(response["Location"]))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_wrong_codes_are_counted_and_right_ones_are_not(
    client: Client, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.Limit, "most", property(lambda _limit: 3))
    an_entrant(world.contest, code="ABCDE23456")
    for _time in range(5):
        assert client.post(f"{world.at}vao-thi/", {"code": "ABCDE-23456"}).status_code == 302
    statuses = [client.post(f"{world.at}vao-thi/", {"code": f"WRNG{n}-WRNGX"}).status_code for n in range(5)]
    assert statuses == [422, 422, 422, 429, 429]
    assert client.post(f"{world.at}vao-thi/", {"code": "ABCDE-23456"}).status_code == 429
    RateCount.objects.update(began_at=timezone.now() - timedelta(minutes=11))
    assert client.post(f"{world.at}vao-thi/", {"code": "ABCDE-23456"}).status_code == 302


def test_one_phone_cannot_sign_up_without_end(
    client: Client, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.Limit, "most", property(lambda limit: 2 if limit is limits.Limit.SIGN_UP_PHONE else 99))
    typed = world.typed | {"is_other": "on"}
    statuses = [client.post(f"{world.at}dang-ky/", typed).status_code for _time in range(4)]
    assert statuses == [302, 302, 422, 422]


def test_whoever_is_not_eligible_is_told_and_not_let_in(client: Client, world: SimpleNamespace) -> None:
    an_entrant(world.contest, code="ABCDE23456", status=EntrantStatus.BARRED, status_reason="thành viên Ban Tổ chức")
    response = client.post(f"{world.at}vao-thi/", {"code": "ABCDE-23456"})
    assert response.status_code == 403
    assert "thành viên Ban Tổ chức" in _text(response)
    assert f"thi_{world.contest.pk}" not in response.cookies


def test_after_the_close_nobody_signs_up_or_enters(client: Client) -> None:
    contest = a_contest(asks={})
    a_round(contest, opens_at=timezone.now() - timedelta(days=3))
    an_entrant(contest, code="ABCDE23456")
    at = f"/cuoc-thi/{contest.slug}/"
    page = client.get(f"{at}dang-ky/")
    assert page.status_code == 200
    assert '<form method="post" novalidate' not in _text(page)
    assert client.post(f"{at}dang-ky/", {"full_name": "Lò Thị Mai", "agrees": "on"}).status_code == 200
    assert contest.entrants.count() == 1
    assert client.post(f"{at}vao-thi/", {"code": "ABCDE-23456"})["Location"] == at


def test_sign_up_by_mail(client: Client) -> None:
    contest = a_contest(asks={}, sign_up="mail")
    a_round(contest)
    at = f"/cuoc-thi/{contest.slug}/dang-ky/"
    assert (
        client.post(at, {"full_name": "Lò Thị Mai", "mail": "mai@langsen.example", "agrees": "on"}).status_code == 422
    )
    assert client.post(at, {"address": "Mai@langsen.example"}).status_code == 200
    [letter] = mail.outbox
    assert letter.to == ["mai@langsen.example"]
    code = re.search(r"\b\d{6}\b", letter.body).group()  # type: ignore[union-attr]
    wrong = "000000" if code != "000000" else "111111"
    address = {"address": "mai@langsen.example"}
    assert client.post(at, address | {"sent_code": wrong}).status_code == 422
    page = client.post(at, address | {"sent_code": code})
    proof = re.search(r'name="proof" value="([^"]+)"', _text(page)).group(1)  # type: ignore[union-attr]
    assert client.post(at, address | {"sent_code": code}).status_code == 422  # single use
    typed = {"full_name": "Lò Thị Mai", "agrees": "on", "proof": proof}
    assert client.post(at, typed | {"proof": proof[:-1] + "x"}).status_code == 422
    assert client.post(at, typed | {"mail": "khac@langsen.example"}).status_code == 302
    assert Entrant.objects.get(contest=contest).mail == "mai@langsen.example"


def test_a_sent_code_is_over_after_a_while_and_after_five_tries(client: Client) -> None:
    contest = a_contest(asks={}, sign_up="mail")
    a_round(contest)
    at = f"/cuoc-thi/{contest.slug}/dang-ky/"
    address = {"address": "mai@langsen.example"}
    client.post(at, address)
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].body).group()  # type: ignore[union-attr]
    contest.sign_up_codes.update(expires_at=timezone.now())
    assert client.post(at, address | {"sent_code": code}).status_code == 422
    client.post(at, address)
    code = re.search(r"\b\d{6}\b", mail.outbox[-1].body).group()  # type: ignore[union-attr]
    wrong = "000000" if code != "000000" else "111111"
    for _time in range(5):
        client.post(at, address | {"sent_code": wrong})
    assert client.post(at, address | {"sent_code": code}).status_code == 422


def test_text_messages_need_a_sender(client: Client, settings: object) -> None:
    contest = a_contest(asks={}, sign_up="sms")
    a_round(contest)
    at = f"/cuoc-thi/{contest.slug}/dang-ky/"
    assert 'name="address"' not in _text(client.get(at))
    settings.LANGSEN_SMS_SENDER = f"{__name__}.keep_text"  # type: ignore[attr-defined]
    SENT.clear()
    assert client.post(at, {"address": "+84 912 345 678"}).status_code == 200
    [(phone, text)] = SENT
    assert phone == "0912345678"
    code = re.search(r"\b\d{6}\b", text).group()  # type: ignore[union-attr]
    page = client.post(at, {"address": "0912345678", "sent_code": code})
    proof = re.search(r'name="proof" value="([^"]+)"', _text(page)).group(1)  # type: ignore[union-attr]
    assert client.post(at, {"full_name": "Lò Thị Mai", "agrees": "on", "proof": proof}).status_code == 302
    assert Entrant.objects.get(contest=contest).phone == "0912345678"


SENT: list[tuple[str, str]] = []


def keep_text(phone: str, text: str) -> None:
    SENT.append((phone, text))


def test_my_details_are_seen_and_put_right_with_the_code(client: Client, world: SimpleNamespace) -> None:
    entrant = an_entrant(world.contest, "Lò Thị May", code="ABCDE23456", phone="0912345678", birth_year=1990)
    at = f"{world.at}cua-toi/"
    assert "Lò Thị May" not in _text(client.get(at))
    assert client.post(at, {"code": "ABCDE-23457"}).status_code == 422
    assert client.post(at, {"code": "ABCDE-23456"}).status_code == 302
    page = _text(client.get(at))
    assert "Lò Thị May" in page
    assert "0912345678" in page
    typed = {"full_name": "Lò Thị Mai", "phone": "0988 111 222", "unit": str(world.cell.pk), "may_publish_name": "on"}
    assert client.post(at, typed).status_code == 302
    entrant.refresh_from_db()
    assert (entrant.full_name, entrant.phone, entrant.unit) == ("Lò Thị Mai", "0988111222", world.cell)
    assert entrant.may_publish_name
    typed.pop("may_publish_name")
    client.post(at, typed)
    entrant.refresh_from_db()
    assert not entrant.may_publish_name
    assert entrant.consents.get().withdrawn_at
    client.post(f"{at}dong/")
    assert "Lò Thị Mai" not in _text(client.get(at))


def test_after_the_close_only_consent_is_taken_back(client: Client) -> None:
    contest = a_contest(asks={})
    a_round(contest, opens_at=timezone.now() - timedelta(days=3))
    entrant = an_entrant(contest, "Lò Thị May", code="ABCDE23456", may_publish_name=True)
    at = f"/cuoc-thi/{contest.slug}/cua-toi/"
    client.post(at, {"code": "ABCDE-23456"})
    assert client.post(at, {"full_name": "Tên khác"}).status_code == 302
    entrant.refresh_from_db()
    assert entrant.full_name == "Lò Thị May"
    assert not entrant.may_publish_name


def test_an_open_dry_run_counts_down_to_its_close_and_lets_people_in() -> None:
    contest = a_contest()
    a_round(contest, opens_at=timezone.now() + timedelta(days=3))
    tried = a_round(contest, is_dry_run=True, title="Chạy thử")
    front = front_of(contest, at=timezone.now(), knows_code=True)
    assert front.countdown is not None and front.countdown.moment == tried.closes_at
    assert front.primary is not None and front.primary.label == "Vào thi thử"
    after = front_of(contest, at=tried.closes_at + timedelta(seconds=1), knows_code=True)
    assert after.countdown is not None and after.countdown.moment == contest.rounds.get(is_dry_run=False).opens_at
    assert after.primary is not None and after.primary.label == "Vào phòng chờ"
