"""Journeys use the browser of `tests/browser`."""

from tests.browser.conftest import (
    _chromium,
    browser_context_args,
    browser_type_launch_args,
    said,
    sign_in,
)

__all__ = ["_chromium", "browser_context_args", "browser_type_launch_args", "said", "sign_in"]
