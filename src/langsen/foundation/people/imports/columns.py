"""The columns of a roster file, ours and the names other lists give them.

The columns of the national electronic handbook's export are not published; the aliases are headings commonly used in
lists of Party members, and the person who imports maps the rest by example.
"""

from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.sheets.kinds import Column, ColumnKind

FULL_NAME = Column(
    "full_name",
    _("Full name"),
    required=True,
    limit=120,
    width=28,
    example="Lò Thị Mây",
    explanation=_("As on the person's papers, with accents."),
    aliases=(
        "Họ và tên",
        "Họ tên",
        "Họ và tên khai sinh",
        "Họ tên khai sinh",
        "Họ, chữ đệm và tên",
        "Họ và tên đảng viên",
        "Tên đảng viên",
        "Họ tên đảng viên",
    ),
)
BORN_ON = Column(
    "born_on",
    _("Date of birth"),
    ColumnKind.DAY_OR_YEAR,
    width=14,
    example="22/9/1983",
    explanation=_("Day, month and year; the year alone where nothing more is known."),
    aliases=(
        "Ngày sinh",
        "Ngày tháng năm sinh",
        "Ngày, tháng, năm sinh",
        "Năm sinh",
        "Sinh ngày",
        "Ngày/tháng/năm sinh",
    ),
)
SEX = Column(
    "sex",
    _("Sex"),
    limit=20,
    width=10,
    example="Nữ",
    explanation=_("Nam or Nữ."),
    aliases=("Giới tính", "GT", "Nam/Nữ", "Phái"),
)
UNIT = Column(
    "unit",
    _("Cell"),
    limit=200,
    width=30,
    example="Chi bộ bản Nà Sen",
    explanation=_("Name or code of the cell. May stay empty when the file is imported into one cell."),
    aliases=(
        "Chi bộ",
        "Đảng bộ/Chi bộ",
        "Chi bộ sinh hoạt",
        "Chi bộ đang sinh hoạt",
        "Tổ chức đảng",
        "Nơi sinh hoạt",
        "Đơn vị",
        "Mã chi bộ",
        "Mã đơn vị",
        "Unit",
    ),
)
JOINED_ON = Column(
    "joined_on",
    _("Joined the Party on"),
    ColumnKind.DAY,
    width=14,
    example="3/2/2015",
    explanation=_("The person belongs to the cell from this day, unless another first day is given."),
    aliases=("Ngày vào Đảng", "Ngày kết nạp", "Ngày kết nạp Đảng", "Ngày vào đảng dự bị", "Vào Đảng", "Kết nạp"),
)
OFFICIAL_ON = Column(
    "official_on",
    _("Full member since"),
    ColumnKind.DAY,
    width=14,
    example="3/2/2016",
    explanation=_("Empty for probationary members."),
    aliases=("Ngày chính thức", "Ngày công nhận chính thức", "Ngày vào Đảng chính thức", "Chính thức"),
)
POST = Column(
    "post",
    _("Post"),
    limit=120,
    width=24,
    example="Phó Bí thư chi bộ",
    explanation=_("The post held in this cell, if any."),
    aliases=("Chức vụ", "Chức vụ Đảng", "Chức vụ trong Đảng", "Chức danh"),
)
PERSON_CLASS = Column(
    "person_class",
    _("Class"),
    limit=60,
    width=20,
    example="Công chức",
    explanation=_("Only for lists that are not of Party members: cadre, civil servant, public employee, and so on."),
    aliases=("Đối tượng", "Diện", "Loại", "Nhóm đối tượng"),
    in_template=False,
)
FROM_ON = Column(
    "from_on",
    _("In this unit from"),
    ColumnKind.DAY,
    width=14,
    example="1/7/2025",
    explanation=_("The first day in this cell, if it is not the day of joining the Party."),
    aliases=("Ngày về chi bộ", "Ngày chuyển đến", "Từ ngày"),
    in_template=False,
)
SOURCE_KEY = Column(
    "source_key",
    _("Code in the handbook"),
    limit=80,
    width=18,
    explanation=_("The code the handbook's own export gives each person; with it people are recognised for certain."),
    aliases=("Mã đảng viên", "Mã hồ sơ", "Mã định danh hồ sơ"),
    in_template=False,
)

COLUMNS = (FULL_NAME, BORN_ON, SEX, UNIT, JOINED_ON, OFFICIAL_ON, POST, PERSON_CLASS, FROM_ON, SOURCE_KEY)
