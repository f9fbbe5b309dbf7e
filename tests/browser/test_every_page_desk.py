"""Every page, as wide as an office's screen; a file of its own, so that the two widths are looked at side by side."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import SignIn
from tests.browser.visiting import faults_of_every_page

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_every_page_is_readable_by_everyone(
    browser: Browser, live_server: Any, sign_in: SignIn, transactional_db: None
) -> None:
    assert faults_of_every_page(browser, sign_in, live_server.url, 1366) == []
