"""The organising board's use cases: opening, copying, rules, rounds, units, prizes, announcing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from langsen.contests.contests.enums import ContestStatus, RankingKey
from langsen.contests.contests.models import Contest, RuleChange
from langsen.contests.contests.queries.checklist import missing_in
from langsen.contests.contests.queries.office import contest_for, contests_for, contests_like
from langsen.contests.contests.services.barring import bar_people, lift_bar
from langsen.contests.contests.services.organising import announce_contest, cancel_contest, change_rules, open_contest
from langsen.contests.contests.services.prizes import PrizeFacts, save_prizes
from langsen.contests.contests.services.rounds import remove_round, save_round
from langsen.contests.contests.services.units import set_head_count, take_units
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.queries import history_of
from langsen.foundation.core.errors import BadInput, Conflict, NotAllowed, NotFound
from langsen.foundation.orgs.models import OrgUnit
from tests.contest_world import a_contest, a_round
from tests.factories import make_person, make_tree, make_user

pytestmark = pytest.mark.django_db(databases=["default", "contests"])
NOW = timezone.now().replace(second=0, microsecond=0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def tree() -> dict[str, OrgUnit]:
    return make_tree(
        XA=("agencies", None),
        CS=("grassroots_committee", "XA"),
        CB=("cell", "CS"),
        CB2=("cell", "CS"),
        CS2=("cell", "XA"),
    )


@pytest.fixture
def board(tree: dict[str, OrgUnit]) -> User:
    return make_user(Role.CONTEST_ORGANISER, tree["XA"])


def draft(tree: dict[str, OrgUnit], board: User, **rules: Any) -> Contest:
    contest = open_contest(tree["XA"], title="Tìm hiểu Điều lệ", by=board)
    return change_rules(contest, {"contact": "Ban Tổ chức, 0912 345 678"} | rules, by=board)


def in_two_days(contest: Contest, board: User, number: int | None = None, **more: Any) -> Any:
    times = {"opens_at": NOW + 2 * DAY, "closes_at": NOW + 9 * DAY} | more
    return save_round(contest, number, title=times.pop("title", "Tuần 1"), by=board, **times)


def test_a_contest_begins_as_a_draft_of_its_organiser(tree: Any, board: User) -> None:
    contest = open_contest(tree["XA"], title="  Tìm hiểu   Điều lệ ", by=board)
    again = open_contest(tree["XA"], title="Tìm hiểu Điều lệ", by=board)
    assert (contest.slug, again.slug) == ("tim-hieu-dieu-le", "tim-hieu-dieu-le-2")
    assert contest.status == ContestStatus.DRAFT
    assert [event.verb for event in history_of(contest)] == ["contest.opened"]
    assert [one.pk for one in contests_for(board)] == [again.pk, contest.pk]
    assert contests_like(board, text="dieu le", stage="open") == []
    assert contests_like(board, text="DIEU le tim", stage="draft") == [again, contest]


def test_who_is_no_organiser_neither_opens_nor_sees(tree: Any, board: User) -> None:
    contest, other = open_contest(tree["XA"], title="A", by=board), make_user(Role.VIEWER, tree["XA"])
    with pytest.raises(NotAllowed):
        open_contest(tree["XA"], title="B", by=other)
    with pytest.raises(NotFound):
        contest_for(other, contest.pk)


def test_a_copy_carries_rules_prizes_and_rounds_moved_by_whole_weeks(tree: Any, board: User) -> None:
    old = a_contest(organiser_id=tree["XA"].pk, attempts_per_round=7, contact="Ban Tổ chức")
    was = a_round(old, opens_at=NOW - 400 * DAY)
    old.prize_rules.create(subject="person", scope="round", rank="first", count=2, amount=500_000)
    new = open_contest(tree["XA"], title="Năm sau", by=board, copy_of=old)
    one = new.rounds.get()
    assert (new.attempts_per_round, new.contact, new.is_frozen) == (7, "Ban Tổ chức", False)
    assert one.opens_at > NOW
    assert (one.opens_at - was.opens_at).days % 364 == 0
    assert new.prize_rules.get().amount == 500_000


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": " "}, "title"),
        ({"time_limit_seconds": 5}, "time_limit_seconds"),
        ({"attempts_per_round": 0}, "attempts_per_round"),
        ({"ranking": ["duration"]}, "ranking"),
        ({"ranking": ["score", "score"]}, "ranking"),
        ({"ranking": ["score", "prediction"]}, "ranking"),
        ({"prediction": "attempts"}, "ranking"),
        ({"asks": {"phone": ""}}, "asks"),
        ({"asks": {"mother": "x"}}, "asks"),
        ({"least_age": 14, "asks": {}}, "least_age"),
        ({"unit_ranking": "rate", "asks": {}}, "unit_ranking"),
        ({"sign_up": "oidc"}, "sign_up"),
        ({"prize_cap_round": 2, "prize_cap_contest": 1}, "prize_cap_contest"),
        ({"counting": "middle"}, "counting"),
    ],
)
def test_rules_that_cannot_be_are_refused_at_their_field(tree: Any, board: User, values: Any, field: str) -> None:
    contest = draft(tree, board)
    with pytest.raises(BadInput) as refusal:
        change_rules(contest, values, by=board)
    assert list(refusal.value.fields) == [field]
    assert not RuleChange.objects.exists()


def test_somebody_elses_change_is_not_overwritten(tree: Any, board: User) -> None:
    contest = draft(tree, board)
    change_rules(contest, {"appeal_days": 9}, by=board)
    with pytest.raises(Conflict):
        change_rules(contest, {"appeal_days": 3}, seen=contest.changed_at - HOUR, by=board)


def test_announcing_says_what_is_missing_and_freezes(tree: Any, board: User) -> None:
    contest = draft(tree, board, contact="", asks={"unit": "xếp hạng tập thể"})
    with pytest.raises(BadInput):
        announce_contest(contest, by=board)
    contest.refresh_from_db()
    assert contest.status == ContestStatus.DRAFT
    assert len([one for one in missing_in(contest, at=NOW) if one.stops]) == 3  # contact, round, units


def announced(tree: Any, **columns: Any) -> Contest:
    return a_contest(organiser_id=tree["XA"].pk, contact="Ban Tổ chức", **columns)


def test_after_the_announcement_a_change_needs_a_reason_and_is_public(tree: Any, board: User) -> None:
    contest = announced(tree)
    with pytest.raises(BadInput) as refusal:
        change_rules(contest, {"attempts_per_round": 7}, by=board)
    assert "reason" in refusal.value.fields
    change_rules(contest, {"attempts_per_round": 7}, reason="Theo góp ý", by=board)
    change = RuleChange.objects.get()
    assert (change.before, change.after, change.reason) == ("–", "7", "Theo góp ý")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ranking", [RankingKey.SCORE.value]),
        ("counting", "first"),
        ("time_limit_seconds", 900),
        ("attempts_per_round", 1),
        ("masks_names", False),
        ("keep_months", 24),
        ("appeal_days", 1),
    ],
)
def test_once_opened_promises_are_kept(tree: Any, board: User, field: str, value: Any) -> None:
    contest = announced(tree)
    a_round(contest)
    with pytest.raises(BadInput) as refusal:
        change_rules(contest, {field: value}, reason="đổi ý", by=board)
    assert list(refusal.value.fields) == [field]


def test_in_the_last_seconds_before_the_opening_a_limit_stays_as_arenas_have_read_it(tree: Any, board: User) -> None:
    contest = announced(tree)
    one = a_round(contest, opens_at=timezone.now() + timedelta(seconds=8))
    with pytest.raises(BadInput):
        change_rules(contest, {"time_limit_seconds": 300}, reason="đổi ý", by=board)
    contest.rounds.filter(pk=one.pk).update(opens_at=timezone.now() + timedelta(minutes=1))
    change_rules(contest, {"time_limit_seconds": 300}, reason="đổi ý", by=board)
    change_rules(contest, {"contact": "Ban Tuyên giáo"}, reason="rõ hơn", by=board)
    assert RuleChange.objects.first().what == "Nơi liên hệ khi cần hỏi"  # type: ignore[union-attr]


def test_rounds_neither_overlap_nor_close_before_they_open(tree: Any, board: User) -> None:
    contest = draft(tree, board)
    in_two_days(contest, board)
    with pytest.raises(BadInput):
        in_two_days(contest, board, title="Thử", opens_at=NOW + 8 * DAY, closes_at=NOW + 10 * DAY)
    with pytest.raises(BadInput):
        in_two_days(contest, board, opens_at=NOW + 12 * DAY, closes_at=NOW + 12 * DAY)
    later = in_two_days(contest, board, title="Tuần 2", opens_at=NOW + 9 * DAY, closes_at=NOW + 10 * DAY)
    remove_round(contest, later.number, by=board)
    assert contest.rounds.count() == 1


def test_a_round_not_yet_open_moves_with_a_reason_in_public(tree: Any, board: User) -> None:
    contest = announced(tree)
    one = a_round(contest, opens_at=NOW + DAY)
    with pytest.raises(BadInput):
        in_two_days(contest, board, one.number)
    with pytest.raises(BadInput):
        in_two_days(contest, board, one.number, opens_at=NOW - HOUR, reason="sớm hơn")
    in_two_days(contest, board, one.number, reason="mất điện toàn xã")
    assert RuleChange.objects.get().reason == "mất điện toàn xã"
    with pytest.raises(Conflict):
        remove_round(contest, one.number, by=board)


def test_an_open_round_keeps_its_opening_and_leaves_time_to_finish(tree: Any, board: User) -> None:
    contest = announced(tree)
    one = a_round(contest, opens_at=NOW - HOUR)
    for times in (
        {"opens_at": NOW + HOUR, "closes_at": one.closes_at},
        {"opens_at": one.opens_at, "closes_at": NOW + timedelta(minutes=2)},
    ):
        with pytest.raises(BadInput):
            in_two_days(contest, board, one.number, reason="x", **times)
    in_two_days(contest, board, one.number, opens_at=one.opens_at, closes_at=NOW + 2 * DAY, reason="gia hạn")
    one.refresh_from_db()
    assert one.closes_at == NOW + 2 * DAY


def test_a_closed_round_stays(tree: Any, board: User) -> None:
    contest = announced(tree)
    one = a_round(contest, opens_at=NOW - 2 * DAY)
    with pytest.raises(BadInput):
        in_two_days(contest, board, one.number, opens_at=one.opens_at, closes_at=NOW + DAY, reason="mở lại")


def test_units_come_from_the_tree_with_people_counted_once(tree: Any, board: User) -> None:
    make_person(tree["CB"])
    make_person(tree["CB2"])
    make_person(tree["CS2"])
    contest = draft(tree, board)
    assert take_units(contest, on=date(2025, 1, 1), by=board) == 4
    units = {unit.code: unit for unit in contest.units.select_related("compared")}
    assert {code: unit.compared.code for code, unit in units.items() if unit.compared} == {
        "CS": "CS", "CB": "CS", "CB2": "CS", "CS2": "CS2"
    }  # fmt: skip
    assert {code: unit.head_count for code, unit in units.items()} == {"CS": 2, "CB": 1, "CB2": 1, "CS2": 1}
    assert units["CB"].path == f"{tree['CB'].name}, {tree['CS'].name}"
    assert take_units(contest, on=date(2025, 2, 1), by=board) == 4
    assert contest.units.count() == 4


def test_a_unit_that_ends_keeps_its_place(tree: Any, board: User) -> None:
    contest = draft(tree, board)
    take_units(contest, on=date(2025, 1, 1), by=board)
    Contest.objects.filter(pk=contest.pk).update(status="announced", frozen_at=NOW)
    cell = tree["CB2"]
    OrgUnit.objects.filter(pk=cell.pk).update(during=(cell.from_on, date(2025, 7, 1)))
    take_units(contest, on=date(2025, 8, 1), by=board)
    assert contest.units.get(code="CB2").ended_on == date(2025, 6, 30)
    assert contest.units.count() == 4


def test_a_head_count_changed_late_is_public(tree: Any, board: User) -> None:
    contest = announced(tree)
    unit = contest.units.create(code="A", name="Chi bộ A", path="Chi bộ A", folded="chi bo a", sort_key="a")
    with pytest.raises(BadInput):
        set_head_count(contest, unit.pk, head_count=30, on=date(2025, 1, 1), by=board)
    with pytest.raises(BadInput):
        set_head_count(contest, unit.pk, head_count=30, on=None, reason="x", by=board)
    set_head_count(contest, unit.pk, head_count=30, on=date(2025, 1, 1), reason="kiểm lại", by=board)
    assert RuleChange.objects.get().after == "30 (1/1/2025)"


def test_prizes_are_set_as_a_whole(tree: Any, board: User) -> None:
    contest = draft(tree, board)
    save_prizes(
        contest, [PrizeFacts("person", "round", "first", 1, 10), PrizeFacts("unit", "contest", "third", 3)], by=board
    )
    save_prizes(contest, [PrizeFacts("person", "round", "first", 2, 20)], by=board)
    assert [(one.count, one.amount) for one in contest.prize_rules.all()] == [(2, 20)]
    with pytest.raises(BadInput):
        save_prizes(contest, [PrizeFacts("person", "round", "first", 5000)], by=board)
    Contest.objects.filter(pk=contest.pk).update(status="judging", frozen_at=NOW)
    with pytest.raises(Conflict):
        save_prizes(contest, [], reason="x", by=board)


def test_people_who_may_not_take_part_are_listed_once(tree: Any, board: User) -> None:
    contest = draft(tree, board)
    people = [("Lò Văn Soạn", "0912 345 678"), ("LÒ VĂN SOẠN", "+84912345678"), ("Vàng A Pó", "")]
    assert bar_people(contest, people, reason="ra đề", by=board) == 2
    with pytest.raises(BadInput):
        bar_people(contest, [], reason="ra đề", by=board)
    lift_bar(contest, contest.barred.first().pk, by=board)  # type: ignore[union-attr]
    assert contest.barred.count() == 1


def test_a_cancelled_contest_says_why_and_stays(tree: Any, board: User) -> None:
    contest = announced(tree)
    with pytest.raises(BadInput):
        cancel_contest(contest, reason=" ", by=board)
    cancel_contest(contest, reason="thiên tai", by=board)
    assert RuleChange.objects.get().reason == "thiên tai"
    with pytest.raises(Conflict):
        change_rules(contest, {"appeal_days": 9}, reason="x", by=board)
