"""What contests put on the desk: for organisers, checkers and the jury, each in their own units, with true counts."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from langsen.contests.contests.models import Contest, EntrantFlag, Round
from langsen.contests.quizzes.models import Question
from langsen.contests.results.models import Appeal, PrizeAward
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.office import queries
from tests.contest_world import a_contest, a_round, an_entrant, questions_in
from tests.factories import make_tree, make_user

pytestmark = pytest.mark.django_db(databases=["default", "contests"])
DAY = timedelta(days=1)


@pytest.fixture
def tree() -> dict[str, Any]:
    return make_tree(TI=("province", None), XA=("agencies", "TI"), XB=("agencies", "TI"))


@pytest.fixture
def organiser(tree: dict[str, Any]) -> User:
    return make_user(Role.CONTEST_ORGANISER, tree["XA"], "tochuc")


@pytest.fixture
def judge(tree: dict[str, Any]) -> User:
    return make_user(Role.JUDGE, tree["XA"], "giamkhao")


def waiting(user: User) -> list[tuple[str, str]]:
    return [(todo.title, todo.href) for todo in queries.todos_of(user)]


def of(tree: dict[str, Any], **columns: Any) -> Contest:
    return a_contest(organiser_id=tree["XA"].pk, title="Tìm hiểu Điều lệ", **columns)


def test_a_draft_waits_for_its_announcement_when_the_opening_is_near(tree: Any, organiser: User) -> None:
    contest = of(tree, status="draft", frozen_at=None)
    one = a_round(contest, opens_at=timezone.now() + 30 * DAY)
    assert waiting(organiser) == []
    Round.objects.filter(pk=one.pk).update(opens_at=timezone.now() + 3 * DAY)
    ((title, href),) = waiting(organiser)
    assert "chưa công bố" in title
    assert href == reverse("contests:announce", args=[contest.pk])
    (todo,) = queries.todos_of(organiser)
    assert todo.due_on == timezone.localdate() + 3 * DAY
    Contest.objects.filter(pk=contest.pk).update(status="announced")
    assert waiting(organiser) == []


def test_open_signs_are_counted_as_their_list_shows_them(tree: Any, organiser: User, client: Client) -> None:
    contest = of(tree)
    entrants = [an_entrant(contest), an_entrant(contest)]
    for place, status in enumerate(["open", "open", "cleared"]):
        EntrantFlag.objects.create(entrant=entrants[place % 2], kind="double", key=str(place), about="", status=status)
    ((title, href),) = waiting(organiser)
    assert title == "Tìm hiểu Điều lệ: 2 dấu hiệu bất thường cần xem"
    client.force_login(organiser)
    assert client.get(href).context["page"].paginator.count == 2


def test_details_about_to_be_deleted_are_announced(tree: Any, organiser: User) -> None:
    contest = of(tree, status="published", published_at=timezone.now() - 360 * DAY)
    an_entrant(contest)
    ((title, href),) = waiting(organiser)
    assert "1 người" in title
    assert href == reverse("contests:entrants", args=[contest.pk])
    contest.entrants.update(forgotten_at=timezone.now())
    assert waiting(organiser) == []


def test_questions_wait_for_somebody_else_than_their_writer(tree: Any, judge: User, client: Client) -> None:
    contest = of(tree)
    questions_in(a_round(contest), count=3, owner_id=tree["XA"].pk)
    Question.objects.update(status="to_check", written_by_id=judge.pk)
    assert waiting(judge) == []
    Question.objects.filter(pk=Question.objects.earliest("pk").pk).update(written_by_id=1)
    ((title, href),) = waiting(judge)
    assert title == "3 câu hỏi chờ duyệt"
    assert "2 câu do đồng chí soạn" in queries.todos_of(judge)[0].note
    client.force_login(judge)
    assert client.get(href).context["page"].paginator.count == 3


def test_a_jury_closes_publishes_decides_and_answers(tree: Any, judge: User) -> None:
    contest = of(tree)
    one = a_round(contest, opens_at=timezone.now() - 3 * DAY)
    questions_in(one)
    assert [title for title, _href in waiting(judge)] == ["Tìm hiểu Điều lệ, Tuần 1: đã hết giờ nhưng chưa chốt"]
    Round.objects.filter(pk=one.pk).update(closed_at=timezone.now())
    titles = [title for title, _href in waiting(judge)]
    assert titles == [
        "Tìm hiểu Điều lệ, Tuần 1: có thể công bố kết quả",
        "Tìm hiểu Điều lệ: các đợt đã chốt, chờ xét giải",
    ]
    Contest.objects.filter(pk=contest.pk).update(status="judging")
    rule = contest.prize_rules.create(subject="person", scope="round", rank="first", count=2)
    assert [title for title, _href in waiting(judge)] == ["Tìm hiểu Điều lệ: chưa đề xuất giải"]
    entrant = an_entrant(contest)
    for place in (1, 2):
        PrizeAward.objects.create(prize_rule=rule, round=one, place=place, entrant=entrant, grounds="theo thể lệ")
    Appeal.objects.create(contest=contest, entrant=entrant, text="Xin xem lại")
    assert waiting(judge) == [
        ("Tìm hiểu Điều lệ: 1 khiếu nại chờ trả lời", reverse("results:appeals", args=[contest.pk])),
        ("Tìm hiểu Điều lệ: 2 giải chờ quyết định", reverse("results:prizes", args=[contest.pk])),
    ]
    PrizeAward.objects.update(status="decided")
    Appeal.objects.update(status="answered")
    assert [title for title, _href in waiting(judge)] == ["Tìm hiểu Điều lệ: có thể công bố kết quả"]


def test_a_round_just_over_closes_by_itself(tree: Any, judge: User) -> None:
    a_round(of(tree), opens_at=timezone.now() - timedelta(minutes=90), hours=1)
    assert waiting(judge) == []


def test_nothing_of_another_organiser_and_nothing_without_the_right(tree: Any, organiser: User, judge: User) -> None:
    contest = a_contest(organiser_id=tree["XB"].pk)
    a_round(contest, opens_at=timezone.now() - 3 * DAY)
    EntrantFlag.objects.create(entrant=an_entrant(contest), kind="double", key="1", about="")
    for user in (organiser, judge, make_user(Role.VIEWER, tree["XB"], "xem")):
        assert waiting(user) == []
    assert waiting(make_user(Role.CONTEST_ORGANISER, tree["XB"], "khac"))
    assert waiting(make_user(Role.JUDGE, tree["XB"], "khac2"))


def test_who_has_nothing_to_do_with_contests_asks_their_store_nothing(
    tree: Any, django_assert_num_queries: Any
) -> None:
    viewer = make_user(Role.VIEWER, tree["XA"], "xem")
    with django_assert_num_queries(0, using="contests"):
        queries.todos_of(viewer)
