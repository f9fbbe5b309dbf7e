"""UTF-8 or nothing: a file in another encoding is named for what it seems to be, and nothing of it is taken."""

import re
import unicodedata

from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput

# Frequent words as they look when the bytes of that encoding are read as Latin-1.
_VNI = frozenset(
    [
        "vaø",
        "laø",
        "cuûa",
        "khoâng",
        "ñöôïc",
        "caùc",
        "ngöôøi",
        "caâu",
        "hoûi",
        "ñuùng",
        "naêm",
        "moät",
        "nhöõng",
        "ñaûng",
        "baùc",
        "hoà",
        "ñaùp",
        "aùn",
        "naøo",
        "ñoàng",
        "thaùng",
        "ngaøy",
        "vieät",
        "chuû",
        "tòch",
        "nöôùc",
    ]
)
_TCVN3 = frozenset(
    "vµ lµ cña kh«ng ®­îc c¸c ng­êi c©u hái ®óng n¨m mét nh÷ng §¶ng b¸c hå ®¸p ¸n nµo ®ång ®¶ng th¸ng ngµy viÖt "
    "chñ tÞch n­íc".lower().split()
)
_VIETNAMESE = frozenset(
    [
        "và",
        "là",
        "của",
        "không",
        "được",
        "các",
        "người",
        "câu",
        "hỏi",
        "đúng",
        "năm",
        "một",
        "những",
        "đảng",
        "bác",
        "hồ",
        "đáp",
        "án",
        "nào",
        "đồng",
        "tháng",
        "ngày",
        "việt",
        "chủ",
        "tịch",
        "nước",
    ]
)
_WORD = re.compile(r"[^\s.,;:?!()\[\]{}\"“”=~<>/]+")
_ENOUGH = 2


def utf8_text(content: bytes) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark, line ends made equal.

    Raises:
        BadInput: another encoding, or Vietnamese typed in the letters of an old font; the message names it.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal(_seeming(content)) from error
    if "\0" in text:
        raise _refusal("UTF-16" if content[:200].count(0) > 20 else "")
    if font := _old_font(text):
        raise _refusal(font)
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _refusal(name: str) -> BadInput:
    if not name:
        return BadInput(
            _("The file is not UTF-8 text. Save it again with the encoding UTF-8 and send it again. Nothing was taken.")
        )
    return BadInput(
        _(
            "The file is not UTF-8 text; it seems to be %(encoding)s. Save it again with the encoding UTF-8 "
            "(Unicode) and send it again. Nothing was taken."
        )
        % {"encoding": name}
    )


def _seeming(content: bytes) -> str:
    """Name the encoding the bytes seem to be in; empty when nothing speaks for one."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16"
    latin = content.decode("latin-1")
    western = unicodedata.normalize("NFC", content.decode("cp1258", "replace"))
    scores = {
        "Windows-1258": _hits(western, _VIETNAMESE),
        "TCVN3 (ABC, .VnTime)": _hits(latin, _TCVN3),
        "VNI": _hits(latin, _VNI),
    }
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= 1 else ""


def _old_font(text: str) -> str:
    """Name the old font whose letters stand in valid UTF-8; empty for real Vietnamese."""
    scores = {"VNI": _hits(text, _VNI), "TCVN3 (ABC, .VnTime)": _hits(text, _TCVN3)}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= _ENOUGH and scores[best] > _hits(text, _VIETNAMESE) else ""


def _hits(text: str, words: frozenset[str]) -> int:
    """How many different words of the list occur; those written alike in every encoding are not in the lists."""
    return len(words & {word.lower() for word in _WORD.findall(text[:200_000])})
