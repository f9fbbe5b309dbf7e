"""Each kind of file, good and bad, judged by its content; what is kept is clean or byte for byte."""

import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from langsen.foundation.evidence import child, inspection, rules
from langsen.foundation.evidence.inspection import Job, Verdict, inspect
from tests import evidence_samples as samples


@pytest.fixture
def look(tmp_path: Path):
    def look(*contents: bytes) -> list[Verdict]:
        jobs = []
        for number, content in enumerate(contents):
            path = tmp_path / f"in{number}"
            path.write_bytes(content)
            jobs.append(Job(path, tmp_path / f"picture{number}", tmp_path / f"small{number}"))
        return inspect(jobs)

    return look


def test_what_is_kept(look) -> None:
    found = look(
        samples.photo(),
        samples.drawn("PNG"),
        samples.drawn("WEBP"),
        samples.pdf(),
        samples.word(),
        samples.excel(),
    )
    assert [one.refusal for one in found] == [""] * 6
    assert [one.format for one in found] == ["jpg", "png", "jpg", "pdf", "docx", "xlsx"]


_ZIPPED = samples.office(types=False)
BAD = {
    "chương trình": b"MZ\x90\x00" + b"\0" * 400,
    "trang web hoặc bản vẽ": b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    "bản vẽ có thể chứa chương trình": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "HEIC": b"\0\0\0\x18ftypheic" + b"\0" * 200,
    "phim": b"\0\0\0\x18ftypisom" + b"\0" * 200,
    "Office đời cũ": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "tệp nén": _ZIPPED,
    "tệp nén.": b"Rar!\x1a\x07\x00" + b"\0" * 40,
    "macro": samples.office(samples.MACRO_MAIN),
    "macro.": samples.office(extra={"word/vbaProject.bin": b"vba"}),
    "macro..": samples.office(
        extra={"word/_rels/settings.xml.rels": b'<r Type="x/attachedTemplate" TargetMode="External"/>'}
    ),
    "không phải văn bản Word": samples.office("application/vnd.ms-powerpoint.presentation.main+xml", folder="ppt"),
    "chứa chương trình": samples.pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "giấu một tệp khác": samples.pdf() + _ZIPPED,
    "hỏng": samples.pdf()[:120],
    "hỏng.": samples.word()[:-40],
    "Ảnh này bị hỏng": samples.photo()[:3000],
    "Ảnh này bị hỏng.": b"\xff\xd8\xff" + b"khong phai anh" * 40,
    "triệu điểm ảnh": samples.huge_png(),
    "bung ra": samples.office(extra={"word/bomb.xml": b"\0" * (100 * 1024 * 1024)}),
}


@pytest.mark.parametrize("words", BAD)
def test_what_is_refused_says_why(look, words: str) -> None:
    verdict = look(BAD[words])[0]
    assert words.rstrip(".") in verdict.refusal


def test_an_unknown_kind_is_named(look) -> None:
    assert look(b"\0\x01\x02khong ai biet" * 50)[0].refusal


def test_what_the_camera_wrote_does_not_go_on(look, tmp_path: Path) -> None:
    sent = samples.photo(camera=True)
    assert samples.CAMERA.encode() in sent
    verdict = look(sent)[0]
    kept = (tmp_path / "picture0").read_bytes()
    with Image.open(io.BytesIO(kept)) as image:
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
        assert (image.width, image.height) == (480, 640) == (verdict.width, verdict.height)  # upright again
    for secret in (samples.CAMERA.encode(), b"GPS", b"bi mat cua may anh"):
        assert secret not in kept
    with Image.open(tmp_path / "small0") as small:
        assert (small.format, max(small.size), dict(small.getexif())) == ("JPEG", 320, {})


def test_what_hides_behind_a_picture_does_not_go_on(look, tmp_path: Path) -> None:
    hidden = samples.word() + b"<html><script>alert(1)</script></html>"
    assert look(samples.photo() + hidden)[0].format == "jpg"
    kept = (tmp_path / "picture0").read_bytes()
    assert b"script" not in kept
    assert not zipfile.is_zipfile(io.BytesIO(kept))


def test_colours_stay_when_their_profile_goes(look, tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    look(samples.photo(icc_profile=profile))
    with Image.open(tmp_path / "picture0") as image:
        red, green, blue = image.convert("RGB").getpixel((320, 20))
        assert "icc_profile" not in image.info
    assert abs(red - 0xA3) < 8 and abs(green - 0x1D) < 8 and abs(blue - 0x20) < 8


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "CMYK"), ("JPEG", "L"), ("WEBP", "RGBA")]
)
def test_every_way_of_keeping_colours_is_read(look, kind: str, mode: str) -> None:
    assert look(samples.drawn(kind, mode))[0].refusal == ""


@pytest.mark.slow
def test_a_file_that_ends_the_process_stops_no_other(look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "_MEGABYTES", 200)  # too little for a large picture, enough for a small one
    found = look(samples.photo(), samples.drawn("PNG"), _large(), samples.pdf())
    assert [bool(one.refusal) for one in found] == [False, False, True, False]


def _large() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (9000, 8000), "#a31d20").save(out, format="PNG")
    return out.getvalue()


def test_papers_are_only_read(look, tmp_path: Path) -> None:
    sent = samples.word()
    look(sent)
    assert hashlib.sha256((tmp_path / "in0").read_bytes()).digest() == hashlib.sha256(sent).digest()
    assert not (tmp_path / "picture0").exists()


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Lan\\hội nghị.pdf", "hội nghị.pdf"),
        ("anh\u0000\u202egpj.exe", "anhgpj.exe"),
        ("Hội nghị tháng 5.jpg", "Hội nghị tháng 5.jpg"),
        ("...", "tệp không tên"),
        ("", "tệp không tên"),
    ],
)
def test_names_are_cleaned(sent: str, shown: str) -> None:
    assert rules.clean_name(sent) == shown


def test_a_name_of_three_hundred_letters_keeps_its_ending() -> None:
    name = rules.clean_name("ă" * 300 + ".docx")
    assert len(name) <= rules.NAME_LENGTH
    assert name.endswith("….docx")


@pytest.mark.parametrize(
    "text",
    [
        "Công văn TUYỆT MẬT.pdf",
        "công văn tối mật.pdf",
        "TỐI_MẬT-12.docx",
        "CV 12 MẬT.pdf",
        "CV12_mật.pdf",
        "(Mật) kế hoạch.docx",
        "bao cao tuyet_mat.pdf",
        "TO\u0302\u0301I MA\u0323\u0302T.pdf",
    ],
)
def test_names_of_classified_papers_are_refused(text: str) -> None:
    assert rules.secrecy_stamp(text)
    with pytest.raises(rules.BadInput, match="tài liệu mật"):
        rules.refuse_secret(text)


@pytest.mark.parametrize(
    "text",
    ["HỘI NGHỊ BẢO VỆ BÍ MẬT NHÀ NƯỚC.docx", "nuôi ong lấy mật.jpg", "MẬT ONG bản Nậm Cáy.jpg", "mật độ dân cư.xlsx",
     "Thân mật gặp gỡ.jpg", "mặt trận.pdf", "tối mắt.pdf"],
)  # fmt: skip
def test_ordinary_words_are_not(text: str) -> None:
    assert rules.secrecy_stamp(text) == ""


def test_limits_of_the_child_are_those_of_the_words() -> None:
    assert child.MOST_PIXELS // 1_000_000 == 80
