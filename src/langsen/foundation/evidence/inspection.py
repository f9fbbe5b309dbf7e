"""What each file is, decided by its content in a process of its own, and the words for what is not taken."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from langsen.foundation.core.text import number_text
from langsen.foundation.evidence import child
from langsen.foundation.evidence.enums import FileFormat

_MEGABYTES, _SECONDS_A_FILE = 1_500, 30


@dataclass(frozen=True)
class Job:
    """A file to look at, and where a picture and its small one are to be drawn."""

    path: Path
    picture: Path
    thumbnail: Path


@dataclass(frozen=True)
class Verdict:
    """What a file is; or, with `refusal`, why it is not taken, in words."""

    format: str = ""
    width: int | None = None
    height: int | None = None
    refusal: str = ""


def inspect(jobs: Sequence[Job]) -> list[Verdict]:
    """Return a verdict for each file, in order. A file that ends the process is refused; the others are not."""
    verdicts: list[Verdict] = []
    while len(verdicts) < len(jobs):
        left = jobs[len(verdicts) :]
        lines = _run(left)[: len(left)]
        verdicts += [_verdict(json.loads(line)) for line in lines]
        if len(lines) < len(left):
            verdicts.append(Verdict(refusal=_words("heavy", "")))
    return verdicts


def _run(jobs: Sequence[Job]) -> list[bytes]:
    """Run the child; return the lines it completed, fewer than the jobs when one of them ended it."""
    asked = [{name: str(getattr(job, name)) for name in ("path", "picture", "thumbnail")} for job in jobs]
    seconds = _SECONDS_A_FILE * len(jobs)
    command = [sys.executable, "-I", str(Path(child.__file__)), str(_MEGABYTES), str(seconds)]
    try:
        done = subprocess.run(
            command, input=json.dumps(asked).encode(), capture_output=True, timeout=seconds, check=False
        )
        out = done.stdout
    except subprocess.TimeoutExpired as error:
        out = error.stdout or b""
    return out.split(b"\n")[:-1]  # what stands behind the last line end was not completed


def _verdict(answer: dict[str, object]) -> Verdict:
    if "fault" in answer:
        return Verdict(refusal=_words(str(answer["fault"]), str(answer.get("about", ""))))
    width, height = answer.get("width"), answer.get("height")
    return Verdict(
        FileFormat(str(answer["format"])),
        int(str(width)) if width else None,
        int(str(height)) if height else None,
    )


def _words(code: str, about: str) -> str:
    """Say why a file is not taken and what to send instead."""
    if code == "unknown" and about:
        return _("This is a %(ending)s file, whatever its name ends in. Photos, PDF, Word and Excel are taken.") % {
            "ending": about
        }
    if code == "pixels":
        limit = number_text(child.MOST_PIXELS / 1_000_000)
        return _("The picture has more than %(limit)s million points. Send a smaller one.") % {"limit": limit}
    words = {
        "heic": _(
            "This is a HEIC photo, which most computers cannot show. On an iPhone choose Settings, Camera, Formats, "
            "Most Compatible; or send the photo to yourself as JPEG, then attach that."
        ),
        "video": _("This is a film or sound recording. Photos, PDF, Word and Excel are taken."),
        "program": _("This is a program, whatever its name ends in. It was not kept."),
        "old": _(
            "This is a file of an old Office or one with a password. Open it, save it as .docx, .xlsx or PDF without a "
            "password and attach that."
        ),
        "packed": _("This is a packed file. Attach the photos and papers themselves."),
        "page": _("This is a web page or a drawing that may hold a program. Attach a photo or a PDF."),
        "broken_picture": _("The picture is damaged or incomplete. Open it, and if it looks right save it again."),
        "broken_paper": _("The file is damaged or incomplete. Open it, save it again and attach the new file."),
        "two_in_one": _("The file hides another file inside. Save it again, or print it to PDF, and attach that."),
        "pdf_program": _("This PDF holds a program. Print it to PDF again and attach that."),
        "bomb": _("The file unpacks to far more than a paper of an office holds, so it was not opened."),
        "password": _("The file is protected by a password. Remove the password and attach it again."),
        "macros": _("The file holds macros. Save it as .docx or .xlsx without macros, or as PDF, and attach that."),
        "office_other": _("This is neither a Word document nor an Excel workbook. Save it as PDF and attach that."),
        "heavy": _("The file asks for more memory or time to open than an ordinary one. Save it smaller."),
    }
    return words.get(code, _("This kind of file is not taken. Photos, PDF, Word and Excel are."))
