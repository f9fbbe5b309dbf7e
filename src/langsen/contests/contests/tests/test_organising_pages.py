"""The organiser's pages as a browser gets them."""

import pytest
from django.test import Client
from django.urls import reverse

from langsen.contests.contests.models import Contest
from langsen.foundation.access.enums import Role
from tests.factories import make_tree, make_user

pytestmark = pytest.mark.django_db(databases=["default", "contests"])


@pytest.fixture
def organiser(client: Client) -> Client:
    tree = make_tree(XA=("agencies", None))
    client.force_login(make_user(Role.CONTEST_ORGANISER, tree["XA"]))
    return client


def test_rules_are_filled_in_and_the_page_tells_what_changed(organiser: Client) -> None:
    opened = organiser.post(reverse("contests:open"), {"unit": "XA", "title": "Tìm hiểu Điều lệ"})
    contest = Contest.objects.get()
    assert opened.url == reverse("contests:contest", args=[contest.pk])
    address = reverse("contests:change", args=[contest.pk])
    form = organiser.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values |= {"act": "save", "phone": "để báo khi bạn đoạt giải", "rank3": "", "contact": "Ban Tổ chức"}
    values |= {"purpose": "Hiểu tình cảm của Bác.", "themes": "Miền núi\nĐoàn kết"}
    sent = organiser.post(address, {name: value for name, value in values.items() if value not in (None, False)})
    assert sent.status_code == 302, sent.context and sent.context["form"].errors
    page = organiser.get(sent.url).content.decode()
    assert "Hiểu tình cảm của Bác." in page
    assert "Chủ đề: Miền núi; Đoàn kết." in page
    assert "số điện thoại: để báo khi bạn đoạt giải" in page
    assert "nộp bài sớm hơn → số câu đúng nhiều hơn, thời gian làm bài ngắn hơn" in page
