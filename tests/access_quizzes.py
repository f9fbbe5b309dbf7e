"""Rows of the access table for the question bank and papers. The bank and the contest are the commune's.

Who writes or checks questions there reads the bank, who only checks changes none; nobody else of the office does. Who
only reads contests does not see a paper.
"""

from collections.abc import Mapping
from typing import Any

from langsen.contests.quizzes import services
from langsen.contests.quizzes.facts import Option, QuestionFacts
from langsen.contests.quizzes.imports import receive_file
from langsen.contests.quizzes.models import Question
from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.models import ImportRun
from langsen.foundation.core.sheets.kinds import Context
from tests.access_roles import (
    ADMIN,
    CLERK,
    COMMUNE,
    CONTEST_ORGANISER,
    JUDGE,
    ORGANISATION,
    PROVINCE,
    STANDING,
    STRANGER,
    VIEWER,
    Row,
)
from tests.contest_world import a_contest, a_round

_GIFT = "::Một:: Bác Hồ đọc Tuyên ngôn Độc lập năm nào? {=1945 ~1930}\n\n::Hai:: Câu hỏng {=a\n"


def bank_in(world: Mapping[str, Any]) -> dict[str, Any]:
    """Add questions of the commune in each state, a contest with two planned papers, two files sent."""
    by, commune, officer = system_user(), world["commune"], world["commune_officer_user"]
    options = (Option("1911", True), Option("1930"))
    facts = [QuestionFacts(f"Câu hỏi số {n}, năm nào?", options, category="Tiểu sử") for n in range(4)]
    draft, waiting, checked, retired = services.add_questions(commune, facts, by=by)
    services.send_to_check(waiting, by=by)
    Question.objects.filter(pk=checked.pk).update(status="checked")
    services.retire_question(retired, by=by)
    contest = a_contest(organiser_id=commune.pk, slug="de-thi", status="draft", frozen_at=None)
    plans = [services.pick_questions(a_round(contest), [checked.pk], by=by) for _ in range(2)]
    run = receive_file(_GIFT.encode(), "", name="de.txt", context=Context(officer, commune.pk))
    excel = ImportRun.objects.get(pk=run.pk)
    excel.pk, excel.kind = None, "questions"
    excel.save()
    return {
        "draft_question": draft,
        "waiting_question": waiting,
        "checked_question": checked,
        "retired_question": retired,
        "paper_contest": contest,
        "other_plan": plans[1],
        "question_files_run": run,
        "questions_run": excel,
    }


KEEPERS = frozenset({PROVINCE, COMMUNE, CONTEST_ORGANISER})
CHECKERS = KEEPERS | {JUDGE}
_BANKS = {"allow": CHECKERS | {STRANGER}, "rest": 403}
_FILES = {"allow": KEEPERS | {STRANGER}, "rest": 403}
_KEPT: dict[str, Any] = {"allow": KEEPERS, "forbid": frozenset({JUDGE})}
_CHECKED: dict[str, Any] = {"allow": CHECKERS}
_WRITTEN = {"text": "Bác Hồ sinh năm nào?", "kind": "single", "difficulty": "1", "option_0": "1890", "option_1": "1911"}
_WRITTEN |= {"right_0": "on", "category": "Tiểu sử"}
_ADD = {
    "query": "?unit={commune.code}",
    "forbid": frozenset({ADMIN, STANDING, CLERK, ORGANISATION, VIEWER, JUDGE}),
    "allow": KEEPERS,
}
_SENDER = {"allow": frozenset({COMMUNE})}
_PAPER = {"pk": "{paper_contest.pk}", "number": "1"}
_ORGANISED = {"allow": KEEPERS, "forbid": frozenset({STANDING, JUDGE})}


_OF_CHECKING = {("question", "GET"), ("versions", "GET"), ("check", "POST")}
_OF_CHECKING |= {("give_back", "GET"), ("give_back", "POST")}


def _question(name: str, which: str, method: str = "GET", data: Mapping[str, object] | None = None) -> Row:
    roles = _CHECKED if (name, method) in _OF_CHECKING else _KEPT
    return Row(f"quizzes:{name}", {"pk": f"{{{which}_question.pk}}"}, method, data or {}, **roles)


QUIZZES: list[Row] = [
    Row("quizzes:questions", **_BANKS),
    Row("quizzes:export", {"code": "gift"}, **_BANKS),
    Row("quizzes:many", {}, "POST", {"action": "send", "question": "{draft_question.pk}:1"}, **_BANKS),
    Row("quizzes:categories", **_BANKS),
    Row("quizzes:rename", {"pk": "{draft_question.category_id}"}, **_KEPT),
    Row("quizzes:rename", {"pk": "{draft_question.category_id}"}, "POST", {"name": "Cuộc đời"}, **_KEPT),
    Row("quizzes:questions_import", **_FILES),
    Row("quizzes:questions_import_template", **_FILES),
    Row("quizzes:questions_import_run", {"pk": "{questions_run.pk}"}, **_SENDER),
    Row("quizzes:questions_import_run", {"pk": "{questions_run.pk}"}, "POST", {"action": "discard"}, **_SENDER),
    Row("quizzes:questions_import_rejected", {"pk": "{questions_run.pk}"}, **_SENDER),
    Row("quizzes:files_import", **_FILES),
    Row("quizzes:files_import_run", {"pk": "{question_files_run.pk}"}, **_SENDER),
    Row("quizzes:files_import_run", {"pk": "{question_files_run.pk}"}, "POST", {"action": "apply"}, **_SENDER),
    Row("quizzes:files_import_rejected", {"pk": "{question_files_run.pk}"}, **_SENDER),
    Row("quizzes:add", **_ADD),
    Row("quizzes:add", {}, "POST", _WRITTEN, **_ADD),
    _question("question", "draft"),
    _question("versions", "draft"),
    _question("change", "draft"),
    _question("change", "draft", "POST", _WRITTEN),
    _question("send", "draft", "POST"),
    _question("check", "waiting", "POST", {"version": "1"}),
    _question("give_back", "waiting"),
    _question("give_back", "waiting", "POST", {"note": "Thiếu nguồn"}),
    _question("retire", "draft"),
    _question("retire", "draft", "POST"),
    _question("restore", "retired", "POST"),
    Row("quizzes:papers", {"pk": "{paper_contest.pk}"}, **_ORGANISED),
    *(Row(f"quizzes:{page}", _PAPER, **_ORGANISED) for page in ("paper", "pick", "samples", "freeze", "copy")),
    Row("arena:preview", _PAPER, **_ORGANISED),
    Row("quizzes:paper", _PAPER, "POST", {"mode": "fixed"}, **_ORGANISED),
    Row("quizzes:pick", _PAPER, "POST", {"question": "{checked_question.pk}"}, **_ORGANISED),
    Row("quizzes:freeze", _PAPER, "POST", **_ORGANISED),
    Row("quizzes:copy", _PAPER, "POST", {"source": "{other_plan.pk}"}, **_ORGANISED),
]
