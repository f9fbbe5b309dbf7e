"""The preview page of the office: who gets it, what is in it, and that nothing of it is stored."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from langsen.contests.arena.models import Attempt, Standing
from langsen.contests.contests.models import Round
from langsen.contests.quizzes import services
from langsen.contests.quizzes.queries.plans import plan_of
from langsen.contests.quizzes.tests.test_papers import bank
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.models import User
from langsen.foundation.audit.queries import history_of
from langsen.foundation.orgs.models import OrgUnit
from tests.contest_world import a_contest, a_round
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


@pytest.fixture
def unit() -> OrgUnit:
    return make_unit("XA", "agencies")


@pytest.fixture
def by(unit: OrgUnit, client: Client) -> User:
    user = make_user(Role.CONTEST_ORGANISER, unit, "to-chuc")
    client.force_login(user)
    return user


@pytest.fixture
def of(unit: OrgUnit) -> Round:
    return a_round(a_contest(organiser_id=unit.pk, status="draft", frozen_at=None, prediction="people_all_correct"))


def address(of: Round) -> str:
    return reverse("arena:preview", args=[of.contest_id, of.number])


def sample_in(page: str) -> Any:
    found = re.search(r'<script id="sample" type="application/json">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found[1])


def test_a_draft_can_be_tried_before_anything_is_announced(client: Client, unit: OrgUnit, by: User, of: Round) -> None:
    services.pick_questions(of, [one.pk for one in bank(unit, by, 1, 2, 3)], by=by)
    page = client.get(address(of))
    text = page.content.decode()
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert "Xem thử: không lưu bài" in text and "/thi/assets/preview-vi." in text
    sample = sample_in(text)
    assert {one["text"] for one in sample["questions"]} == {f"Lịch sử câu {level}?" for level in range(3)}
    assert all(set(one) == {"text", "kind", "options"} for one in sample["questions"]), "no keys"
    assert all(isinstance(option, str) for one in sample["questions"] for option in one["options"])
    assert sample["round"]["opens_at"] < sample["round"]["closes_at"] and sample["round"]["prediction"]
    assert sample["public_pages"] is None, "a draft has no public pages"
    assert not Attempt.objects.exists() and not Standing.objects.exists()


def test_trying_a_frozen_paper_before_its_round_closed_is_recorded(
    client: Client, unit: OrgUnit, by: User, of: Round
) -> None:
    plan = services.pick_questions(of, [one.pk for one in bank(unit, by, 1)], by=by)
    services.freeze_paper(plan, by=by)
    assert client.get(address(of)).status_code == 200
    assert history_of(plan_of(of))[0].verb == "paper.sampled"


def test_a_paper_that_cannot_be_drawn_yet_says_what_is_to_be_done(
    client: Client, unit: OrgUnit, by: User, of: Round
) -> None:
    assert client.get(address(of)).status_code == 404, "nothing is planned"
    services.save_plan(of, mode="fixed", rules=[], by=by)
    answer = client.get(address(of), follow=True)
    assert answer.redirect_chain and "Đề chưa có câu hỏi." in answer.content.decode()


def test_markup_in_a_question_stays_text(client: Client, unit: OrgUnit, by: User, of: Round) -> None:
    of.contest.title = "</script><script>alert(1)</script>"
    of.contest.save()
    services.pick_questions(of, [one.pk for one in bank(unit, by, 1)], by=by)
    text = client.get(address(of)).content.decode()
    assert "<script>alert" not in text
    assert sample_in(text)["contest"]["title"] == of.contest.title
