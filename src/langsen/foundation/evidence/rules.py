"""How many files, how large, under which names; and the words that mark a classified paper."""

import re
import unicodedata
from pathlib import PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

from langsen.foundation.core.errors import BadInput
from langsen.foundation.core.text import clean, number_text

MEGABYTE = 1024 * 1024
NAME_LENGTH, CAPTION_LENGTH, REASON_LENGTH = 200, 200, 300

# The degrees of secrecy of the law on state secrets (Law 29/2018/QH14, article 8) as they are stamped on papers.
_STAMP = re.compile(r"(?<!\w)(?:tuyệt|tối)[\W_]*mật(?!\w)|(?<![^\W_])tuyet[\W_]+mat(?![^\W_])", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
# Ordinary words with the same syllable, written in capitals in a heading: bí mật, bảo mật, mật ong, mật độ, mật thiết …
_BEFORE = frozenset({"bí", "bảo", "cẩn", "thân"})
_AFTER = frozenset({"ong", "độ", "thiết", "mã", "khẩu", "mía", "nhân", "ngữ", "vụ", "gấu"})
_ALONE = re.compile(r"(?:^|[_\-–(\[{.])\s*mật\s*(?:$|[_\-–)\]}.])", re.IGNORECASE)


def most_bytes() -> int:
    """Return how many bytes one file may have."""
    return int(settings.EVIDENCE_FILE_MB) * MEGABYTE


def most_files() -> int:
    """Return how many files one record may have."""
    return int(settings.EVIDENCE_FILES)


def clean_name(name: str) -> str:
    """Return a file's name for the page: without folders, control characters and more than `NAME_LENGTH` letters.

    The ending stays; nothing on the disk is ever called so.
    """
    text = unicodedata.normalize("NFC", name.replace("\\", "/"))
    text = clean("".join(sign for sign in text if unicodedata.category(sign)[0] != "C"))
    last = PurePosixPath(text).name.strip(". ")
    if not last:
        return _("file without a name")
    if len(last) <= NAME_LENGTH:
        return last
    ending = PurePosixPath(last).suffix[-10:]
    return last[: NAME_LENGTH - len(ending) - 1] + "…" + ending


def secrecy_stamp(text: str) -> str:
    """Return the words of `text` that mark a classified paper, empty when there are none.

    “Mật” alone counts when it stands in capitals or by itself between signs; not inside ordinary words (“bảo vệ bí
    mật”, “mật độ dân cư”).
    """
    plain = unicodedata.normalize("NFC", text)
    if found := _STAMP.search(plain):
        return found.group()
    if _ALONE.search(plain):
        return "mật"
    words = _WORD.findall(plain)
    for place, word in enumerate(words):
        before = words[place - 1].lower() if place else ""
        after = words[place + 1].lower() if place + 1 < len(words) else ""
        if word == "MẬT" and before not in _BEFORE and after not in _AFTER:
            return str(word)
    return ""


def refuse_secret(*texts: str) -> None:
    """Refuse names and captions that say the paper is classified.

    Raises:
        BadInput: with the words found.
    """
    for text in texts:
        if stamp := secrecy_stamp(text):
            raise BadInput(
                _("“%(words)s” marks a classified paper. No classified papers may be put into this system.")
                % {"words": stamp}
            )


def check_caption(text: str) -> None:
    """Refuse a caption that is too long or says that the paper is classified.

    Raises:
        BadInput: at the field.
    """
    if len(text) > CAPTION_LENGTH:
        words = _("A caption has at most %(most)s letters.") % {"most": CAPTION_LENGTH}
        raise BadInput(words, fields={"caption": words})
    refuse_secret(text)


def check_size(size: int) -> None:
    """Refuse an empty file and one above the limit.

    Raises:
        BadInput: in words for the sender.
    """
    if size == 0:
        raise BadInput(_("The file is empty."))
    if size > most_bytes():
        raise BadInput(
            _("The file has %(size)s MB; at most %(limit)s MB are taken.")
            % {"size": number_text(size / MEGABYTE, 1), "limit": number_text(settings.EVIDENCE_FILE_MB)}
        )


def check_count(there: int, coming: int) -> None:
    """Refuse more files than a record may have; then none of them is kept.

    Raises:
        BadInput: says how many there are and how many may still come.
    """
    if there + coming > most_files():
        words = {"coming": coming, "there": there, "limit": most_files(), "left": max(0, most_files() - there)}
        raise BadInput(
            _(
                "You chose %(coming)s files; this record has %(there)s of at most %(limit)s, so it can take %(left)s "
                "more. None was kept: please choose the ones that matter."
            )
            % words
        )
