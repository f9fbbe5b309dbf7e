"""The pages of the arena without a browser: files, addresses, what old phones understand, plain forms."""

import asyncio
import gzip
import re
from collections.abc import Sequence
from typing import Any

import brotli
import pytest

from langsen.contests.arena.pages import plain_forms, respond
from langsen.contests.arena.pages.assets import FOLDER, PREVIEW_SCRIPTS, SCRIPTS, address_of, asset_response, assets
from langsen.contests.arena.pages.words import words
from langsen.contests.arena.refusals import Refused
from langsen.contests.arena.rules_in_force import ContestRules
from langsen.contests.arena.wire import Request, Response

# What a phone of 2016 cannot read: newer syntax, and functions that came later.
NEWER = {
    "async functions": r"\basync\b|\bawait\b",
    "optional chaining": r"\?\.[a-zA-Z(\[]",
    "nullish": r"\?\?",
    "spread of objects": r"\{\s*\.\.\.",
    "a comma after the last argument": r",\n\s*\)",
    "a catch without a name": r"catch\s*\{",
    "exponent": r"\*\*",
    "modules": r"^\s*(import|export)\b",
    "functions after 2015": r"\.(padStart|padEnd|includes|flat|flatMap|at|replaceAll|replaceChildren|finally)\(",
    "functions of objects after 2015": r"Object\.(entries|values|fromEntries)",
}
NEWER_STYLE = r":is\(|:has\(|clamp\(|\binset:|aspect-ratio|\bdvh\b|color-mix|@layer"


class NoGate:
    """A gate that knows one contest and must not be asked for papers."""

    def contest(self, slug: str) -> ContestRules | None:
        if slug != "thi-thu":
            return None
        return ContestRules(1, slug, "Cuộc <script>thi</script>", "announced", True, "none", 1, "best", (), 600, 30)


def ask(path: str, method: str = "GET", **headers: str) -> Response:
    scope: dict[str, Any] = {
        "method": method,
        "path": path,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }

    async def nothing() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    gate: Any = NoGate()
    return asyncio.run(respond(Request(scope, nothing, 1), gate))


def script(names: Sequence[str] = SCRIPTS) -> str:
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


@pytest.mark.parametrize("name", NEWER)
def test_the_script_is_read_by_a_ten_year_old_phone(name: str) -> None:
    lines = re.sub(r"^\s*//.*$|/\*.*?\*/", "", script((*SCRIPTS, "preview.js", "sw.js")), flags=re.M | re.S)
    assert re.findall(NEWER[name], lines, flags=re.M) == []


def test_a_preview_stands_in_for_all_that_reaches_beyond_the_page() -> None:
    names = r"^const (\w+) ="
    assert set(re.findall(names, script(["outside.js"]), re.M)) <= set(re.findall(names, script(["preview.js"]), re.M))
    for way_out in ("fetch(", "XMLHttp", "sendBeacon", "localStorage", "sessionStorage", "serviceWorker", "cookie"):
        assert way_out not in script(PREVIEW_SCRIPTS), "nothing of a preview leaves the page or stays behind"


def test_the_look_is_read_by_a_ten_year_old_phone() -> None:
    style = re.sub(r"/\*.*?\*/", "", (FOLDER / "arena.css").read_text(encoding="utf-8"), flags=re.S)
    assert re.findall(NEWER_STYLE, style) == []
    for rule in re.findall(r"([^{}]*:focus-visible[^{}]*)\{", style):
        assert ":not(:focus-visible)" in rule, "a browser that does not know it drops the rule"


def test_every_text_of_the_script_is_there_in_both_languages_and_used() -> None:
    said = set(re.findall(r'say\("(\w+)"', script()))
    quoted = set(re.findall(r'"(\w+)"', script())) | {f"stage_{end}" for end in ("open", "soon", "closed")}
    for language in ("vi", "en"):
        texts = words(language)
        assert said - {"stage_"} <= texts.keys()
        assert texts.keys() - {"group"} <= quoted
    assert words("vi")["next"] == "Câu tiếp"
    assert words("vi")["group"] == "."


def test_files_are_packed_and_kept_for_ever_and_the_worker_is_not() -> None:
    address = address_of("arena-vi.js")
    plain, small, packed = (ask(address, accept_encoding=wanted) for wanted in ("", "gzip", "gzip, br"))
    assert gzip.decompress(small.body) == brotli.decompress(packed.body) == plain.body
    assert len(packed.body) < len(small.body) < len(plain.body) / 2
    assert ("cache-control", "public, max-age=31536000, immutable") in plain.headers
    worker = ask("/thi/assets/sw.js")
    assert ("service-worker-allowed", "/thi/") in worker.headers
    assert ("cache-control", "no-cache") in worker.headers
    assert b"VERSION" not in worker.body


def test_everything_a_first_visit_loads_is_small() -> None:
    names = [name for name in assets() if not name.startswith(("arena-en", "preview"))]
    sizes = [len(ask(f"/thi/assets/{name}", accept_encoding="gzip").body) for name in names]
    assert len(names) == 4
    assert sum(sizes) + len(ask("/thi/thi-thu/", accept_encoding="gzip").body) < 30_000


def test_the_page_is_the_same_for_everybody_and_asked_for_again_by_its_tag() -> None:
    first = ask("/thi/thi-thu/")
    tag = dict(first.headers)["etag"]
    again = ask("/thi/thi-thu/", if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    assert b"Cu\xe1\xbb\x99c &lt;script&gt;thi" in first.body
    assert b'data-known="no"' in first.body
    policy = dict(first.headers)["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(rb"<script(?! src=)|style=|<style| on\w+=", first.body)


def test_the_page_follows_the_language_and_the_text_size_of_the_site() -> None:
    page = ask("/thi/thi-thu/", cookie="langsen_language=en; langsen_text=larger").body
    assert b'<html lang="en" data-text="larger">' in page
    assert address_of("arena-en.js").encode() in page
    assert b'lang="vi" data-text="normal"' in ask("/thi/thi-thu/", cookie='langsen_language="><x; langsen_text=9').body


@pytest.mark.parametrize("path", ["/thi/", "/thi/khong-co/", "/thi/thi-thu/khac/", "/thi/thi-thu/bai/khac/"])
def test_unknown_addresses_are_answered_with_a_page(path: str) -> None:
    answer = ask(path)
    assert answer.status == 404
    assert b"<h1>" in answer.body


def test_what_is_no_file_is_refused() -> None:
    for path in ("/thi/assets/../asgi.py", "/thi/assets/khong.js"):
        with pytest.raises(Refused):
            ask(path)
    assert asset_response(Request({"method": "GET", "path": "/thi/assets/x", "headers": []}, None, 0)) is None  # type: ignore[arg-type]


QUESTIONS = [
    {"text": "Một?", "kind": "single", "options": ["a", "b", "c"]},
    {"text": "Hai?", "kind": "multiple", "options": ["a", "b", "c", "d"]},
]


def test_ticks_become_masks_and_what_was_not_offered_is_left_out() -> None:
    form = {"q1": ["2"], "q2": ["0", "3", "9", "x", "-1"], "q7": ["1"]}
    assert plain_forms.ticked(form, QUESTIONS) == [0b100, 0b1001]
    assert plain_forms.ticked({}, QUESTIONS) == [0, 0]


def test_the_form_sent_last_wins() -> None:
    early, late = (plain_forms.changes([1], since_start_ms=ms)[0][2] for ms in (1_000, 2_000))
    assert 10_000 < early < late


@pytest.mark.parametrize(("typed", "number"), [("12.957", 12957), (" 1 234 ", 1234), ("", None), ("0", 0)])
def test_a_prediction_is_read_as_people_write_it(typed: str, number: int | None) -> None:
    assert plain_forms.prediction(typed) == number


@pytest.mark.parametrize("typed", ["nhiều", "-3", "1e9", "１２", "9" * 13])
def test_what_is_no_whole_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=re.escape(typed)):
        plain_forms.prediction(typed)


def test_the_key_of_a_form_is_for_one_entrant() -> None:
    key = plain_forms.key_of(5)
    assert plain_forms.is_key_of(key, 5)
    assert not plain_forms.is_key_of(key, 6)
    assert not plain_forms.is_key_of("5", 5)
