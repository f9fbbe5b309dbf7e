"""What is missing before the announcement: one list for the pages and the act, each line with where it is mended."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from langsen.contests.contests.models import Contest
from langsen.contests.contests.queries.checklist import missing_in
from langsen.contests.contests.services.organising import announce_contest
from langsen.contests.quizzes.models import PaperPlan, RoundQuestion
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.errors import BadInput
from tests.contest_world import a_contest, a_round, a_unit, questions_in
from tests.factories import make_tree, make_user

pytestmark = pytest.mark.django_db(databases=["default", "contests"])
AHEAD = timedelta(days=3)


def a_draft(**columns: Any) -> Contest:
    facts: dict[str, Any] = {"status": "draft", "frozen_at": None, "contact": "Ban Tổ chức", "purpose": "Học tập"}
    return a_contest(**facts | columns)


def complete(contest: Contest, **columns: Any) -> Contest:
    """Give it a round ahead whose paper has five checked questions, not frozen yet."""
    of = a_round(contest, opens_at=timezone.now() + AHEAD, **columns)
    questions_in(of)
    PaperPlan.objects.filter(round=of).update(frozen_at=None)
    return contest


def found(contest: Contest, *, stops: bool) -> list[tuple[str, str]]:
    missing = missing_in(contest, at=timezone.now())
    return [(one.words, one.href) for one in missing if one.stops is stops]


def address(page: str, contest: Contest, *more: int) -> str:
    return reverse(page, args=[contest.pk, *more])


def test_nothing_stops_a_complete_contest_and_it_is_announced() -> None:
    contest = complete(a_draft())
    assert found(contest, stops=True) == []
    assert announce_contest(contest, by=system_user()).is_frozen


def test_each_line_leads_to_where_it_is_mended() -> None:
    contest = a_draft(contact="", asks={"unit": "xếp hạng tập thể"}, unit_ranking="rate", appeal_days=60, keep_months=1)
    of = a_round(contest, opens_at=timezone.now() + AHEAD)
    hrefs = [href for _words, href in found(contest, stops=True)]
    assert hrefs.count(address("contests:change", contest)) == 2  # the contact, and how long details are kept
    assert address("contests:units", contest) in hrefs
    assert address("quizzes:paper", contest, of.number) in hrefs
    a_unit(contest, "Đảng bộ Một")
    assert any("1 đơn vị chưa có tổng số người" in words for words, _href in found(contest, stops=True))


@pytest.mark.parametrize("spoil", ["no plan", "no questions", "unchecked", "too few"])
def test_a_paper_that_cannot_be_fixed_stops_and_says_which_round(spoil: str) -> None:
    contest = complete(a_draft())
    of = contest.rounds.get()
    if spoil == "no plan":
        PaperPlan.objects.filter(round=of).delete()
    elif spoil == "no questions":
        RoundQuestion.objects.filter(round=of).delete()
    elif spoil == "unchecked":
        question = RoundQuestion.objects.filter(round=of).first().version.question  # type: ignore[union-attr]
        question.status = "draft"
        question.save()
    else:
        plan = PaperPlan.objects.get(round=of)
        PaperPlan.objects.filter(round=of).update(mode="drawn")
        category = RoundQuestion.objects.filter(round=of).first().version.question.category  # type: ignore[union-attr]
        plan.draw_rules.create(position=1, category=category, count=9)
    ((words, href),) = found(contest, stops=True)
    assert words.startswith(f"{of.title}: ")
    assert href == address("quizzes:paper", contest, of.number)
    with pytest.raises(BadInput) as refusal:
        announce_contest(contest, by=system_user())
    assert words in str(refusal.value.message)  # the act asks the same list
    contest.refresh_from_db()
    assert not contest.is_frozen


def test_prizes_for_collectives_need_the_unit_and_amounts_are_asked_after() -> None:
    contest = complete(a_draft())
    contest.prize_rules.create(subject="unit", scope="contest", rank="first", count=1, amount=0)
    assert [href for _words, href in found(contest, stops=True)] == [address("contests:prizes", contest)]
    assert address("contests:prizes", contest) in [href for _words, href in found(contest, stops=False)]


def test_the_page_of_the_announcement_has_its_button_only_when_nothing_stops(client: Client) -> None:
    tree = make_tree(XA=("agencies", None))
    contest = a_draft(organiser_id=tree["XA"].pk)
    client.force_login(make_user(Role.CONTEST_ORGANISER, tree["XA"]))
    href = address("contests:announce", contest)
    page = client.get(href).content.decode()
    assert address("contests:rounds", contest) in page
    assert '<button class="btn btn-primary">' not in page
    sent = client.post(href)  # from a page opened before
    assert sent.status_code == 422
    assert "Chưa có đợt thi." in sent.content.decode()
    complete(contest)
    assert '<button class="btn btn-primary">' in client.get(href).content.decode()
    assert client.post(href).status_code == 302
    contest.refresh_from_db()
    assert contest.is_frozen
    assert client.get(href).status_code == 409
