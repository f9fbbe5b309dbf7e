"""The articles' numbers come out of records, through the command a checker types."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.articles.claims import CLAIMS, Claim
from tests.demo_store import langsen

ARTICLES = Path(__file__).parents[2] / "docs" / "articles.md"
pytestmark = pytest.mark.slow


@lru_cache
def printed(command: str, url: str) -> dict[str, Any]:
    """Return what the command printed."""
    answer: dict[str, Any] = json.loads(langsen(*command.split()[1:], url=url))
    return answer


def values(answer: dict[str, Any]) -> dict[str, Any]:
    return {figure["code"]: figure["value"] for figure in answer["figures"]}


def check(claim: Claim, answer: dict[str, Any]) -> None:
    figure = next(figure for figure in answer["figures"] if figure["code"] == claim.code)
    if isinstance(claim.value, tuple):
        assert (figure["numerator"], figure["denominator"]) == claim.value
        assert figure["value"] == round(claim.value[0] / claim.value[1], 6)
    else:
        assert figure["value"] == claim.value


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.article}-{claim.unit}-{claim.last}-{claim.code}")
def test_an_article_figure(claim: Claim, demo_url: str) -> None:
    check(claim, printed(claim.command, demo_url))


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.unit == "LCH"], ids=lambda claim: claim.code)
def test_lai_chau_is_the_same_by_todays_organisation(claim: Claim, demo_url: str) -> None:
    check(claim, printed(f"{claim.command} --tree today", demo_url))


@pytest.mark.parametrize("tree", ["then", "today"])
@pytest.mark.parametrize("by", ["unit", "month"])
def test_rows_sum_to_the_total(tree: str, by: str, demo_url: str) -> None:
    answer = printed(
        f"langsen figures --unit LCH --from 2021-05-18 --to 2023-05-17 --json --tree {tree} --by {by}", demo_url
    )
    totals = values(answer)
    additive = [code for code in totals if not code.endswith("rate") and code != "study.participants"]
    additive = [code for code in additive if code not in {"study.make_up_pending", "study.review_conferences"}]
    for code in additive:
        assert sum(values(row)[code] for row in answer["rows"]) == totals[code], code


def test_every_month_has_its_conferences(demo_url: str) -> None:
    answer = printed("langsen figures --unit LCH --from 2021-05-18 --to 2023-05-17 --json --by month", demo_url)
    months = [values(row)["study.sessions"] for row in answer["rows"]]
    assert len(months) == 25
    assert min(months) > 0
    assert max(months[1:-1]) > 1.5 * min(months[1:-1]), "life has busy and quiet months"


def test_divided_units_stand_as_lines_of_their_own(demo_url: str) -> None:
    answer = printed(
        "langsen figures --unit LCI2 --from 2023-01-01 --to 2023-12-31 --json --tree today --by unit", demo_url
    )
    lines = {row["key"]: row for row in answer["rows"] if row["divided"]}
    assert set(lines) == {"LCA", "NLO"}
    assert values(lines["LCA"])["study.historic_trip_people"] == 100
    assert values(answer)["study.historic_trip_people"] == 100


def test_every_claim_is_in_the_document() -> None:
    text = ARTICLES.read_text(encoding="utf-8").splitlines()
    for claim in CLAIMS:
        value = "/".join(map(str, claim.value)) if isinstance(claim.value, tuple) else str(claim.value)
        rows = [row for row in text if row.startswith(f"| {claim.article} |") and f"`{claim.code}`" in row]
        rows = [row for row in rows if claim.command in row]
        assert len(rows) == 1, f"{claim.code}: {claim.command}"
        assert f"| {value} |" in rows[0]
        assert f"| {claim.origin} |" in rows[0]
