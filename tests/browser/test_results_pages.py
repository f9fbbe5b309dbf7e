"""Every page of results, public and office, at both widths: axe finds nothing, nothing is wider than the screen."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from langsen.contests.contests.codes import digest_of
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.contests.models import Contest, EntrantFlag
from langsen.contests.quizzes.models import RoundQuestion
from langsen.contests.results.models import Appeal, Draw, PrizeAward
from langsen.contests.results.services import closing, prizes
from langsen.contests.results.services.analysing import analyse_due_items
from langsen.contests.results.services.regrading import NewKey, regrade
from langsen.foundation.access.enums import Role
from langsen.foundation.accounts.services import system_user
from tests.browser.conftest import SignIn
from tests.browser.looking import faults_at, faults_shown
from tests.factories import make_unit, make_user
from tests.results_world import a_held_contest, publish_now

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(databases=["default", "contests"], transaction=True),
]
PUBLIC = (
    ("public_results", ""), ("public_results", "?round=1"), ("public_results", "?q=hoa+ban"),
    ("public_results", "?q=khong+co+ai"), ("public_units", ""), ("public_units", "?all=1"), ("public_find", ""),
    ("public_draws", ""), ("public_regradings", ""), ("public_verify", ""),
)  # fmt: skip
OFFICE = ("contest", "standings", "parts", "prizes", "draws", "regradings", "items", "signals", "appeals", "publish")
CODE = "ABCDEFGHJK"


@pytest.fixture
def contest(transactional_db: None, tmp_path: Any, settings: Any) -> Contest:
    """Held, a key regraded, everything published; a draw, a sign, an appeal."""
    settings.FILES_DIR = tmp_path
    made = a_held_contest(organiser_id=make_unit("DV1").pk, status=ContestStatus.JUDGING, people=60)
    closing.close_due_rounds()
    of, by = made.rounds.get(number=1), system_user()
    key = RoundQuestion.objects.get(round=of, number=2).key
    regrade(of, NewKey(2, 8 if key != 8 else 4), reason="Đáp án in nhầm", by=by)
    prizes.propose_prizes(made, by=by)
    for award in PrizeAward.objects.filter(status="proposed"):
        prizes.decide_prize(award, by=by)
    publish_now(made, by=by)
    analyse_due_items()
    Draw.objects.create(
        contest=made, title="Bốc thăm giải Ba", places=1, listed=["TS-000001", "TS-000002"], list_digest="0" * 64,
        sources=[{"name": "Xổ số", "day": timezone.localdate().isoformat()}], announced_at=timezone.now(),
    )  # fmt: skip
    first = made.entrants.get(number=1)
    EntrantFlag.objects.create(entrant=first, kind="too_fast", about="nhanh hơn thường", key="1")
    Appeal.objects.create(contest=made, entrant=first, text="Đề nghị xem lại câu 2")
    made.entrants.filter(number=1).update(code_digest=digest_of(CODE))
    return made


@pytest.mark.parametrize("width", [390, 1366])
def test_every_page_of_results_is_clean(
    browser: Browser, sign_in: SignIn, live_server: Any, contest: Contest, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="vi-VN", service_workers="block")
    page = context.new_page()
    faults = [
        fault
        for name, query in PUBLIC
        for fault in faults_at(page, live_server.url + reverse(f"results:{name}", args=[contest.slug]) + query)
    ]
    page.goto(live_server.url + reverse("results:public_find", args=[contest.slug]))
    page.locator("input[name=code]").fill(CODE)
    page.locator("main form button").first.click()
    page.get_by_text("TS-000001").first.wait_for()
    faults += faults_shown(page, page.url)

    unit_id = contest.organiser_id
    office = browser.new_context(viewport={"width": width, "height": 844}, locale="vi-VN", service_workers="block")
    sign_in(office, make_user(Role.JUDGE, _unit(unit_id)))
    desk = office.new_page()
    faults += faults_at(desk, live_server.url + reverse("results:contests"))
    for name in OFFICE:
        faults += faults_at(desk, live_server.url + reverse(f"results:{name}", args=[contest.pk]))

    assert faults == []


def _unit(pk: int) -> Any:
    from langsen.foundation.orgs.models import OrgUnit

    return OrgUnit.objects.get(pk=pk)
