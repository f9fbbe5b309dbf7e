"""A short invented document to show and to test a letterhead with."""

from datetime import date

from langsen.foundation.core.periods import today
from langsen.foundation.papers.enums import Layout
from langsen.foundation.papers.paper import AppendixTable, Block, Paper, Run
from langsen.foundation.papers.queries import Head

SIGNATORY = "Lò Thị Sen"
_SENTENCE = "Đã tổ chức 12 hội nghị quán triệt, học tập với 431 lượt người tham dự."
SAMPLE_TEXTS = (SIGNATORY, _SENTENCE, "Văn bản mẫu để xem thể thức")


def sample_paper(layout: str, *, head: Head | None = None, on: date | None = None, with_appendix: bool = True) -> Paper:
    """Return the sample on the lines of `head`, else on invented ones."""
    is_state = layout == Layout.STATE
    table = AppendixTable(
        "1. Số liệu mẫu", ("TT", "Nội dung", "Số liệu"), (("1", "Hội nghị quán triệt, học tập", "12"),)
    )
    return Paper(
        layout=layout,
        on=on or today(),
        superior_line=head.superior_line if head else "ĐẢNG BỘ TỈNH MƯỜNG SEN",
        own_line=head.own_line if head else "ĐẢNG ỦY XÃ BẢN MỚI",
        number="",
        code=head.code() if head else "BC-UBND" if is_state else "BC/ĐU",
        place=head.place if head else "Bản Mới",
        title="BÁO CÁO",
        subject="Văn bản mẫu để xem thể thức",
        body=(
            Block("heading", (Run("I. KẾT QUẢ" if is_state else "I- KẾT QUẢ"),)),
            Block("subheading", (Run("1. Về học tập"),)),
            Block("paragraph", (Run(_SENTENCE),)),
            Block("item", (Run("Chữ "), Run("đậm", bold=True), Run(", chữ "), Run("nghiêng", italic=True))),
            Block("paragraph", (Run("Nội dung kết thúc./." if is_state else "Nội dung kết thúc."),)),
        ),
        signed_for=head.signed_for if head else "T/M BAN THƯỜNG VỤ",
        signer_title=head.signer_title if head else "BÍ THƯ",
        signer_name=SIGNATORY,
        recipients=head.recipients if head else ("Cấp trên trực tiếp (báo cáo)", "Lưu Văn phòng"),
        appendix=(table,) if with_appendix else (),
    )
