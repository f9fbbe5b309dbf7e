"""Signing up: what is kept, what is refused with which words, doubles, and two at the same moment."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError
from django.utils import timezone

from langsen.contests.contests.enums import ConsentKind, ContestStatus, EntrantStatus, FlagKind
from langsen.contests.contests.models import BarredPerson, Consent, Contest, Entrant, EntrantFlag
from langsen.contests.contests.phones import plain_phone
from langsen.contests.contests.services import signing_up
from langsen.contests.contests.services.signing_up import SignUpFacts, entrant_by_code, sign_up, ticket_for
from langsen.contests.contests.tickets import read_ticket
from langsen.foundation.core.errors import BadInput, Conflict
from tests.contest_world import a_contest, a_round, a_unit
from tests.racing import SURELY_SECONDS, at_once, meet_after

pytestmark = pytest.mark.django_db(databases=["default", "contests"])

ASKS = {
    "phone": "để báo kết quả",
    "birth_year": "để xét độ tuổi",
    "unit": "để xếp hạng đơn vị",
    "is_member": "để thống kê",
}


@pytest.fixture
def world() -> SimpleNamespace:
    contest = a_contest(asks=ASKS, least_age=12, guardian_below=16)
    a_round(contest)
    cell = a_unit(contest, "Chi bộ Hoa Ban", under=a_unit(contest, "Đảng bộ xã Bản Thử"))
    facts = SignUpFacts("Lò Thị Mai", "0912 345 678", "", 1990, True, cell.pk, agrees=True)
    return SimpleNamespace(contest=contest, cell=cell, facts=facts)


def test_signing_up_keeps_the_asked_details_and_gives_a_code(world: SimpleNamespace) -> None:
    now = timezone.now()
    entrant, code = sign_up(world.contest, world.facts, at=now)
    kept = Entrant.objects.get(pk=entrant.pk)
    assert (kept.full_name, kept.phone, kept.birth_year, kept.is_member) == ("Lò Thị Mai", "0912345678", 1990, True)
    assert kept.unit == world.cell
    assert kept.number == 1
    assert code not in kept.code_digest
    assert entrant_by_code(world.contest, f" {code[:5].lower()} - {code[5:]} ") == kept
    assert entrant_by_code(a_contest(), code) is None
    ticket = read_ticket(ticket_for(kept, at=now))
    assert (ticket.contest, ticket.entrant) == (world.contest.pk, kept.pk)
    closes = world.contest.rounds.get().closes_at
    assert ticket.expires == int((closes + timedelta(seconds=600, days=1)).timestamp())


def test_what_is_not_asked_for_is_not_kept(world: SimpleNamespace) -> None:
    contest = a_contest(asks={})
    a_round(contest)
    facts = replace(world.facts, mail="mai@langsen.example", guardian_name="")
    entrant, _code = sign_up(contest, facts, at=timezone.now())
    kept = Entrant.objects.get(pk=entrant.pk)
    assert (kept.phone, kept.mail, kept.birth_year, kept.unit, kept.is_member) == ("", "", None, None, None)


def test_consent_is_kept_with_its_words(world: SimpleNamespace) -> None:
    entrant, _code = sign_up(world.contest, replace(world.facts, may_publish_name=True), at=timezone.now())
    consents = Consent.objects.filter(entrant=entrant).select_related("text")
    assert {one.text.kind for one in consents} == {ConsentKind.TAKE_PART, ConsentKind.PUBLISH_NAME}
    words = consents.get(text__kind=ConsentKind.TAKE_PART).text
    assert world.contest.organiser_name in words.text
    assert words.version


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"agrees": False}, "agrees"),
        ({"full_name": "  "}, "full_name"),
        ({"full_name": "Ă" * 121}, "full_name"),
        ({"full_name": "12345"}, "full_name"),
        ({"phone": "không có"}, "phone"),
        ({"phone": "0912"}, "phone"),
        ({"birth_year": 1880}, "birth_year"),
        ({"birth_year": 2030}, "birth_year"),
        ({"birth_year": None}, "birth_year"),
        ({"unit_id": None}, "unit"),
        ({"unit_id": 2**62}, "unit"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(world: SimpleNamespace, change: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        sign_up(world.contest, replace(world.facts, **change), at=timezone.now())
    assert list(refusal.value.fields) == [field]
    assert not Entrant.objects.filter(contest=world.contest).exists()


def test_a_unit_of_another_contest_is_refused(world: SimpleNamespace) -> None:
    elsewhere = a_unit(a_contest(), "Chi bộ khác")
    with pytest.raises(BadInput) as refusal:
        sign_up(world.contest, replace(world.facts, unit_id=elsewhere.pk), at=timezone.now())
    assert list(refusal.value.fields) == ["unit"]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Ă" * 120, "Nguyễn Thị 'Hoa\" & Lê", "Ñandú Œuvre"])
def test_odd_names_are_kept_as_typed(world: SimpleNamespace, name: str) -> None:
    entrant, _code = sign_up(world.contest, replace(world.facts, full_name=name), at=timezone.now())
    assert Entrant.objects.get(pk=entrant.pk).full_name == name


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912345678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("(0912) 345-678", "0912345678"),
        ("+84912345678", "0912345678"),
        ("+84 (0) 912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0084 912 345 678", "0912345678"),
        ("０９１２３４５６７８", "0912345678"),
        ("02143 840 123", "02143840123"),
        ("+856 20 5555 1234", "8562055551234"),
    ],
)
def test_every_spelling_of_a_phone_number_is_one(typed: str, kept: str) -> None:
    assert plain_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "0912", "091234567x", "12345678", "+84", "0" * 50, "٠٩١٢٣٤٥٦٧٨x", "0112345678"])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        plain_phone(typed)


def test_the_young_need_a_guardian_and_children_wait(world: SimpleNamespace) -> None:
    this_year = timezone.localtime().year
    young = replace(world.facts, birth_year=this_year - 13)
    with pytest.raises(BadInput) as refusal:
        sign_up(world.contest, young, at=timezone.now())
    assert set(refusal.value.fields) == {"guardian_name", "guardian_agrees"}
    guarded = replace(young, guardian_name="Lò Văn Pản", guardian_agrees=True)
    entrant, _code = sign_up(world.contest, guarded, at=timezone.now())
    assert entrant.guardian_consented_at
    assert Consent.objects.filter(entrant=entrant, text__kind=ConsentKind.GUARDIAN).exists()
    with pytest.raises(BadInput) as refusal:
        sign_up(world.contest, replace(guarded, birth_year=this_year - 11), at=timezone.now())
    assert list(refusal.value.fields) == ["birth_year"]


def test_doubles_are_flagged_never_refused(world: SimpleNamespace) -> None:
    first, _code = sign_up(world.contest, world.facts, at=timezone.now())
    same_phone, _code = sign_up(world.contest, replace(world.facts, full_name="Lò Văn Hùng"), at=timezone.now())
    same_name = replace(world.facts, full_name="LÒ THỊ MÁI", phone="0988 111 222")
    again, _code = sign_up(world.contest, same_name, at=timezone.now())
    other, _code = sign_up(world.contest, replace(same_name, birth_year=1991, phone="0988111333"), at=timezone.now())
    flags = {(one.entrant_id, one.about) for one in EntrantFlag.objects.filter(kind=FlagKind.DOUBLE)}
    assert {entrant for entrant, _about in flags} == {same_phone.pk, again.pk}
    assert all(first.public_number in about for _entrant, about in flags)
    assert not other.flags.exists()


def test_somebody_on_the_list_of_organisers_is_flagged_for_a_person(world: SimpleNamespace) -> None:
    BarredPerson.objects.create(
        contest=world.contest, full_name="Lò Thị Mai", folded="lo thi mai", reason="thành viên Ban Tổ chức"
    )
    entrant, _code = sign_up(world.contest, world.facts, at=timezone.now())
    assert entrant.status == EntrantStatus.ACTIVE
    assert [one.kind for one in entrant.flags.all()] == [FlagKind.ON_BARRED_LIST]


def test_a_contest_over_or_not_announced_takes_nobody(world: SimpleNamespace) -> None:
    closes = world.contest.rounds.get().closes_at
    with pytest.raises(Conflict):
        sign_up(world.contest, world.facts, at=closes)
    draft = a_contest(status=ContestStatus.DRAFT)
    with pytest.raises(Conflict):
        sign_up(draft, world.facts, at=timezone.now())


def _raced(people: int) -> tuple[list[object], Contest]:
    contest = a_contest(asks={"phone": "để báo kết quả"})
    a_round(contest)
    facts = SignUpFacts("Lò Thị Mai", "0912345678", agrees=True)
    sign_ups = [lambda: sign_up(Contest.objects.get(pk=contest.pk), facts, at=timezone.now())] * people
    return at_once(*sign_ups), contest


@pytest.mark.django_db(transaction=True, databases=["default", "contests"])
def test_of_sign_ups_at_once_with_one_phone_each_later_one_is_flagged() -> None:
    results, contest = _raced(6)
    assert not [one for one in results if isinstance(one, Exception)]
    numbers = sorted(contest.entrants.values_list("number", flat=True))
    assert numbers == [1, 2, 3, 4, 5, 6]
    assert EntrantFlag.objects.filter(entrant__contest=contest).values("entrant").distinct().count() == 5


@pytest.mark.django_db(transaction=True, databases=["default", "contests"])
def test_without_turns_two_sign_ups_at_once_are_given_one_number(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = threading.Barrier(2)

    @contextmanager
    def together(_contest: Contest) -> Iterator[None]:
        gate.wait(SURELY_SECONDS)
        yield

    monkeypatch.setattr(signing_up, "in_turn", together)
    meet_after(monkeypatch, signing_up, "flag_likeness", guarded=True)  # neither commits before the other has counted
    results, contest = _raced(2)
    assert sum(isinstance(one, IntegrityError) for one in results) == 1, results
    assert contest.entrants.get().flags.count() == 0
