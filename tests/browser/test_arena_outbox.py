"""What a phone does with a paper when the network, the ticket, the device or the time goes away."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from langsen.contests.contests.models import Contest
from tests.browser.arena_site import Site
from tests.browser.test_arena_journey import answer, enter, hand_in, kept_by_the_worker
from tests.contest_world import an_entrant

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.django_db(databases=["default", "contests"], transaction=True),
]

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def no_beacon(page: Page) -> None:
    """The browser's pretended loss of the network lets beacons through; a real one does not."""
    page.context.add_init_script("delete Navigator.prototype.sendBeacon")


@pytest.mark.usefixtures("no_beacon")
def test_offline_in_the_middle_then_reload_then_online_it_arrives_once(page: Page, site: Site) -> None:
    enter(page, site)
    answer(page, 0)
    kept_by_the_worker(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Câu tiếp").click()
    page.locator(".option").nth(2).click()
    expect(page.locator(".status")).to_have_text("Chưa lưu được, sẽ tự gửi lại")
    expect(page.get_by_role("button", name="Câu 2, đã trả lời, chưa lưu được")).to_be_visible()
    page.reload()
    expect(page.locator("h1")).to_contain_text("Câu 2 / 5")
    expect(page.locator(".option").nth(2)).to_have_class("option on")
    assert [bool(mask) for mask in site.attempts()[0].answers] == [True, False, False, False, False]
    page.context.set_offline(False)
    expect(page.locator(".status")).to_have_text("Đã lưu câu 2", timeout=20_000)
    [attempt] = site.attempts()
    assert [bool(mask) for mask in attempt.answers] == [True, True, False, False, False]
    hand_in(page)
    assert len(site.attempts()) == 1


def test_an_answer_ticked_just_before_the_page_is_left_arrives_at_the_next_visit_at_latest(
    page: Page, site: Site
) -> None:
    enter(page, site)
    # in one breath, sooner than the answers ticked together are sent; a leaving page's beacon may or may not get away
    page.evaluate("document.querySelectorAll('.option input')[1].click(); location.href = 'about:blank'")
    page.wait_for_url("about:blank")
    page.goto(site.page)
    expect(page.locator(".option").nth(1)).to_have_class("option on")
    expect(page.locator(".status")).to_have_text("Đã lưu câu 1", timeout=20_000)
    [attempt] = site.attempts()
    assert [bool(mask) for mask in attempt.answers] == [True, False, False, False, False]


@pytest.mark.usefixtures("no_beacon")
def test_a_finished_paper_without_a_network_is_kept_and_arrives_after_a_new_start(page: Page, site: Site) -> None:
    enter(page, site)
    answer(page, 3)
    kept_by_the_worker(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_role("button", name="Nộp bài ngay").click()
    expect(page.get_by_role("heading", name="Bài đã làm xong, chưa gửi được")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Bài được tính nếu đến máy chủ trước \d\d:\d\d:\d\d"))).to_be_visible()
    assert site.attempts()[0].submitted_at is None
    context = page.context
    page.close()
    again = context.new_page()
    again.goto(site.page)  # without a network still
    expect(again.get_by_role("heading", name="Bài đã làm xong, chưa gửi được")).to_be_visible()
    context.set_offline(False)
    expect(again.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_visible(timeout=20_000)
    [attempt] = site.attempts()
    assert attempt.submitted_at is not None
    assert not attempt.by_clock


def test_after_the_ticket_is_over_the_answers_wait_for_the_code(page: Page, site: Site) -> None:
    enter(page, site)
    site.shut_out(page.context)
    page.locator(".option").nth(1).click()
    expect(page.locator(".status")).to_have_text("Chưa lưu được: vui lòng nhập lại mã để vào thi")
    page.reload()
    expect(page.get_by_text("Câu trả lời chưa gửi được vẫn giữ trên máy này")).to_be_visible()
    site.let_in(page.context)
    page.goto(site.page)
    expect(page.locator(".option").nth(1)).to_have_class("option on")
    expect(page.locator(".status")).to_have_text("Đã lưu câu 1")
    assert site.attempts()[0].answers[0] != 0


def test_somebody_else_on_the_same_phone_does_not_see_the_paper(page: Page, site: Site) -> None:
    enter(page, site)
    answer(page, 1)
    site.let_in(page.context, an_entrant(site.contest, "Giàng A Páo"))
    page.goto(site.page)
    expect(page.get_by_text("Giàng A Páo")).to_be_visible()
    expect(page.get_by_role("button", name="Vào thi")).to_be_visible()


def test_a_second_device_takes_over_and_the_first_is_told(page: Page, browser: Browser, site: Site) -> None:
    enter(page, site)
    answer(page, 0)
    other = browser.new_context(viewport=PHONE, locale="vi-VN")
    site.let_in(other)
    tablet = other.new_page()
    tablet.goto(site.page)
    tablet.get_by_role("button", name="Tiếp tục ở đây").click()
    expect(tablet.get_by_role("heading", name="Bài đang được làm trên thiết bị khác.")).to_be_visible()
    tablet.get_by_role("button", name="Tiếp tục ở đây").click()
    expect(tablet.locator(".option").nth(0)).to_have_class("option on")
    tablet.locator(".option").nth(2).click()
    expect(tablet.locator(".status")).to_have_text("Đã lưu câu 1")
    page.get_by_role("button", name="Câu tiếp").click()
    page.locator(".option").nth(3).click()
    expect(page.get_by_role("heading", name="Bài đang được làm trên thiết bị khác. Tiếp tục ở đây?")).to_be_visible()
    assert site.attempts()[0].answers[1] == 0
    page.get_by_role("button", name="Tiếp tục ở đây").click()
    expect(page.locator("h1")).to_contain_text("Câu 2 / 5")
    expect(page.locator(".status")).to_have_text("Đã lưu câu 2")
    [attempt] = site.attempts()
    assert attempt.lease == 3
    assert all(attempt.answers[:2])
    page.get_by_role("button", name="Câu 1, ").click()
    expect(page.locator(".option").nth(2)).to_have_class("option on")  # the tablet's, not the phone's first


@pytest.mark.parametrize("rules", [{"time_limit_seconds": 4}])
def test_when_time_is_up_the_paper_is_handed_in_by_itself(page: Page, site: Site) -> None:
    enter(page, site)
    answer(page, 1)
    expect(page.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_visible(timeout=20_000)
    [attempt] = site.attempts()
    assert attempt.submitted_at is not None
    assert attempt.answers[0] != 0


def test_the_clock_of_the_phone_does_not_count(page: Page, site: Site) -> None:
    page.clock.install()
    enter(page, site)
    page.clock.set_system_time("2031-01-01")
    page.clock.run_for(3000)
    expect(page.locator(".left")).to_have_text(re.compile(r"^09:5\d$"))
    assert site.attempts()[0].submitted_at is None


def test_a_queue_is_waited_through_without_loading_again(page: Page, site: Site) -> None:
    told = [{"error": "wait", "message": "", "position": 214, "place": "x", "retry_ms": 300}] * 2
    page.route(
        "**/thi/api/start",
        lambda route: route.fulfill(status=503, json=told.pop()) if told else route.continue_(),
    )
    site.let_in(page.context)
    page.goto(site.page)
    page.get_by_role("button", name="Vào thi").click()
    expect(page.get_by_role("heading", name="Đang có nhiều người dự thi")).to_be_visible()
    expect(page.locator(".position")).to_have_text("Thứ tự của bạn 214")
    expect(page.locator("#question")).to_be_focused(timeout=10_000)


def test_a_place_in_the_queue_outlives_a_reload(page: Page, site: Site) -> None:
    places: list[str | None] = []

    def told(route: Route) -> None:
        places.append((route.request.post_data_json or {}).get("place"))
        body = {"error": "wait", "message": "", "position": 9, "place": "my-place", "retry_ms": 60_000}
        route.fulfill(status=503, json=body)

    page.route("**/thi/api/start", told)
    site.let_in(page.context)
    page.goto(site.page)
    page.get_by_role("button", name="Vào thi").click()
    expect(page.locator(".position")).to_have_text("Thứ tự của bạn 9")
    page.reload()
    expect(page.locator(".position")).to_have_text("Thứ tự của bạn 9")
    assert places == [None, "my-place"]


@pytest.mark.parametrize("rules", [{"time_limit_seconds": 62}])
def test_the_last_minute_is_spoken(page: Page, site: Site) -> None:
    enter(page, site)
    expect(page.locator("#spoken")).to_have_text("Còn 1 phút.", timeout=10_000)
    expect(page.locator(".clock")).to_have_class("clock late")


@pytest.mark.parametrize("rules", [{"time_limit_seconds": 60}])
def test_time_granted_while_nothing_is_saved_reaches_the_phone_before_the_end(page: Page, site: Site) -> None:
    page.clock.install()
    enter(page, site)
    Contest.objects.filter(pk=site.contest.pk).update(time_limit_seconds=600)
    page.wait_for_timeout(5000)  # the arena reads it and gives it to the paper
    for _ in range(43):  # second by second, so that an answer comes before the page gives it up
        site.clock.shift_ms += 1000
        page.clock.run_for(1000)
    expect(page.locator(".left")).to_have_text(re.compile(r"^0[89]:\d\d$"))
    assert site.attempts()[0].submitted_at is None


@pytest.mark.parametrize("rules", [{"time_limit_seconds": 3, "grace_seconds": 1}])
@pytest.mark.usefixtures("no_beacon")
def test_what_did_not_arrive_in_time_is_named(page: Page, site: Site) -> None:
    enter(page, site)
    answer(page, 0)
    page.context.set_offline(True)
    page.get_by_role("button", name="Câu tiếp").click()
    page.locator(".option").nth(1).click()
    expect(page.get_by_text("Đã hết giờ. Các câu đã lưu được nộp thay bạn.")).to_be_visible(timeout=20_000)
    page.wait_for_timeout(2000)  # past the grace
    page.context.set_offline(False)
    expect(page.get_by_text("Không đến kịp: câu 2.")).to_be_visible(timeout=20_000)
    expect(page.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_visible()
    [attempt] = site.attempts()
    assert [bool(mask) for mask in attempt.answers] == [True, False, False, False, False]


def test_an_answer_that_gets_lost_on_the_way_back_is_sent_again_and_stored_once(page: Page, site: Site) -> None:
    enter(page, site)
    page.route("**/thi/api/save", lambda route: (route.fetch(), route.abort())[1])
    page.locator(".option").nth(1).click()
    expect(page.locator(".status")).to_have_text("Chưa lưu được, sẽ tự gửi lại")
    page.unroute("**/thi/api/save")
    expect(page.locator(".status")).to_have_text("Đã lưu câu 1", timeout=10_000)
    page.route("**/thi/api/submit", lambda route: (route.fetch(), route.abort())[1])
    page.get_by_role("button", name="Nộp bài").click()
    page.get_by_role("button", name="Nộp bài ngay").click()
    expect(page.get_by_role("heading", name="Bài đã làm xong, chưa gửi được")).to_be_visible()
    page.unroute("**/thi/api/submit")
    expect(page.get_by_role("heading", name="Bài thi đã được ghi nhận lúc")).to_be_visible(timeout=10_000)
    assert len(site.attempts()) == 1
