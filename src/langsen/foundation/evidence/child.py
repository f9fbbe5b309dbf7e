"""The program that opens strangers' files, alone in its own process with little memory and time.

It knows nothing of Langsen. Jobs come as JSON on stdin: `[{"path", "picture", "thumbnail"}, …]`; for each one JSON line
goes out: `{"format", "width", "height"}`, or `{"fault": code, "about": …}`. A picture is drawn anew into `picture` and,
small, into `thumbnail`: nothing of the sent file but its colours goes on. Other files are only read.
"""

import io
import json
import re
import struct
import sys
import warnings
import zipfile
from pathlib import Path
from typing import IO, Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

HEAD, TAIL = 4096, 2048
MOST_PIXELS, LONGEST_SIDE, THUMBNAIL_SIDE = 80_000_000, 4096, 320
MOST_PARTS, MOST_UNPACKED, MOST_RATIO = 2_000, 200 * 1024 * 1024, 400
RATIO_FROM = 20 * 1024 * 1024  # below it even a very regular sheet is harmless
_CHUNK = 1024 * 1024
_TYPES = "[Content_Types].xml"
_MAIN = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_FOLDERS = {"docx": "word/", "xlsx": "xl/"}
_PROGRAM_PARTS = re.compile(r"vbaproject|macrosheets/|activex/|\.exe$|\.dll$|\.js$|\.vbs$|\.hta$", re.IGNORECASE)
_PDF_PROGRAM = re.compile(rb"/(?:JavaScript|Launch)(?![A-Za-z])")
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
_HEIF = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"}
# Offices meet these under every name; puremagic names the rest.
_KNOWN: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old"),
    (b"Rar!", "packed"),
    (b"7z\xbc\xaf\x27\x1c", "packed"),
    (b"\x1f\x8b", "packed"),
)
_PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|svg|script|\?xml|body|iframe)", re.IGNORECASE)


class Refused(Exception):
    """The file is not taken: a code, and what the code is about."""

    def __init__(self, code: str, about: str = "") -> None:
        super().__init__(code)
        self.code, self.about = code, about


def _limit(megabytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # not on Windows: there the time limit of the parent alone holds
        return
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look_at(job: dict[str, str]) -> dict[str, Any]:
    """Return what the file is; a picture is drawn anew on the way.

    Raises:
        Refused: it is none of the kinds kept, or hides something.
    """
    path = Path(job["path"])
    with path.open("rb") as file:
        head = file.read(HEAD)
        if head.startswith(_PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
            file.seek(0)
            return _picture(file, Path(job["picture"]), Path(job["thumbnail"]))
        if head.startswith(b"%PDF-"):
            return _pdf(path, file)
        if head.startswith(b"PK\x03\x04"):
            return _office(path, file)
    raise _unknown(head)


def _unknown(head: bytes) -> Refused:
    if head[4:8] == b"ftyp":
        return Refused("heic" if head[8:12] in _HEIF else "video")
    for start, code in _KNOWN:
        if head.startswith(start):
            return Refused(code)
    if _PAGE.search(head[:1024]):
        return Refused("page")
    import puremagic  # reads its tables on import, which good files need not wait for

    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        found = []
    return Refused("unknown", found[0].extension if found and found[0].confidence >= 0.5 else "")


def _picture(file: IO[bytes], target: Path, thumbnail: Path) -> dict[str, Any]:
    """Draw the picture anew: turned as it was held, in sRGB, without the camera's notes, place and serial number."""
    try:
        image: Image.Image = Image.open(file, formats=("JPEG", "PNG", "WEBP"))
        if image.width * image.height > MOST_PIXELS:
            raise Refused("pixels", str(image.width * image.height))
        is_png = image.format == "PNG"
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG far too large is read at a fraction of its size
        image.load()
        drawn = _plain(image, is_png)
    except Image.DecompressionBombError as error:
        raise Refused("pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, IndexError, struct.error) as error:
        raise Refused("broken_picture") from error
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    if is_png:
        drawn.save(target, format="PNG", optimize=False)
    else:
        drawn.save(target, format="JPEG", quality=88)
    small = _on_white(drawn)
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    small.save(thumbnail, format="JPEG", quality=80, optimize=True)
    return {"format": "png" if is_png else "jpg", "width": drawn.width, "height": drawn.height}


def _plain(image: Image.Image, keeps_alpha: bool) -> Image.Image:
    """The first frame as plain sRGB, upright; transparency stays in a PNG and becomes white elsewhere."""
    turned = ImageOps.exif_transpose(image)
    turned = _in_srgb(turned)
    has_alpha = turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info
    turned = turned.convert("RGBA" if has_alpha else "RGB")
    if has_alpha and not keeps_alpha:
        turned = _on_white(turned)
    clean = Image.new(turned.mode, turned.size)  # a new picture carries none of the old one's notes
    clean.paste(turned)
    return clean


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.copy()
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _in_srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):  # a profile that is damaged: the colours as they are
        return image
    return changed or image


def _pdf(path: Path, file: IO[bytes]) -> dict[str, Any]:
    size = path.stat().st_size
    file.seek(max(0, size - TAIL))
    if b"%%EOF" not in file.read():
        raise Refused("broken_paper")
    if zipfile.is_zipfile(path):
        raise Refused("two_in_one")
    file.seek(0)
    kept = b""
    while chunk := file.read(_CHUNK):
        if _PDF_PROGRAM.search(kept + chunk):
            raise Refused("pdf_program")
        kept = chunk[-16:]
    return {"format": "pdf"}


def _office(path: Path, file: IO[bytes]) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check_frame(archive, parts, path.stat().st_size)
            found = _main_part(archive, parts)
            _read_through(archive, parts)
            return {"format": found}
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError, KeyError) as error:
        raise Refused("broken_paper") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise Refused("broken_paper") from error


def _check_frame(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], size: int) -> None:
    """Nothing before, between or behind, and no more inside than a paper of an office holds."""
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise Refused("bomb")
    if unpacked > RATIO_FROM and unpacked > size * MOST_RATIO:
        raise Refused("bomb")
    if archive.comment or min((part.header_offset for part in parts), default=0) != 0:
        raise Refused("two_in_one")
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("password")
    if len({part.filename for part in parts}) != len(parts):
        raise Refused("two_in_one")


def _main_part(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> str:
    names = {part.filename for part in parts}
    if _TYPES not in names:
        raise Refused("packed")
    with archive.open(_TYPES) as part:
        types = part.read(_CHUNK)
    if b"macroEnabled" in types or b"vbaProject" in types or any(_PROGRAM_PARTS.search(name) for name in names):
        raise Refused("macros")
    found = [kind for content_type, kind in _MAIN.items() if content_type in types]
    if len(found) != 1 or not any(name.startswith(_FOLDERS[found[0]]) for name in names):
        raise Refused("office_other")
    for name in names:
        if name.endswith("settings.xml.rels"):
            with archive.open(name) as part:
                if b"attachedTemplate" in (rels := part.read(_CHUNK)) and b"External" in rels:
                    raise Refused("macros")
    return found[0]


def _read_through(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Every part unpacks to what its directory promised, with the right check sum."""
    left = MOST_UNPACKED
    for info in parts:
        with archive.open(info) as part:
            while chunk := part.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise Refused("bomb")


def main() -> int:
    megabytes, seconds = map(int, sys.argv[1:3])
    _limit(megabytes, seconds)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("ignore")
    for job in json.load(sys.stdin):
        try:
            verdict = look_at(job)
        except Refused as refused:
            verdict = {"fault": refused.code, "about": refused.about}
        except MemoryError:
            verdict = {"fault": "heavy"}
        sys.stdout.write(json.dumps(verdict) + "\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
