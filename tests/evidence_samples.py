"""Good and bad files to attach, all made by code."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"
CAMERA, LATITUDE, TURNED = "Máy ảnh của đồng chí Lù", (22.0, 23.0, 24.0), 6


def upload(content: bytes, name: str = "anh.jpg") -> SimpleUploadedFile:
    """Return what a browser sends. The name is kept as given, folders and all."""
    file = SimpleUploadedFile("x", content)
    file._name = name  # type: ignore[attr-defined]  # the setter would tidy it
    return file


def picture(width: int = 640, height: int = 480, colour: str = "#a31d20") -> Image.Image:
    """A hall: a red curtain with a line of heads."""
    image = Image.new("RGB", (width, height), colour)
    draw = ImageDraw.Draw(image)
    for place in range(0, width, max(1, width // 8)):
        draw.ellipse([place, height * 0.6, place + width // 10, height * 0.8], fill="#333333")
    return image


def photo(width: int = 640, height: int = 480, *, camera: bool = False, **options: Any) -> bytes:
    """A JPEG; with `camera` it says where and by what it was taken, and that it was held turned."""
    image = picture(width, height)
    if camera:
        notes = image.getexif()
        notes[0x0112], notes[0x010F] = TURNED, CAMERA.encode()
        place = notes.get_ifd(0x8825)
        place[1], place[2] = "N", LATITUDE
        options["exif"] = notes
        options["comment"] = b"bi mat cua may anh"
    out = io.BytesIO()
    image.save(out, format="JPEG", quality=92, **options)
    return out.getvalue()


def drawn(kind: str, mode: str = "RGB") -> bytes:
    """The hall as a picture of another kind."""
    out = io.BytesIO()
    picture(320, 200).convert(mode).save(out, format=kind)
    return out.getvalue()


def huge_png(side: int = 30_000) -> bytes:
    """A PNG of a few hundred bytes whose head promises `side` times `side` points."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def pdf(extra: bytes = b"") -> bytes:
    """A PDF of one empty page; `extra` goes into its catalogue."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R " + extra + b" >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 4\n0000000000 65535 f \n" + table
    return out + b"trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


def office(
    main: str = WORD_MAIN, extra: Mapping[str, bytes] | None = None, *, folder: str = "word", types: bool = True
) -> bytes:
    """A Word or Excel file as small as it may be, with more parts if asked."""
    part = f"/{folder}/main.xml"
    parts: dict[str, bytes] = {}
    if types:
        parts["[Content_Types].xml"] = (
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="{part}" ContentType="{main}"/></Types>'
        ).encode()
    parts[part[1:]] = b"<x/>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | dict(extra or {})).items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # the same bytes every time
    return out.getvalue()


def word() -> bytes:
    return office()


def excel() -> bytes:
    return office(EXCEL_MAIN, folder="xl")


class Sent:
    """A file of the test client that can be sent again and again."""

    def __init__(self, content: bytes, name: str) -> None:
        self.content, self.name = content, name

    def read(self) -> bytes:
        return self.content
