"""Numbers typed by hand: found in a text, told from dates, document numbers, articles, headings and ordinals.

What is left over should be a bound number; `typed_numbers` names the figure each may be.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from langsen.foundation.core.text import parse_number
from langsen.reports.text.printing import Number, is_ratio
from langsen.reports.text.tokens import Token

_FLAGS = re.IGNORECASE | re.MULTILINE
_NUMBER = re.compile(r"(?<![\w.,])(?<![^\W\d_][-/])(?:\d[\d.,]*\d|\d)(?!\w)")
_COUNTED = (  # after these words even 2025 is a count, not a year, and 3/5 no day
    r"lượt|người|đồng chí|đảng viên|đoàn viên|hội viên|cán bộ|quần chúng|hội nghị|buổi|cuộc|điểm cầu|mô hình|tập thể|"
    r"cá nhân|tổ chức|chi bộ|chi, đảng bộ|đảng bộ|đơn vị|cơ quan|văn bản|tin|bài|tác phẩm|sản phẩm|hộ|việc|giấy khen|"
    r"bằng khen|công trình|phần việc|triệu|tỷ|nghìn"
)
_NOT_COUNTED = rf"(?!\s+(?:{_COUNTED})\b)"
_LIST = r"\d{1,3}[a-zđ]?(?:\s*(?:,|-|–|và|đến)\s*\d{1,3}(?!\s*%)\b" + _NOT_COUNTED + r")*"

# Each matches text whose numbers are no figures. Years, days and times; papers; articles; what stands in an order.
_PATTERNS = (
    r"\b\d+(?:[-/](?:\d{4}[-/])?[A-ZĐ][\w.-]*(?:[-/][A-ZĐ][\w.-]*)*)",
    r"\b\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4}\b",
    r"\bngày\s+\d{1,2}(?:\s*[-/]\s*\d{1,2})?(?:\s+tháng\s+\d{1,2})?(?:\s+năm\s+\d{4})?",
    r"\b\d{1,2}\s+(?:ngày|tuần|tháng|quý|năm)\b",  # 6 tháng đầu năm, 2 năm thực hiện
    r"\btháng\s+\d{1,2}(?:\s*[/-]\s*\d{4})?\b",
    r"\b(?:0?[1-9]|1[0-2])/(?:19|20)\d\d\b",
    r"\b(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])\b" + _NOT_COUNTED,
    r"\b(?:năm|giai đoạn|nhiệm kỳ|khóa|khoá)\s+(?:học\s+)?(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?",
    r"\b(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?\b(?![.,]\d)" + _NOT_COUNTED,
    r"\b\d{1,2}(?:h|g|:)\d{0,2}\b|\b\d{1,2}\s+giờ(?:\s+\d{1,2})?(?:\s+phút)?",
    r"\b(?:quyết định|chỉ thị|kết luận|nghị quyết|nghị định|thông tư|hướng dẫn|kế hoạch|công văn|thông báo|quy định|"
    r"chương trình|đề án|tờ trình|pháp lệnh|luật)(?:\s+số:?)?\s+\d+\b(?![.,]\d)" + _NOT_COUNTED,
    r"(?<!tổng )(?<!trong )(?<!với )\bsố:?\s+\d+(?:/\d+)*(?:-[\w-]+)?",
    r"\b(?:điều|khoản|điểm|mục|chương|phần|phụ lục|biểu|bảng|trang|tiết|hình)\s+" + _LIST,
    r"\b(?:thứ|lần|quý|đợt|khóa|khoá|kỳ|hạng|loại|lớp|tổ|thôn|xóm|khu|khu phố|phường|quận|tuần|vòng|bước|trung ương|"
    r"đại hội)\s+\d{1,2}\b(?!\s*%)" + _NOT_COUNTED,
    r"^\s*(?:##\s+|-\s+)?(?:\d{1,2}(?:\.\d{1,2})+[.)]?|\d{1,2}[.)-])(?=\s)" + _NOT_COUNTED,
    r"(?<![\d.,])0\d{2,4}[ .]?\d{3,4}[ .]?\d{3,4}\b",
)
_EXCLUDED = tuple(
    # A document number has capital letters; everything else may begin a sentence.
    re.compile(pattern, re.MULTILINE if "[A-ZĐ]" in pattern else _FLAGS)
    for pattern in _PATTERNS
)
_TOKEN = re.compile(r"\{[^{}\n]*\}")
_WORD = re.compile(r"[^\W\d_]+")
_EMPTY_WORDS = frozenset(
    ("và", "của", "có", "các", "số", "đã", "được", "cho", "với", "là", "trong", "tại", "về", "tổng")
)
_AROUND = 48  # letters on either side in which words of a figure's name are looked for
_CLOSE = Decimal("0.1")


@dataclass(frozen=True)
class Candidate:
    """A figure a typed number may be."""

    token: Token
    name: str
    number: Number


@dataclass(frozen=True)
class TypedNumber:
    """A number typed by hand at `start`..`end`; `value` is None when it is written wrongly (555.39)."""

    start: int
    end: int
    text: str
    value: Decimal | None
    may_be: Candidate | None = None


def malformed_in(body: str) -> list[str]:
    """Return what looks like a number and is none: 555.39, 1.23.456."""
    return [text for _start, _end, text in _numbers_in(body) if _value(text) is None]


def typed_numbers(body: str, candidates: Sequence[Candidate] = ()) -> list[TypedNumber]:
    """Return the numbers typed by hand in `body` (composed, NFC), each with the figure it may be."""
    return [
        TypedNumber(start, end, text, _value(text), _best(body, start, end, _value(text), candidates))
        for start, end, text in _numbers_in(body)
    ]


def _numbers_in(body: str) -> Iterator[tuple[int, int, str]]:
    text = unicodedata.normalize("NFC", body)
    masked = _TOKEN.sub(lambda found: "\x01" * len(found.group()), text)
    for pattern in _EXCLUDED:
        masked = pattern.sub(lambda found: re.sub(r"\d", "\x01", found.group()), masked)
    for found in _NUMBER.finditer(masked):
        yield found.start(), found.end(), found.group()


def _value(text: str) -> Decimal | None:
    try:
        return parse_number(text)
    except ValueError:
        return None


def _best(body: str, start: int, end: int, value: Decimal | None, candidates: Sequence[Candidate]) -> Candidate | None:
    """Return the candidate of the same value, else the one whose name fits the words around; ties by words."""
    near = _words(body[max(0, start - _AROUND) : start]) | _words(body[end : end + _AROUND])
    percent = body[end : end + 2].lstrip().startswith("%")
    best: Candidate | None = None
    best_score: tuple[bool, bool, int] = (False, False, 0)
    for candidate in candidates:
        if is_ratio(candidate.number) != percent:
            continue
        shared = len(near & _words(candidate.name))
        same = value is not None and _same(value, candidate.number)
        close = value is not None and _is_close(value, candidate.number)
        # A small number is often the same by chance; a word of the name must stand near it.
        if not (shared >= 2 or (same and (shared or (value or 0) >= 100))):
            continue
        if (same, close, shared) > best_score:
            best, best_score = candidate, (same, close, shared)
    return best


def _exact(number: Number) -> Decimal | None:
    if number.value is None:
        return None
    value = Decimal(str(number.value))
    return value * 100 if is_ratio(number) else value


def _same(value: Decimal, number: Number) -> bool:
    exact = _exact(number)
    if exact is None:
        return False
    places = value.as_tuple().exponent
    return round(exact, -places if isinstance(places, int) and places < 0 else 0) == value


def _is_close(value: Decimal, number: Number) -> bool:
    exact = _exact(number)
    return exact is not None and abs(exact - value) <= abs(exact) * _CLOSE


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(unicodedata.normalize("NFC", text).casefold()) if word not in _EMPTY_WORDS}
