"""Photos and papers of some meetings of Mường Sen, drawn by code: nobody's face, nobody's paper, no committed file."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from PIL import Image, ImageDraw, ImageFilter

from langsen.config.demo import spread
from langsen.config.demo.worlds import Stage
from langsen.foundation.access.enums import Permission
from langsen.foundation.accounts.models import User
from langsen.foundation.core.sheets.kinds import Column, ColumnKind
from langsen.foundation.core.sheets.writing import write_sheet
from langsen.foundation.core.text import day_text
from langsen.foundation.evidence.services import attach_files
from langsen.registers.study.enums import SessionKind, SessionStatus
from langsen.registers.study.models import SessionEvidence, StudySession

SIZE = (1200, 800)
_WALL, _CURTAIN, _WOOD, _GOLD = "#efe3cf", "#9c2427", "#8a5a33", "#e2b84a"
_SHIRTS = ("#2f4b6e", "#5b3a5e", "#32604d", "#6b6b6b", "#7a3b2e", "#20242b")
_HAIR = ("#1d1a18", "#2b2522", "#5a5450")
_HILLS = ("#a9c4b1", "#7fa58c", "#5d8a6d", "#477257")

# Unit, kind of meeting, whose hand, what is drawn.
_MEETINGS = (
    ("MSE", SessionKind.STUDY_CONFERENCE, "tinh.chuyenvien", ("hall", "hall", "programme", "scan")),
    ("MSE-XNX", SessionKind.STUDY_CONFERENCE, "xa.chuyenvien", ("hall", "village", "list")),
    ("MSE-XNX-A4", SessionKind.STUDY_CONFERENCE, "chibo.bithu", ("house", "scan")),
    ("MSE-XNX-A4", SessionKind.REGULAR_MEETING, "chibo.chiuy", ("house", "village", "village")),
)


def load(stage: Stage) -> None:
    """Attach to the last meetings of this kind of the units of the demo accounts."""
    stage.say("MSE: photos, papers")
    random = spread.seeded("muong-sen-papers")
    for code, kind, username, things in _MEETINGS:
        session = (
            StudySession.objects.filter(org_unit__code=code, kind=kind, status=SessionStatus.HELD)
            .order_by("-held_on", "-id")
            .first()
        )
        if session is not None:
            _attach(session, things, User.objects.get(username=username), random)


def _attach(session: StudySession, things: Sequence[str], by: User, random: Random) -> None:
    for is_signed in (False, True):  # the scan of the signed paper is sent apart, as a person would
        chosen = [thing for thing in things if (thing == "scan") == is_signed]
        if chosen:
            made = [_MADE[thing](session, random) for thing in chosen]
            attach_files(
                SessionEvidence,
                session,
                [SimpleUploadedFile(name, content) for name, _words, content in made],
                captions=[words for _name, words, _content in made],
                is_signed_paper=is_signed,
                permission=Permission.STUDY_RECORD,
                by=by,
            )


Made = tuple[str, str, bytes]


def _photo(name: str, words: str, image: Image.Image, random: Random) -> Made:
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(0.8)).save(out, format="JPEG", quality=80)
    return f"{name}-{random.randint(1000, 9999)}.jpg", f"{words} (ảnh minh họa)", out.getvalue()


def _hall(_session: StudySession, random: Random) -> Made:
    """Rows of people before a red curtain."""
    image = Image.new("RGB", SIZE, _WALL)
    draw = ImageDraw.Draw(image)
    draw.rectangle([150, 40, 1050, 430], fill=_CURTAIN)
    for fold in range(150, 1050, 36):
        draw.line([fold, 40, fold + 6, 430], fill="#86191d", width=7)
    for line, (start, end) in enumerate(((330, 870), (270, 930), (430, 770))):
        draw.rounded_rectangle([start, 110 + line * 52, end, 134 + line * 52], 8, fill=_GOLD)
    draw.polygon([(900, 300), (1010, 300), (990, 440), (920, 440)], fill=_WOOD)
    _person(draw, 955, 252, 26, random)
    draw.rectangle([0, 430, 1200, 800], fill="#b98d63")
    for row in range(4):
        size = 30 + row * 12
        for place in range(-1, 1200 // (size * 3) + 2):
            _person(draw, place * size * 3 + (row % 2) * size + random.randint(-8, 8), 470 + row * 84, size, random)
    return _photo("quang-canh", "Quang cảnh hội nghị", image, random)


def _person(draw: ImageDraw.ImageDraw, x: int, y: int, size: int, random: Random) -> None:
    """Somebody seen from behind."""
    shirt = random.choice(_SHIRTS)
    draw.rounded_rectangle([x - size, y + size, x + size, y + size * 4], size // 2, fill=shirt)
    draw.ellipse([x - size * 0.62, y - size * 0.5, x + size * 0.62, y + size * 1.1], fill=random.choice(_HAIR))


def _house(_session: StudySession, random: Random) -> Made:
    """A cell sitting on mats in a house on stilts, the hills in the window."""
    image = Image.new("RGB", SIZE, "#7b5230")
    draw = ImageDraw.Draw(image)
    for board in range(0, 1200, 60):
        draw.line([board, 0, board, 520], fill="#6a4426", width=4)
    draw.rectangle([420, 90, 800, 340], fill="#cfe3ee")
    _hills(draw, 420, 800, 340, random)
    draw.rectangle([420, 90, 800, 340], outline="#4d3019", width=14)
    draw.rectangle([0, 520, 1200, 800], fill="#c9a46b")
    for place in range(9):
        _person(draw, 110 + place * 122, 470 + (place % 3) * 50, 34, random)
    draw.rounded_rectangle([430, 690, 770, 740], 20, fill="#dcc08d")
    return _photo("sinh-hoat", "Chi bộ sinh hoạt", image, random)


def _village(_session: StudySession, random: Random) -> Made:
    """People at work on the road of a village."""
    image = Image.new("RGB", SIZE, "#d9e8ef")
    draw = ImageDraw.Draw(image)
    _hills(draw, 0, 1200, 520, random)
    draw.rectangle([0, 520, 1200, 800], fill="#7c9a55")
    draw.polygon([(470, 520), (640, 520), (1040, 800), (180, 800)], fill="#c8b08a")
    for place in range(6):
        x, y = 250 + place * 130, 520 + (place % 3) * 46
        _person(draw, x, y, 22, random)
        draw.line([x + 20, y + 30, x + 64, y + 104], fill=_WOOD, width=6)
    return _photo("don-duong", "Dọn đường bản", image, random)


def _hills(draw: ImageDraw.ImageDraw, left: int, right: int, foot: int, random: Random) -> None:
    for layer, colour in enumerate(_HILLS):
        top = foot - (4 - layer) * (foot // 9)
        points = [(x, top + random.randint(0, foot // 8)) for x in range(left, right + 1, (right - left) // 8)]
        draw.polygon([(left, foot), *points, (right, foot)], fill=colour)


def _programme(session: StudySession, _random: Random) -> Made:
    paper: Any = Document()
    paper.add_heading("Chương trình hội nghị", level=1)
    paper.add_paragraph(f"{session.title}, ngày {day_text(session.held_on)}")
    for line in (
        "Tuyên bố lý do, giới thiệu đại biểu",
        "Giới thiệu nội dung chuyên đề",
        "Trao đổi, thảo luận",
        "Kết luận",
    ):
        paper.add_paragraph(line, style="List Number")
    paper.add_paragraph("Văn bản minh họa của bản trình diễn.")
    out = io.BytesIO()
    paper.save(out)
    return "Chương trình hội nghị.docx", "", out.getvalue()


def _list(session: StudySession, random: Random) -> Made:
    columns = (Column("place", "Nơi ngồi", width=30), Column("present", "Số người", ColumnKind.COUNT))
    rows = [[f"Bàn số {number}", random.randint(4, 9)] for number in range(1, 9)]
    return "Sơ đồ chỗ ngồi.xlsx", "", write_sheet(columns, rows, title=session.title)


def _scan(session: StudySession, random: Random) -> Made:
    """A page that looks scanned, with lines for words: a paper of nobody."""
    page = Image.new("L", (827, 1169), 250)
    draw = ImageDraw.Draw(page)
    for left, right in ((110, 330), (480, 720)):
        for line in range(3):
            draw.rectangle([left + line * 18, 90 + line * 30, right - line * 18, 100 + line * 30], fill=70)
    draw.rectangle([280, 240, 550, 258], fill=50)
    for line in range(22):
        end = 720 if line % 5 else random.randint(300, 600)
        draw.rectangle([110, 320 + line * 30, end, 328 + line * 30], fill=110)
    out = io.BytesIO()
    page.rotate(0.6, fillcolor=245).save(out, format="PDF", resolution=100)
    return f"Biên bản ngày {_dashed(session.held_on)}.pdf", "Bản quét (minh họa)", out.getvalue()


def _dashed(day: date) -> str:
    return day_text(day).replace("/", "-")


_MADE: dict[str, Callable[[StudySession, Random], Made]] = {
    "hall": _hall,
    "house": _house,
    "village": _village,
    "programme": _programme,
    "list": _list,
    "scan": _scan,
}
