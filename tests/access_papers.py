"""Rows of the access table for heads of documents, letterheads and own numbering, kept for the cell from above."""

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from langsen.foundation.accounts.services import system_user
from langsen.foundation.core.periods import today, year
from langsen.foundation.papers.queries import content_of, shipped_by_profile
from langsen.foundation.papers.services import open_book, reserve_number, save_head, upload_letterhead
from tests.access_roles import PAPER_KEEPERS, STRANGER, Row
from tests.evidence_samples import Sent


def papers_in(world: Mapping[str, Any]) -> dict[str, Any]:
    """Add a typed head, an own letterhead and a taken number of the cell."""
    by, cell, day = system_user(), world["cell"], today()
    head = save_head(cell, layout="party", from_on=day, own_line="CHI BỘ", org_code="CB", place="Bản Mới", by=by)
    content = content_of(shipped_by_profile("dang_05"))
    own_file = upload_letterhead(cell, layout="party", from_on=day, name="mau.docx", content=content, by=by)
    open_book(cell, layout="party", from_on=year(day.year).first, last_on=year(day.year).last, by=by)
    number = reserve_number(cell, layout="party", on=day, subject="Báo cáo", by=by)
    return {"paper_head": head, "paper_file": own_file, "paper_number": number}


_CELL = {"code": "{cell.code}", "layout": "party"}
_DAY = f"{today():%d/%m/%Y}"
_HEAD = {"own_line": "CHI BỘ", "org_code": "CB", "place": "Bản Mới", "from_on": _DAY}
_KEPT = {"allow": PAPER_KEEPERS}
_WORD_FILE = Sent((files("langsen.foundation.papers.letterheads") / "dang_05.docx").read_bytes(), "mau.docx")
PAPERS: list[Row] = [
    Row("papers:heads", allow=PAPER_KEEPERS | {STRANGER}, rest=403),
    Row("papers:shipped_file", {"profile": "dang_05"}),
    Row("papers:unit", {"code": "{cell.code}"}, **_KEPT),
    *(
        Row(f"papers:{page}", _CELL, **_KEPT)
        for page in ("head_edit", "preview", "file", "letterhead_upload", "numbers", "book_open", "number_reserve")
    ),
    Row("papers:head_edit", _CELL, "POST", _HEAD, **_KEPT),
    Row("papers:letterhead_upload", _CELL, "POST", {"upload": _WORD_FILE, "from_on": _DAY}, **_KEPT),
    Row("papers:book_open", _CELL | {"layout": "state"}, "POST", {"from_on": _DAY, "first_number": "1"}, **_KEPT),
    Row("papers:number_reserve", _CELL, "POST", {"on": _DAY, "subject": "Báo cáo"}, **_KEPT),
    Row("papers:own_file", {"pk": "{paper_file.pk}"}, **_KEPT),
    *(
        Row(f"papers:{page}", {"pk": pk}, method, data, **_KEPT)
        for page, pk, sent in (
            ("head_end", "{paper_head.pk}", {"last_on": _DAY}),
            ("letterhead_end", "{paper_file.pk}", {"last_on": _DAY}),
            ("number_void", "{paper_number.pk}", {"reason": "Ghi nhầm"}),
        )
        for method, data in (("GET", {}), ("POST", sent))
    ),
]
