"""Tokens, printing and typed numbers: what is written, what is shown, and what is refused."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.text import parse_number
from langsen.reports.text.lines import Span, lines_of
from langsen.reports.text.printing import ROUNDINGS, print_number, printed
from langsen.reports.text.tokens import Broken, Token, broken_in, canonical, ignored_values, parse, shown, tokens_in
from langsen.reports.text.typed import Candidate, malformed_in, typed_numbers


@dataclass(frozen=True)
class Number:
    value: Decimal | float | int | None
    numerator: int | None = None
    denominator: int | None = None


# Another program may hold the machine just then; how long drawing takes says nothing about the code.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ratio(numerator: int, denominator: int) -> Number:
    return Number(numerator / denominator if denominator else None, numerator, denominator)


forms = st.sampled_from(["", "02", "tử", "mẫu", "gần", "hơn", "trên", "hơn 430.000", "gần 99"])
tokens = st.builds(
    Token, st.from_regex(r"[a-z]{1,6}(\.[a-z_]{1,6}){0,2}", fullmatch=True), st.sampled_from(["", "LCH-1", "X"]), forms
)
words = st.text(st.characters(blacklist_characters="{}|", blacklist_categories=["Cs", "Cc"]), max_size=20)
bodies = st.lists(st.one_of(words, tokens.map(str)), max_size=8).map("".join)


@patient
@given(bodies, st.sampled_from(["", "8.198", "57,6%", "hơn 5.400", "–"]))
def test_a_text_shown_and_sent_back_is_the_same_text(body: str, value: str) -> None:
    once = canonical(body)
    assert canonical(shown(once, lambda token: value)) == once
    assert canonical(once) == once
    assert tokens_in(shown(once, lambda token: value)) == tokens_in(once)


@patient
@given(st.lists(tokens, max_size=5))
def test_what_is_written_is_read(written: list[Token]) -> None:
    assert [piece for piece in parse(" và ".join(map(str, written))) if isinstance(piece, Token)] == written


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("{ 8.198 | study.sessions }", "{study.sessions}"),
        ("{study.sessions@lch-1}", "{study.sessions@LCH-1}"),
        ("{431.346|study.attendances:hơn 430000}", "{study.attendances:hơn 430.000}"),
        ("{98,7%|study.participation_rate:hơn 98 %}", "{study.participation_rate:hơn 98}"),
        ("{a.b: tử }", "{a.b:tử}"),
    ],
)
def test_one_way_of_writing(sent: str, stored: str) -> None:
    assert canonical(sent) == stored


@pytest.mark.parametrize(
    "text",
    ["{8.198}", "{study.sessions:khoảng}", "{study.sessions:hơn 430.00}", "{a.b", "a.b}", "{a|b|c}", "{}", "{a b}"],
)
def test_what_is_no_token_is_named(text: str) -> None:
    assert any(broken.message for broken in broken_in(text))
    assert canonical(text) == text
    assert not tokens_in(text)


def test_a_value_that_is_not_the_number_is_noticed() -> None:
    body = "{8.198|study.sessions} và {7|study.points} và {study.trips}"
    (ignored,) = ignored_values(body, lambda token: "8.198")
    assert (ignored.printed, ignored.token.code) == ("7", "study.points")


def test_lines_and_marks() -> None:
    lines = lines_of("## Học tập\n\n- đạt **hơn {a.b} người** và *tốt*\n2 * 3 ** x")
    assert [line.kind for line in lines] == ["heading", "item", "paragraph"]
    assert lines[1].spans == (
        Span("đạt "),
        Span("hơn ", bold=True),
        Span(Token("a.b"), bold=True),
        Span(" người", bold=True),
        Span(" và "),
        Span("tốt", italic=True),
    )
    assert lines[2].spans == (Span("2 * 3 ** x"),)


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (Number(8198), "", "8.198"),
        (Number(Decimal("8198.000000")), "", "8.198"),
        (ratio(588, 1021), "", "57,6%"),
        (ratio(3150, 3150), "", "100%"),
        (ratio(31614, 31615), "", "99,997%"),
        (ratio(1, 31615), "", "0,003%"),
        (ratio(0, 5), "", "0%"),
        (ratio(0, 0), "", "–"),
        (Number(2), "02", "02"),
        (Number(0), "02", "00"),
        (Number(12), "02", "12"),
        (ratio(588, 1021), "tử", "588"),
        (ratio(588, 1021), "mẫu", "1.021"),
        (Number(431346), "hơn 430.000", "hơn 430.000"),
        (Number(5412), "hơn", "hơn 5.400"),
        (Number(299), "gần", "gần 300"),
        (Number(63), "trên", "trên 60"),
        (ratio(774, 1000), "hơn", "hơn 77%"),
        (ratio(996, 1000), "gần", "gần 100%"),
    ],
)
def test_printed_as_an_office_writes(number: Number, form: str, text: str) -> None:
    for language in ("vi", "en"):
        with translation.override(language):
            assert print_number(number, form) == text


@pytest.mark.parametrize(
    ("number", "form"),
    [
        (Number(431346), "hơn 431.346"),
        (Number(431346), "hơn 440.000"),
        (Number(431346), "gần 430.000"),
        (Number(431346), "trên 300.000"),
        (Number(0), "hơn"),
        (Number(1), "gần"),
        (Number(None), "gần 5"),
        (ratio(5, 5), "gần"),
        (ratio(99, 100), "gần 101"),
        (ratio(1, 2), "02"),
        (Number(5), "tử"),
    ],
)
def test_a_form_that_contradicts_is_refused_and_the_plain_number_stays(number: Number, form: str) -> None:
    with pytest.raises(BadInput):
        print_number(number, form)
    shown_instead = printed(number, form)
    assert shown_instead.problem
    assert shown_instead.text == print_number(number)


@patient
@given(st.integers(0, 10**9), st.sampled_from(ROUNDINGS), st.one_of(st.none(), st.integers(0, 10**9)))
def test_a_rounding_never_contradicts(value: int, word: str, typed: int | None) -> None:
    out = printed(Number(value), word if typed is None else f"{word} {typed}")
    if not out.problem:
        rounded = parse_number(out.text.removeprefix(word))
        assert rounded > value if word == "gần" else rounded < value
        assert abs(rounded - value) * 5 <= value


@patient
@given(st.integers(1, 10**6), st.data())
def test_a_rounded_ratio_never_contradicts(denominator: int, data: st.DataObject) -> None:
    numerator = data.draw(st.integers(0, denominator))
    for word in ROUNDINGS:
        out = printed(ratio(numerator, denominator), word)
        if not out.problem:
            percent = parse_number(out.text.removeprefix(word).rstrip("%"))
            exact = Decimal(numerator) * 100 / denominator
            assert exact < percent <= 100 if word == "gần" else 0 <= percent < exact
    plain = print_number(ratio(numerator, denominator))
    assert (plain == "100%") == (numerator == denominator)


@patient
@given(st.integers(-(10**12), 10**12))
def test_a_printed_number_reads_back(value: int) -> None:
    assert parse_number(print_number(Number(value))) == value


def _typed(text: str) -> list[str]:
    return [number.text for number in typed_numbers(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Ngày 22 tháng 9 năm 2023, 17/5/2023, 22-9-2023, tháng 6/2026, ngày 19/5, 30/4, 05/2023",
        "6 tháng cuối năm 2025, kết quả 2 năm thực hiện",
        "quý I năm 2026, quý 2, giai đoạn 2021 - 2025, nhiệm kỳ 2020-2025, năm 2023, từ 2016 đến 2021",
        "Chỉ thị 05-CT/TW ngày 15/5/2016; Kết luận số 01-KL/TW; 12/BC-UBND; 30/2020/NĐ-CP; Quyết định 399; số 05",
        "Điều 5, khoản 2, điểm a; Điều 1, 2 và 3; mục 3 Chương 2; phụ lục 1, trang 12",
        "1. Học tập\n1.1 Học\n2) Làm\n- 3. Nêu\nI- Kết quả\na) Ưu điểm\n## 2. Kết quả",
        "lần thứ XIII, thứ 2, lần thứ 13, Hội nghị Trung ương 4 khóa XII, khóa 13, đợt 2",
        "Đảng bộ cơ sở số 12, điện thoại 0912345678, 0216 3876 543, lúc 8h30, 14 giờ 30 phút, 8:00",
        "giấy A4, đường m2, mã LCH-1, CT05",
        "{study.sessions:hơn 430.000} hội nghị, {study.points@LCH-1:02}",
    ],
)
def test_what_is_no_figure_is_left_alone(text: str) -> None:
    assert _typed(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("đã mở 8.198 hội nghị với 431346 lượt, đạt 57,6%", ["8.198", "431346", "57,6"]),
        ("có 02 tập thể, 2 cá nhân", ["02", "2"]),
        ("12 hội nghị đã mở", ["12"]),
        ("có 2025 lượt người học năm 2025", ["2025"]),
        ("3/5 chi bộ đạt; từ 3-5 buổi", ["3", "5", "3", "5"]),
        ("tổng số 25 đảng viên, trong số 30 người", ["25", "30"]),
        ("thực hiện kế hoạch 12 buổi", ["12"]),
        ("đạt 100%.", ["100"]),
        ("tăng 1,5 lần.", ["1,5"]),
    ],
)
def test_a_typed_number_is_found(text: str, found: list[str]) -> None:
    assert _typed(text) == found
    for number in typed_numbers(text):
        assert text[number.start : number.end] == number.text


@pytest.mark.parametrize("text", ["555.39", "1.23.456", "8.1980", "1..2", "12,345,678", "2.5 triệu"])
def test_a_number_written_wrongly_is_refused(text: str) -> None:
    assert malformed_in(f"có {text} lượt") == [text.removesuffix(" triệu")]


def test_a_right_number_is_not() -> None:
    assert malformed_in("có 1.093 mô hình, 57,6%, 12. Ngày 17.5.2023, mục 1.2, số 1.2") == []


CANDIDATES = [
    Candidate(Token("study.sessions"), "Số hội nghị quán triệt, học tập", Number(8198)),
    Candidate(Token("exemplars.models"), "Số mô hình đang thực hiện", Number(1093)),
    Candidate(Token("ethics.slogan_rate"), "Tỷ lệ đơn vị khái quát thành khẩu hiệu", ratio(588, 1021)),
    Candidate(Token("study.review_conferences"), "Số hội nghị sơ kết, tổng kết", Number(1)),
]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mở 8.198 cuộc", "study.sessions"),
        ("có 1.039 mô hình đang làm", "exemplars.models"),
        ("đạt 57,6% số đơn vị", "ethics.slogan_rate"),
        ("đạt 58% số đơn vị có khẩu hiệu", "ethics.slogan_rate"),
        ("1 hội nghị sơ kết", "study.review_conferences"),
        ("có 1 con đường", None),
        ("có 777 con đường", None),
        ("8.198% người", None),
    ],
)
def test_the_figure_a_number_may_be(text: str, code: str | None) -> None:
    (number,) = typed_numbers(text, CANDIDATES)
    assert (number.may_be.token.code if number.may_be else None) == code


def test_broken_pieces_keep_their_text() -> None:
    assert next(piece for piece in parse("x {8 198} y") if isinstance(piece, Broken)).text == "{8 198}"
