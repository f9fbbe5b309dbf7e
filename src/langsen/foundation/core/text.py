"""Vietnamese text in code: folding for search, sorting, numbers and dates as an office writes them.

Nothing here relies on the database's collation, so that search and order are the same on every server.
"""

import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import get_language

# The alphabet of TCVN 5712/6909: 29 letters, with f j w z of foreign words put where Vietnamese dictionaries put them.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {letter: rank for rank, letter in enumerate(_ALPHABET, start=1)}
# Tones in dictionary order: none, huyền, hỏi, ngã, sắc, nặng (the order of school dictionaries).
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_LETTER_MARKS = {"\u0306", "\u0302", "\u031b"}  # breve, circumflex, horn: they make another letter, not a tone
_SPACES = re.compile(r"\s+")


def clean(value: str) -> str:
    """Return `value` composed (NFC), with runs of white space made one space and the ends trimmed.

    Control characters, which no office writes and PostgreSQL may refuse (NUL), are dropped.
    """
    composed = unicodedata.normalize("NFC", value)
    if composed.isprintable():  # no control character in it: nearly always, and ten times as fast
        return " ".join(composed.split())
    kept = "".join(ch for ch in composed if ch in "\t\n\r" or unicodedata.category(ch) not in {"Cc", "Cs"})
    return _SPACES.sub(" ", kept).strip()


def fold(value: str) -> str:
    """Return `value` for search: lower case, no tone or letter marks, đ as d, single spaces.

    >>> fold("Đảng bộ xã Lào  Cai")
    'dang bo xa lao cai'
    """
    return " ".join(map(_folded_word, clean(value).casefold().split(" ")))


@lru_cache(maxsize=8192)  # names and headings repeat the same few words
def _folded_word(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word)
    return "".join(ch for ch in decomposed if not unicodedata.combining(ch)).replace("đ", "d")


def sort_key(value: str) -> str:
    """Return an ASCII key whose byte order is the Vietnamese dictionary order of `value`.

    Words compare letter by letter; tones decide only between equal letters; then the original text.
    Each letter becomes two characters and each tone one, so keys are about four times the text.
    """
    words = []
    for word in clean(value).casefold().split(" "):
        letters, tones = _letters_and_tones(word)
        words.append(letters + "!" + tones)
    return " ".join(words)


def person_sort_key(full_name: str) -> str:
    """Return the key that orders people by given name, then family name, then middle names."""
    parts = clean(full_name).split(" ")
    if len(parts) < 2:
        return sort_key(full_name)
    return sort_key(" ".join([parts[-1], parts[0], *parts[1:-1]]))


@lru_cache(maxsize=8192)  # rosters repeat the same few words
def _letters_and_tones(word: str) -> tuple[str, str]:
    letters: list[str] = []
    tones: list[str] = []
    base, marks, tone = "", "", 0
    for ch in [*unicodedata.normalize("NFD", word), ""]:
        if ch and ch in _TONES:
            tone = _TONES[ch]
        elif ch and ch in _LETTER_MARKS:
            marks += ch
        elif not ch or not unicodedata.combining(ch):
            if base:
                letters.append(_letter_code(unicodedata.normalize("NFC", base + marks)))
                tones.append(str(tone))
            base, marks, tone = ch, "", 0
    return "".join(letters), "".join(tones)


def _letter_code(letter: str) -> str:
    if letter in _LETTER_RANK:
        return f"m{chr(ord('A') + _LETTER_RANK[letter])}"
    if letter.isdigit():
        return f"d{letter}" if letter.isascii() else "d9"
    return f"a{letter}" if letter.isascii() else f"z{letter}"


def natural_sort_key(value: str) -> str:
    """Return `sort_key` with every number padded, so that "số 9" comes before "số 12"."""
    return sort_key(re.sub(r"\d+", lambda found: found.group().zfill(6), value))


def _vietnamese() -> bool:
    return (get_language() or "vi").startswith("vi")


def number_text(value: int | float | Decimal | None, places: int | None = None) -> str:
    """Return 8198 as 8.198 (en: 8,198) and 12.5 as 12,5; None as an en dash.

    `places` fixes the number of decimals; without it an integer has none and others keep at most two.
    """
    if value is None:
        return "–"
    if places is None and type(value) is int:  # nearly every number of a page, and six times as fast
        grouped = f"{value:,}"
        return grouped.replace(",", ".") if _vietnamese() else grouped
    number = Decimal(str(value))
    if places is not None:
        number = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    elif number == number.to_integral_value():
        number = number.to_integral_value()
    else:
        number = number.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP).normalize()
    english = f"{number:,f}"
    return english.translate(str.maketrans(",.", ".,")) if _vietnamese() else english


def percent_text(ratio: float | Decimal | None, places: int = 1) -> str:
    """Return 0.9870 as 98,7% (en: 98.7%) and a whole percentage without decimals; None as an en dash."""
    if ratio is None:
        return "–"
    percent = (Decimal(str(ratio)) * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if percent == percent.to_integral_value():
        return number_text(percent, 0) + "%"
    return number_text(percent, places) + "%"


def day_text(day: date | None) -> str:
    """Return 22/9/2023 in both languages; None as an empty text."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date()
    return f"{day.day}/{day.month}/{day.year}"


def moment_text(moment: datetime | None) -> str:
    """Return 14:05 22/9/2023 in the office's time zone; None as an empty text."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local:%H:%M} {day_text(local.date())}"


def parse_number(value: str) -> Decimal:
    """Read a number as Vietnamese offices write it: 8.198 is 8198, 57,6 is 57.6.

    Groups must have exactly three digits, so "555.39" is refused instead of guessed.

    Raises:
        ValueError: the text is not such a number.
    """
    text = clean(value).replace(" ", "").replace("\u00a0", "")
    if not re.fullmatch(r"-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?", text):
        raise ValueError(value)
    return Decimal(text.replace(".", "").replace(",", "."))


_DAY_SHAPES = (
    re.compile(r"(?P<d>\d{1,2})[/.\-](?P<m>\d{1,2})[/.\-](?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"),
    re.compile(r"(?P<d>\d{2})(?P<m>\d{2})(?P<y>\d{4})"),  # the digit keypad of some phones has no "/"
)


def parse_day(value: str) -> date:
    """Read 22/9/2023, 22-09-2023, 22.9.2023, 2023-09-22 or 22092023.

    Raises:
        ValueError: not a day, or a day that does not exist (31/2/2023).
    """
    text = clean(value)
    for shape in _DAY_SHAPES:
        found = shape.fullmatch(text)
        if found:
            return date(int(found["y"]), int(found["m"]), int(found["d"]))
    raise ValueError(value)
