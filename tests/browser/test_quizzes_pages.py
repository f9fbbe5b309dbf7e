"""The question bank and papers as people see them, on a phone and on a desk: readable, fitting, silent."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from langsen.contests.quizzes import services
from langsen.contests.quizzes.facts import Option, QuestionFacts
from langsen.contests.quizzes.imports import receive_file
from langsen.contests.quizzes.models import Category, Question
from langsen.contests.quizzes.services import RuleFacts
from langsen.foundation.core.sheets.kinds import Context
from tests.browser.conftest import SignIn
from tests.browser.looking import faults_at
from tests.contest_world import a_contest, a_round
from tests.factories import make_tree, make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

YEARS = ("1890", "1911", "1930", "1945", "1969")
GIFT = "::Một:: Bác Hồ đọc Tuyên ngôn Độc lập ngày nào? {=2/9/1945 ~19/8/1945}\n\n::Hai:: Câu hỏng {=a\n"


@pytest.fixture
def world(transactional_db: None, settings: Any, tmp_path: Path) -> dict[str, Any]:
    settings.FILES_DIR = tmp_path
    tree = make_tree(TI=("province", None), XA=("agencies", "TI"))
    unit = tree["XA"]
    user, judge = make_user("commune_officer", unit, "can-bo"), make_user("judge", unit, "giam-khao")
    many = [
        QuestionFacts(
            text=f"Câu {number}: sự kiện này trong cuộc đời Chủ tịch Hồ Chí Minh diễn ra năm nào, ở đâu?",
            options=tuple(Option(f"Năm {year}", place == number % 5) for place, year in enumerate(YEARS)),
            category=("Tiểu sử", "Đạo đức, phong cách")[number % 2],
            theme="Cuộc đời và sự nghiệp",
            difficulty=number % 3 + 1,
            source="Hồ Chí Minh: Tiểu sử",
            explanation="Theo tiểu sử chính thức.",
        )
        for number in range(8)
    ]
    questions = services.add_questions(unit, many, by=user)
    for question in questions[:6]:
        services.send_to_check(question, by=user)
    for question in questions[:5]:
        services.check_question(question, version=1, by=judge)
    changed = QuestionFacts(**{**vars(many[7]), "text": "Câu 7: sự kiện này diễn ra tháng nào?"})
    services.save_question(unit, changed, question=questions[7], by=user)
    contest = a_contest(organiser_id=unit.pk, status="draft", frozen_at=None)
    fixed, drawn, frozen = a_round(contest), a_round(contest), a_round(contest)
    services.pick_questions(fixed, [one.pk for one in questions[3:6]], by=user)
    rules = [RuleFacts(category.pk, None, 2) for category in Category.objects.order_by("pk")]
    services.save_plan(drawn, mode="drawn", rules=rules, by=user)
    services.freeze_paper(services.pick_questions(frozen, [questions[0].pk], by=user), by=user)
    run = receive_file(GIFT.encode(), "", name="de-thi.txt", context=Context(user, unit.pk))
    return {"user": user, "questions": questions, "contest": contest, "run": run}


def _addresses(world: dict[str, Any]) -> dict[str, str]:
    base, papers = "/ngan-hang-cau-hoi/", f"/to-chuc-thi/{world['contest'].pk}/de-thi/"
    question = f"{base}{world['questions'][0].pk}/"
    changed = f"{base}{world['questions'][7].pk}/"
    category = Category.objects.order_by("pk").first()
    assert category is not None
    return {
        "bank": base,
        "bank-filtered": f"{base}?q=su+kien&status=checked&difficulty=2",
        "bank-empty": f"{base}?q=khong-co",
        "question": question,
        "question-waiting": f"{base}{world['questions'][5].pk}/",
        "change": f"{question}sua/",
        "versions": f"{changed}phien-ban/",
        "retire": f"{question}ngung-dung/",
        "give-back": f"{base}{world['questions'][5].pk}/tra-lai/",
        "write": f"{base}soan/",
        "categories": f"{base}danh-muc/",
        "rename": f"{base}danh-muc/{category.pk}/",
        "send-file": f"{base}nhap-tep/",
        "file-preview": f"{base}nhap-tep/{world['run'].pk}/",
        "excel": f"{base}nhap-excel/",
        "papers": papers,
        "paper-fixed": f"{papers}1/",
        "paper-drawn": f"{papers}2/",
        "paper-frozen": f"{papers}3/",
        "pick": f"{papers}1/cau-hoi/",
        "samples": f"{papers}2/de-mau/?seed=42",
        "freeze": f"{papers}2/chot/",
        "copy": f"{papers}1/sao-chep/",
    }


@pytest.mark.parametrize("width", [390, 1366])
def test_every_page_is_readable_and_fits(
    browser: Browser, live_server: Any, sign_in: SignIn, world: dict[str, Any], width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844}, locale="vi-VN", service_workers="block")
    sign_in(context, world["user"])
    folder = os.environ.get("LANGSEN_SCREENSHOTS")
    page, faults = context.new_page(), list[str]()
    for name, path in _addresses(world).items():
        faults += faults_at(page, live_server.url + path, name)
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    assert faults == []


def test_a_question_is_written_sent_and_put_on_a_paper_by_hand_and_keyboard(
    browser: Browser, live_server: Any, sign_in: SignIn, world: dict[str, Any]
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="vi-VN", java_script_enabled=False)
    sign_in(context, world["user"])
    page = context.new_page()
    page.goto(live_server.url + "/ngan-hang-cau-hoi/soan/")
    page.get_by_label("Câu hỏi", exact=True).fill("Bến cảng Nhà Rồng ở thành phố nào?")
    page.get_by_label("Phương án A").fill("Sài Gòn")
    page.get_by_label("Phương án B").fill("Hải Phòng")
    page.locator("#id_right_0").check()
    page.get_by_role("button", name="Lưu").click()
    expect(page.locator("main")).to_contain_text("Đã lưu câu hỏi.")
    page.get_by_role("button", name="Gửi duyệt").click()
    expect(page.locator("main")).to_contain_text("chờ duyệt")
    question = Question.objects.get(folded__contains="ben cang nha rong")
    page.goto(f"{live_server.url}/to-chuc-thi/{world['contest'].pk}/de-thi/1/cau-hoi/?q=nha+rong")
    page.locator(f"input[value='{question.pk}']").check()
    page.get_by_role("button", name="Đưa câu đã đánh dấu vào đề").click()
    expect(page.locator("main")).to_contain_text("Bến cảng Nhà Rồng")
    expect(page.locator("main")).to_contain_text("chưa được duyệt")
