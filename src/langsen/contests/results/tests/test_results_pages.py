"""Pages of results: for everybody, for whoever has the code, for the jury."""

import io
import zipfile
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, Entrant, EntrantFlag
from langsen.contests.contests.services.entrants import bar_entrant
from langsen.contests.results.enums import PrizeStatus
from langsen.contests.results.models import Appeal, Draw, PrizeAward, Publication, Regrading, ResultBundle
from langsen.contests.results.services import closing, prizes, publishing
from langsen.contests.results.services.analysing import analyse_due_items
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.text import day_text, moment_text, number_text
from tests.contest_world import an_entrant
from tests.factories import make_unit, make_user
from tests.results_world import a_held_contest, publish_now

pytestmark = pytest.mark.django_db(databases=["default", "contests"])
SCRIPT = "<script>alert(1)</script> Ánh"


@pytest.fixture
def files(tmp_path: Any, settings: Any) -> None:
    settings.FILES_DIR = tmp_path


@pytest.fixture
def contest(files: None) -> Contest:
    """Closed and at the jury, prizes proposed; one name holds a script and is published in full."""
    unit = make_unit("DV1")
    made = a_held_contest(organiser_id=unit.pk, status=ContestStatus.JUDGING)
    Entrant.objects.filter(contest=made, number=1).update(full_name=SCRIPT, may_publish_name=True)
    closing.close_due_rounds()
    prizes.propose_prizes(made, by=system_user())
    return made


def published(contest: Contest) -> Contest:
    for award in PrizeAward.objects.filter(status=PrizeStatus.PROPOSED):
        prizes.decide_prize(award, by=system_user())
    publish_now(contest, by=system_user())
    return contest


def page(name: str, contest: Contest) -> str:
    return reverse(f"results:{name}", args=[contest.slug])


def juror(contest: Contest, client: Client) -> None:
    client.force_login(make_user(Role.JUDGE, unit_of(contest)))


def unit_of(contest: Contest) -> Any:
    from langsen.foundation.orgs.models import OrgUnit

    return OrgUnit.objects.get(pk=contest.organiser_id)


def test_nothing_is_told_before_it_is_published(client: Client, contest: Contest) -> None:
    for name in ("public_results", "public_units"):
        answer = client.get(page(name, contest))
        assert answer.status_code == 200
        assert "TS-0" not in answer.content.decode()
    for name in ("public_results_excel", "public_results_pdf", "public_bundle"):
        assert client.get(page(name, contest)).status_code == 404


@pytest.mark.parametrize("language", ["vi", "en"])
def test_public_pages_show_places_units_prizes_and_escape_names(
    client: Client, contest: Contest, language: str
) -> None:
    published(contest)
    client.cookies.load({settings.LANGUAGE_COOKIE_NAME: language})
    for name in ("public_results", "public_units", "public_draws", "public_regradings", "public_verify"):
        answer = client.get(page(name, contest))
        assert answer.status_code == 200, name
    text = "".join(client.get(page("public_results", contest) + extra).content.decode() for extra in ("", "?round=1"))
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text
    assert "Giàng A Páo" not in text
    assert client.get(page("public_results", contest) + "?round=9").status_code == 404
    assert client.get(page("public_results", contest) + "?page=zzz").status_code == 200
    assert client.get(page("public_units", contest) + "?all=1&q=khoang").status_code == 200


def test_a_round_tells_the_time_and_the_moment_the_rules_promise(client: Client, contest: Contest) -> None:
    published(contest)
    best = contest.rounds.get(number=1).standings.order_by("key1", "key2", "key3", "key4", "entrant").first()
    assert best is not None and best.duration_ms is not None
    told = [number_text(Decimal(best.duration_ms) / 1000, 3), moment_text(best.submitted_at)]
    round_page = client.get(page("public_results", contest), {"round": "1"}).content.decode()
    assert all(f">{one}</td>" in round_page for one in told), told
    sheet = client.get(page("public_results_excel", contest), {"round": "1"}).content
    held = [
        cell
        for row in CalamineWorkbook.from_filelike(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
        for cell in row
    ]
    assert best.duration_ms / 1000 in held
    assert told[1] in held
    assert "Thời gian làm bài" not in client.get(page("public_results", contest)).content.decode()


def test_a_masked_name_cannot_be_searched_a_number_and_a_unit_can(client: Client, contest: Contest) -> None:
    published(contest)
    found = client.get(page("public_results", contest), {"q": "giang a pao"}).content.decode()
    assert 'scope="row">Giàng' not in found
    assert "TS-000002" in client.get(page("public_results", contest), {"q": "ts-000002"}).content.decode()
    assert "Hoa Ban" in client.get(page("public_results", contest), {"q": "hoa ban"}).content.decode()


def test_excel_pdf_and_bundle_come_out(client: Client, contest: Contest) -> None:
    published(contest)
    excel = client.get(page("public_results_excel", contest))
    assert zipfile.is_zipfile(io.BytesIO(excel.content))
    assert zipfile.is_zipfile(io.BytesIO(client.get(page("public_units_excel", contest)).content))
    paper = client.get(page("public_results_pdf", contest))
    assert paper.content.startswith(b"%PDF")
    bundle = b"".join(client.get(page("public_bundle", contest)).streaming_content)  # type: ignore[attr-defined]

    upload = io.BytesIO(bundle)
    upload.name = "ket-qua.zip"
    said = client.post(page("public_verify", contest), {"bundle": upload}).content.decode()
    assert "Khớp hoàn toàn" in said
    assert "phiên bản 1" in said


def test_a_file_that_is_no_bundle_is_answered_in_words(client: Client, contest: Contest) -> None:
    upload = io.BytesIO(b"no zip")
    upload.name = "x.zip"
    answer = client.post(page("public_verify", contest), {"bundle": upload})

    assert answer.status_code == 422
    assert client.post(page("public_verify", contest)).status_code == 422


def test_my_result_certificate_and_appeal_by_code_alone(client: Client, contest: Contest) -> None:
    published(contest)
    from langsen.contests.contests.codes import digest_of

    Entrant.objects.filter(contest=contest, number=3).update(code_digest=digest_of("ABCDEFGHJK"))
    address = page("public_find", contest)
    asked = client.get(address)
    assert asked.status_code == 200
    assert "<h1>Kết quả của tôi</h1>" in asked.content.decode()
    assert client.get(page("public_certificate", contest)).status_code == 404
    assert client.post(address, {"code": "zzzzz"}).status_code in {200, 422}
    assert client.post(address, {"code": "abcde-fghjk"}).status_code == 302
    mine = client.get(address).content.decode()
    assert "TS-000003" in mine
    assert client.get(page("public_certificate", contest)).content.startswith(b"%PDF")
    assert client.post(address, {"text": " "}).status_code == 422
    assert client.post(address, {"text": "Đề nghị xem lại câu 2"}).status_code == 302
    assert Appeal.objects.get().entrant.number == 3


def test_the_office_pages_answer_for_the_jury_and_not_for_others(client: Client, contest: Contest) -> None:
    analyse_due_items()
    EntrantFlag.objects.create(entrant=contest.entrants.get(number=1), kind="too_fast", about="thử", key="1")
    Appeal.objects.create(contest=contest, entrant=contest.entrants.get(number=1), text="Đề nghị xem lại")
    names = ("contest", "prizes", "draws", "regradings", "items", "signals", "appeals")
    stranger = make_user()
    client.force_login(stranger)
    for name in names:
        assert client.get(reverse(f"results:{name}", args=[contest.pk])).status_code == 404, name
    juror(contest, client)
    assert contest.title in client.get(reverse("results:contests")).content.decode()
    for name in names:
        answer = client.get(reverse(f"results:{name}", args=[contest.pk]))
        assert answer.status_code == 200, name
        assert "<script>alert" not in answer.content.decode()
        assert "gian lận" not in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_contests_at_one_and_three(client: Client, files: None, count: int) -> None:
    unit = make_unit("DV1")
    for _each in range(count):
        last = a_held_contest(organiser_id=unit.pk, people=2, rounds=1)
    juror(last, client)

    assert client.get(reverse("results:contests")).content.decode().count('scope="row"') == count


def test_the_jury_works_through_its_desk(client: Client, contest: Contest) -> None:
    juror(contest, client)
    award = PrizeAward.objects.filter(status=PrizeStatus.PROPOSED).first()
    assert award is not None
    desk = [contest.pk, award.pk]
    assert client.get(reverse("results:decide", args=[*desk, "pass-over"])).status_code == 200
    assert client.post(reverse("results:decide", args=[*desk, "pass-over"]), {"reason": ""}).status_code == 422
    assert client.get(reverse("results:decide", args=[*desk, "nothing"])).status_code == 404
    client.post(reverse("results:decide", args=[*desk, "pass-over"]), {"reason": "Chưa đủ điều kiện"})
    client.post(reverse("results:propose", args=[contest.pk]))
    for one in PrizeAward.objects.filter(status=PrizeStatus.PROPOSED):
        client.post(reverse("results:decide", args=[contest.pk, one.pk, "decide"]))
    award.refresh_from_db()
    assert award.status == PrizeStatus.PASSED_OVER
    assert client.get(reverse("results:publish", args=[contest.pk])).status_code == 200
    assert client.post(reverse("results:publish", args=[contest.pk])).status_code == 302
    overview = reverse("results:contest", args=[contest.pk])
    waiting = client.get(overview).content.decode()
    assert "Đang công bố kết quả" in waiting and 'http-equiv="refresh"' in waiting
    assert client.post(reverse("results:publish", args=[contest.pk])).status_code == 409
    publishing.publish_due()
    contest.refresh_from_db()
    assert contest.status == ContestStatus.PUBLISHED
    assert 'http-equiv="refresh"' not in client.get(overview).content.decode()


def test_a_publication_that_fails_says_why_and_can_be_asked_for_again(
    client: Client, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    juror(contest, client)
    for award in PrizeAward.objects.filter(status=PrizeStatus.PROPOSED):
        prizes.decide_prize(award, by=system_user())
    asking, overview = (reverse(f"results:{name}", args=[contest.pk]) for name in ("publish", "contest"))

    def no_room(*_words: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "write_bundle", no_room)
        client.post(asking)
        assert publishing.publish_due() == 0
    contest.refresh_from_db()
    assert contest.status == ContestStatus.JUDGING
    assert not ResultBundle.objects.exists()
    assert not contest.rounds.exclude(results_published_at=None).exists()
    said = client.get(overview).content.decode()
    assert "Chưa công bố được kết quả" in said and "no room" not in said
    assert 'http-equiv="refresh"' not in said

    client.post(asking)
    assert publishing.publish_due() == 1
    assert publishing.publish_due() == 0
    assert ResultBundle.objects.get().version == 1


def test_a_worker_that_is_stopped_leaves_the_publication_to_the_next_one(
    contest: Contest, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for award in PrizeAward.objects.filter(status=PrizeStatus.PROPOSED):
        prizes.decide_prize(award, by=system_user())
    asked = publishing.ask_to_publish(contest, by=system_user())

    def stopped(_contest: Contest, path: Any) -> None:
        path.write_bytes(b"half")
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "write_bundle", stopped)
        with pytest.raises(OperationalError):
            publishing.publish(asked)
    assert Publication.objects.get(ended_at=None) == asked
    assert publishing.publish(asked) == ResultBundle.objects.get()
    assert publishing.publish(asked) is None
    assert len(list((tmp_path / "contest_results").iterdir())) == 1


def test_the_jury_is_told_when_a_decided_prize_does_not_follow_any_more(client: Client, contest: Contest) -> None:
    juror(contest, client)
    for one in PrizeAward.objects.filter(status=PrizeStatus.PROPOSED):
        prizes.decide_prize(one, by=system_user())
    desk, asking = (reverse(f"results:{name}", args=[contest.pk]) for name in ("prizes", "publish"))
    flagged = "không còn đúng theo thể lệ"
    assert all(flagged not in client.get(address).content.decode() for address in (desk, asking))
    winner = PrizeAward.objects.filter(entrant__isnull=False).order_by("pk").first()
    assert winner is not None and winner.entrant is not None
    bar_entrant(winner.entrant, reason="Thuộc Ban Tổ chức", by=system_user())

    told = client.get(desk).content.decode()
    assert flagged in told and winner.entrant.public_number in told[: told.index("<table")]
    assert flagged in client.get(asking).content.decode()
    winner.refresh_from_db()
    assert winner.status == PrizeStatus.DECIDED


def test_a_wrong_key_is_previewed_then_regraded_on_the_page(client: Client, contest: Contest) -> None:
    juror(contest, client)
    address = reverse("results:regradings", args=[contest.pk])
    sent = {"round": "1", "number": "2", "right": "D", "reason": ""}
    assert client.post(address, sent).status_code == 200
    assert not Regrading.objects.exists()
    assert client.post(address, {**sent, "do": "1"}).status_code == 422
    assert client.post(address, {**sent, "right": "xyz"}).status_code == 422
    assert client.post(address, {**sent, "do": "1", "reason": "Đáp án in nhầm"}).status_code == 302
    assert Regrading.objects.count() == 1


def test_a_draw_is_announced_and_held_on_the_pages(client: Client, files: None) -> None:
    unit = make_unit("DV1")
    contest = a_held_contest(organiser_id=unit.pk, ranking=["score"], prediction="none", people=10, rounds=1)
    closing.close_due_rounds()
    prizes.propose_prizes(contest, by=system_user())
    juror(contest, client)
    assert client.get(reverse("results:draws", args=[contest.pk])).status_code == 200
    address = reverse("results:announce_draw", args=[contest.pk, 0])
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert client.get(address).status_code == 200
    assert client.post(address, {"name1": "Xổ số", "day1": "1/1/2020"}).status_code == 422
    assert client.post(address, {"name1": "Xổ số", "day1": "hôm qua"}).status_code == 422
    assert client.post(address, {"name1": "Xổ số", "day1": f"{tomorrow:%d/%m/%Y}"}).status_code == 302
    draw = Draw.objects.get()
    address = reverse("results:hold_draw", args=[contest.pk, draw.pk])
    assert client.post(address, {"numbers1": "12 34"}).status_code == 422
    Draw.objects.update(sources=[{"name": "Xổ số", "day": timezone.localdate().isoformat()}])
    assert client.post(address, {"numbers1": "mười hai"}).status_code == 422
    assert client.post(address, {"numbers1": "12 34"}).status_code == 302
    assert client.post(address, {"numbers1": "99"}).status_code == 409
    shown = client.get(page("public_draws", contest)).content.decode()
    assert draw.list_digest in shown
    assert f"Xổ số ({day_text(timezone.localdate())})" in shown


def test_an_appeal_is_answered_once(client: Client, contest: Contest) -> None:
    juror(contest, client)
    held = Appeal.objects.create(contest=contest, entrant=an_entrant(contest, number=900), text="Xem lại")
    address = reverse("results:appeal", args=[contest.pk, held.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"answer": ""}).status_code == 422
    assert client.post(address, {"answer": "Đã kiểm tra, không thay đổi"}).status_code == 302
    assert client.post(address, {"answer": "Lần nữa"}).status_code == 409
