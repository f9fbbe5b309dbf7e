"""Rows of the access table for results. The contest is the commune's, with the jury; one round is published.

Who decides about results acts; the standing member above reads; nobody else of the office sees them at all.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from langsen.contests.contests.codes import digest_of
from langsen.contests.contests.enums import ContestStatus
from langsen.contests.results.models import Appeal, Draw, PrizeAward
from langsen.contests.results.queries.proposals import proposal_for
from langsen.contests.results.services.closing import close_round
from langsen.contests.results.services.prizes import propose_prizes
from langsen.foundation.accounts.services import system_user
from tests.access_roles import COMMUNE, CONTEST_ORGANISER, JUDGE, PROVINCE, STANDING, STRANGER, Row
from tests.results_world import a_held_contest

JURY = frozenset({PROVINCE, COMMUNE, CONTEST_ORGANISER, JUDGE})
READERS = JURY | {STANDING}


def results_in(world: Mapping[str, Any]) -> dict[str, Any]:
    """Add a closed contest with prizes proposed, a tie, a draw whose numbers are out, and an appeal."""
    contest = a_held_contest(
        people=6, rounds=1, organiser_id=world["commune"].pk, slug="ket-qua", ranking=["score"], prediction="none",
        status=ContestStatus.JUDGING,
    )  # fmt: skip
    of = contest.rounds.get()
    close_round(of)
    type(of).objects.filter(pk=of.pk).update(results_published_at=timezone.now())
    propose_prizes(contest, by=system_user())
    entrant = contest.entrants.order_by("number").first()
    contest.entrants.filter(pk=entrant.pk).update(code_digest=digest_of("KETQUA2345"))
    yesterday = timezone.localdate() - timedelta(days=1)
    draw = Draw.objects.create(
        contest=contest, title="Bốc thăm", places=1, listed=["TS-000001", "TS-000002"], list_digest="0" * 64,
        sources=[{"name": "Xổ số", "day": yesterday.isoformat()}], announced_at=timezone.now() - timedelta(days=2),
    )  # fmt: skip
    assert proposal_for(contest).ties
    award = PrizeAward.objects.filter(prize_rule__contest=contest).first()
    return {
        "results_contest": contest,
        "results_award": award,
        "results_draw": draw,
        "results_appeal": Appeal.objects.create(contest=contest, entrant=entrant, text="Đề nghị xem lại"),
        "lottery_day": f"{timezone.localdate() + timedelta(days=2):%d/%m/%Y}",
    }


_OF = {"slug": "{results_contest.slug}"}
PUBLIC = [
    Row("results:public_results", _OF, public=True),
    Row("results:public_results_excel", _OF, public=True),
    Row("results:public_results_pdf", _OF, public=True),
    Row("results:public_parts_excel", _OF, public=True),
    Row("results:public_units", _OF, public=True),
    Row("results:public_units_excel", _OF, public=True),
    Row("results:public_find", _OF, public=True),
    Row("results:public_find", _OF, "POST", {"code": "KETQUA-2345"}, public=True),
    Row("results:public_certificate", _OF, public=True, ok=404),  # only with a code
    Row("results:public_draws", _OF, public=True),
    Row("results:public_regradings", _OF, public=True),
    Row("results:public_verify", _OF, public=True),
    Row("results:public_verify", _OF, "POST", public=True, ok=422),
    Row("results:public_bundle", _OF, public=True, ok=404),  # the contest is not published yet
]

_ONE = {"pk": "{results_contest.pk}"}
_AWARD = _ONE | {"award": "{results_award.pk}"}
_TIE = _ONE | {"tie": "0"}
_DRAW = _ONE | {"draw": "{results_draw.pk}"}
_APPEAL = _ONE | {"appeal": "{results_appeal.pk}"}
_KEY = {"round": "1", "number": "2", "right": "D", "reason": "Đáp án in nhầm"}
_READ: dict[str, Any] = {"allow": READERS}
_ACT: dict[str, Any] = {"allow": JURY, "forbid": frozenset({STANDING})}
OFFICE = [
    Row("results:contests", allow=READERS | {STRANGER}, rest=403),
    Row("results:contest", _ONE, **_READ),
    Row("results:standings", _ONE, **_READ),
    Row("results:standings_excel", _ONE, **_READ),
    Row("results:parts", _ONE, **_READ),
    Row("results:parts_excel", _ONE, **_READ),
    Row("results:paper", _ONE, **_READ),
    Row("results:prizes", _ONE, **_READ),
    Row("results:draws", _ONE, **_READ),
    Row("results:items", _ONE, **_READ),
    Row("results:signals", _ONE, **_READ),
    Row("results:appeals", _ONE, **_READ),
    Row("results:appeal", _APPEAL, **_READ),
    Row("results:appeal", _APPEAL, "POST", {"answer": "Đã kiểm tra"}, **_ACT),
    Row("results:regradings", _ONE, **_READ),
    Row("results:regradings", _ONE, "POST", _KEY, ok=200, **_ACT),
    Row("results:begin_judging", _ONE, "POST", ok=409, **_ACT),  # it is with the jury already
    Row("results:publish", _ONE, **_READ),
    Row("results:publish", _ONE, "POST", ok=400, **_ACT),  # ties wait
    Row("results:publish_round", _ONE | {"number": "1"}, "POST", ok=409, **_ACT),  # published already
    Row("results:propose", _ONE, "POST", **_ACT),
    Row("results:decide", _AWARD | {"what": "pass-over"}, **_READ),
    Row("results:decide", _AWARD | {"what": "decide"}, "POST", **_ACT),
    Row("results:announce_draw", _TIE, **_READ),
    Row("results:announce_draw", _TIE, "POST", {"name1": "Xổ số", "day1": "{lottery_day}"}, **_ACT),
    Row("results:hold_draw", _DRAW, **_READ),
    Row("results:hold_draw", _DRAW, "POST", {"numbers1": "61234"}, **_ACT),
]

RESULTS: list[Row] = [*PUBLIC, *OFFICE]
