"""The pages of papers: a plan, its questions, samples, freezing, copying."""

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from langsen.contests.contests.models import Round
from langsen.contests.quizzes import services
from langsen.contests.quizzes.models import Category
from langsen.contests.quizzes.queries.plans import picked, plan_of
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
    return a_round(a_contest(organiser_id=unit.pk, status="draft", frozen_at=None))


def address(name: str, of: Round) -> str:
    return reverse(f"quizzes:{name}", args=[of.contest_id, of.number])


def test_a_fixed_paper_from_nothing_to_frozen(client: Client, unit: OrgUnit, by: User, of: Round) -> None:
    one, two, three = bank(unit, by, 1, 2, 3)
    page = client.get(address("paper", of)).content.decode()
    assert "Đợt này chưa lập đề." in page
    assert client.get(address("pick", of)).status_code == 200
    client.post(address("pick", of), {"question": [one.pk, two.pk]})
    client.post(address("pick", of), {"question": [two.pk, three.pk]})
    assert picked(of) == [one, two, three]
    order = {"action": "order", f"place_{one.pk}": "3", f"place_{three.pk}": "1", f"drop_{two.pk}": "on"}
    assert client.post(address("paper", of), order).status_code == 302
    assert picked(of) == [three, one]
    sent = {"mode": "fixed", "shuffles_options": "on"}
    assert client.post(address("paper", of), sent).status_code == 302
    plan = plan_of(of)
    assert (plan.shuffles_questions, plan.shuffles_options) == (False, True)
    samples = client.get(address("samples", of) + "?seed=5").content.decode()
    assert samples.count("Lịch sử câu 2?") == 3
    assert "<code>7</code>" in samples
    assert "Chốt đề" in client.get(address("freeze", of)).content.decode()
    assert client.post(address("freeze", of)).status_code == 302
    assert client.post(address("freeze", of)).status_code == 409
    assert client.post(address("pick", of), {"question": [two.pk]}).status_code == 409
    page = client.get(address("paper", of)).content.decode()
    assert "2 câu hỏi trong bộ đề" in page
    client.get(address("samples", of))
    assert history_of(plan)[0].verb == "paper.sampled"


def test_rules_for_drawing_show_what_is_there(client: Client, unit: OrgUnit, by: User, of: Round) -> None:
    bank(unit, by, 1, 1, 2)
    key = Category.objects.get().pk
    page = client.get(address("paper", of)).content.decode()
    assert "có 2 câu đủ điều kiện" in page
    sent = {"mode": "drawn", "shuffles_questions": "on", f"rule_{key}_1": "2", f"rule_{key}_2": "5"}
    assert client.post(address("paper", of), sent).status_code == 302
    page = client.get(address("paper", of)).content.decode()
    assert "cần rút 5 câu, hiện có 1 câu" in page
    assert client.get(address("samples", of)).status_code == 200
    assert client.post(address("freeze", of)).status_code == 400
    for bad in ({f"rule_{key}_0": "1"}, {f"rule_{key}_1": "-1"}, {f"rule_{key}_1": "1e9"}, {"mode": "x"}):
        assert client.post(address("paper", of), sent | bad).status_code == 422
    assert client.post(address("paper", of), sent | {f"rule_{key}_2": "1"}).status_code == 302
    assert client.get(address("freeze", of)).status_code == 200


def test_a_plan_is_copied_from_another_round(client: Client, unit: OrgUnit, by: User, of: Round) -> None:
    (question,) = bank(unit, by, 1)
    plan = services.pick_questions(of, [question.pk], by=by)
    other = a_round(a_contest(organiser_id=unit.pk, status="draft", frozen_at=None))
    assert client.get(address("copy", other)).status_code == 200
    assert client.post(address("copy", other), {"source": "0"}).status_code == 422
    assert client.post(address("copy", other), {"source": plan.pk}).status_code == 302
    assert picked(other) == [question]


def test_bad_addresses_and_bad_ticks_are_answered(client: Client, unit: OrgUnit, by: User, of: Round) -> None:
    assert client.get(reverse("quizzes:paper", args=[of.contest_id, 9])).status_code == 404
    assert client.get(reverse("quizzes:papers", args=[99_999])).status_code == 404
    assert client.get(address("samples", of)).status_code == 404
    assert client.get(address("freeze", of)).status_code == 404
    assert client.post(address("pick", of), {}).status_code == 400
    assert client.post(address("pick", of), {"question": ["999999"]}).status_code == 404
    services.save_plan(of, mode="fixed", by=by)
    for seed in ("-1", "x", str(2**63)):
        assert client.get(address("samples", of) + f"?seed={seed}").status_code == 200


def test_the_list_of_papers_says_how_far_each_is(client: Client, unit: OrgUnit, by: User, of: Round) -> None:
    papers = reverse("quizzes:papers", args=[of.contest_id])
    assert "Đợt này chưa lập đề." in client.get(papers).content.decode()
    (question,) = bank(unit, by, 1)
    services.freeze_paper(services.pick_questions(of, [question.pk], by=by), by=by)
    assert "đã chốt đề" in client.get(papers).content.decode()


def test_the_questions_to_choose_from_ask_the_same_for_one_and_three(
    client: Client, unit: OrgUnit, by: User, of: Round
) -> None:
    def asked() -> int:
        with (
            CaptureQueriesContext(connections["default"]) as one,
            CaptureQueriesContext(connections["contests"]) as two,
        ):
            assert client.get(address("pick", of)).status_code == 200
        return len(one) + len(two)

    bank(unit, by, 1)
    asked()
    first = asked()
    bank(unit, by, 1, 2, category="Khác")
    assert asked() == first


def test_who_only_reads_the_contest_does_not_see_its_papers(client: Client, unit: OrgUnit, by: User, of: Round) -> None:
    services.save_plan(of, mode="fixed", by=by)
    client.force_login(make_user(Role.STANDING_MEMBER, unit, "thuong-truc"))
    for name in ("paper", "samples", "pick", "freeze", "copy"):
        assert client.get(address(name, of)).status_code == 403
    client.force_login(make_user(Role.CONTEST_ORGANISER, make_unit("XB", "agencies"), "xa-khac"))
    assert client.get(address("paper", of)).status_code == 404
