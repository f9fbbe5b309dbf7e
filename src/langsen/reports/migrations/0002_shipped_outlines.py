"""The outlines an installation starts with: half-year, year, two years.

No official outline of these reports was found (state of May 2026): the headings are put together from published reports
of provinces and towns, the sentences are ours. Hence "mặc định, chỉnh được", and not verified; an office keeps its own.
A line in square brackets says what the office writes there itself; while it stands, its section is not complete.
"""

from datetime import date

from django.db import migrations
from django.db.backends.postgresql.psycopg_any import DateRange

FROM = date(2016, 5, 15)  # Directive 05-CT/TW, the first these reports are written on
SOURCE = (
    "Mặc định, chỉnh được: chưa tìm thấy đề cương chính thức; bố cục tổng hợp từ báo cáo đã công bố của các địa phương, "
    "câu chữ do phần mềm soạn"
)

SITUATION = """\
[Nêu khái quát đặc điểm, tình hình của {unit}: số tổ chức đảng trực thuộc, số đảng viên; thuận lợi, khó khăn tác động đến \
việc học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh {period}.]"""

LEADING = """\
## Ban hành văn bản lãnh đạo, chỉ đạo
[Nêu các văn bản đã ban hành (nghị quyết, kế hoạch, hướng dẫn, công văn), nội dung phân công trách nhiệm và thời hạn thực hiện.]
## Quán triệt, triển khai
Việc quán triệt, triển khai được thực hiện bằng nhiều hình thức. Số hội nghị quán triệt, học tập: {study.sessions}, gồm \
{study.sessions.in_person} hội nghị trực tiếp, {study.sessions.online} hội nghị trực tuyến và {study.sessions.hybrid} hội nghị \
trực tiếp kết hợp trực tuyến; số điểm cầu kết nối: {study.remote_points}.
## Chế độ báo cáo
Số đơn vị gửi báo cáo đúng hạn: {programmes.reports_on_time_rate:tử} trên {programmes.reports_on_time_rate:mẫu} đơn vị phải \
báo cáo."""

STUDYING = """\
## Về học tập
Trong kỳ báo cáo, {unit} đã tổ chức và chỉ đạo tổ chức {study.sessions} hội nghị quán triệt, học tập với \
{study.attendances} lượt người tham dự, trong đó: {study.attendances.members} lượt đảng viên; {study.attendances.officials} \
lượt cán bộ, công chức, viên chức, người lao động; {study.attendances.union_members} lượt đoàn viên, hội viên; \
{study.attendances.public} lượt người dân; {study.attendances.other} lượt thuộc thành phần khác.
Số lượt người dự hội nghị học tập trực tuyến tại các điểm cầu, kể cả hội nghị do cấp trên chủ trì: \
{study.online_attendances}. Tính riêng từng người, có {study.participants} người đã tham gia học tập (có danh sách).
Tỷ lệ cán bộ, đảng viên tham gia học tập chuyên đề: {study.participation_rate} ({study.participation_rate:tử} trên \
{study.participation_rate:mẫu} người thuộc diện phải học). Số người còn phải học bổ sung chuyên đề năm: \
{study.make_up_pending}.
"""

STUDYING_CELLS = """\
## Về sinh hoạt chi bộ
Số buổi sinh hoạt chuyên đề của các chi bộ: {study.thematic_meetings}. Số chi bộ đã sinh hoạt chuyên đề: \
{study.cells_thematic_rate:tử} trên {study.cells_thematic_rate:mẫu} chi bộ, tỷ lệ {study.cells_thematic_rate}. Số kỳ sinh hoạt thường \
kỳ có nội dung học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh: {study.regular_meetings}.
Số chuyến về nguồn, tham quan di tích lịch sử: {study.historic_trips}, với {study.historic_trip_people} lượt người tham gia.
"""

FOLLOWING = """\
## Về làm theo
[Nêu kết quả đăng ký, thực hiện việc làm theo của tập thể, cá nhân; khâu đột phá, vấn đề bức xúc đã giải quyết; mô hình, \
điển hình.]
"""

EXAMPLE = """\
## Về trách nhiệm nêu gương
[Nêu việc nêu gương của cán bộ, đảng viên, trước hết là người đứng đầu.]
"""

STANDARDS = """\
## Về chuẩn mực đạo đức cách mạng
[Nêu việc xây dựng, niêm yết, rà soát, bổ sung và thực hiện chuẩn mực đạo đức của cơ quan, đơn vị.]
"""

PUBLICITY = """\
## Về tuyên truyền
Số sản phẩm tuyên truyền đã thực hiện: {programmes.communication_outputs}, gồm {programmes.communication_outputs.column} chuyên \
mục, {programmes.communication_outputs.article} tin, bài, {programmes.communication_outputs.book} đầu sách, tài liệu, \
{programmes.communication_outputs.fanpage} bài trên trang mạng xã hội, {programmes.communication_outputs.panel} pa nô, khẩu \
hiệu và {programmes.communication_outputs.other} sản phẩm khác.
"""

INSPECTION = """\
## Về kiểm tra, giám sát
[Nêu số cuộc kiểm tra, giám sát, nội dung, hạn chế đã phát hiện và kết quả khắc phục.]
"""

REVIEWS = """\
## Về sơ kết, tổng kết, biểu dương, khen thưởng
Số hội nghị sơ kết, tổng kết, biểu dương do {unit} tổ chức: {study.review_conferences}.
[Nêu kết quả biểu dương, khen thưởng tập thể, cá nhân điển hình.]
"""

JUDGEMENT_SHORT = """\
## Ưu điểm
[Đánh giá những kết quả nổi bật trong kỳ.]
## Hạn chế, khuyết điểm và nguyên nhân
[Nêu rõ hạn chế, khuyết điểm; nguyên nhân khách quan, chủ quan.]"""

JUDGEMENT_LONG = """\
## Ưu điểm
[Đánh giá những kết quả nổi bật trong kỳ.]
## Hạn chế, khuyết điểm
[Nêu rõ hạn chế, khuyết điểm, địa chỉ cụ thể.]
## Nguyên nhân
[Nêu nguyên nhân của kết quả; nguyên nhân khách quan, chủ quan của hạn chế.]
## Bài học kinh nghiệm
[Rút ra bài học kinh nghiệm trong lãnh đạo, tổ chức thực hiện.]"""

AHEAD = "[Nêu phương hướng, nhiệm vụ trọng tâm thời gian tới, gắn với việc khắc phục hạn chế đã nêu.]"
ASKING = "[Nêu kiến nghị, đề xuất với cấp trên (nếu không có thì xóa dòng này).]"

RESULTS = STUDYING + FOLLOWING + EXAMPLE + STANDARDS + PUBLICITY + STUDYING_CELLS + INSPECTION + REVIEWS


def _sections(judgement):
    """heading, sentences, must be filled"""
    return [
        ("Tình hình, đặc điểm", SITUATION, True),
        ("Công tác lãnh đạo, chỉ đạo, quán triệt, triển khai", LEADING, True),
        ("Kết quả thực hiện", RESULTS.strip(), True),
        ("Đánh giá chung", judgement, True),
        ("Phương hướng, nhiệm vụ", AHEAD, True),
        ("Kiến nghị, đề xuất", ASKING, False),
    ]


# code, period, programme, days due after the period, names, subject, judgement
OUTLINES = [
    (
        "half-year", "half_year", None, 5,
        "Báo cáo 6 tháng", "Half-year report",
        "kết quả học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh {period}",
        JUDGEMENT_SHORT,
    ),
    (
        "year", "year", None, 10,
        "Báo cáo năm", "Year report",
        "kết quả học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh {period}",
        JUDGEMENT_LONG,
    ),
    (
        "two-year", "two_year", "kl-01", 15,
        "Báo cáo 2 năm thực hiện Kết luận 01-KL/TW", "Two-year report on Conclusion 01-KL/TW",
        "kết quả 2 năm thực hiện Kết luận số 01-KL/TW ngày 18/5/2021 của Bộ Chính trị về tiếp tục thực hiện "
        "Chỉ thị số 05-CT/TW về đẩy mạnh học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh",
        JUDGEMENT_LONG,
    ),
]

# Lines of the appendix; the marked ones also by unit.
FIGURES = [
    ("study.sessions", True),
    ("study.sessions.in_person", False),
    ("study.sessions.online", False),
    ("study.sessions.hybrid", False),
    ("study.attendances", True),
    ("study.attendances.members", False),
    ("study.attendances.officials", False),
    ("study.attendances.union_members", False),
    ("study.attendances.public", False),
    ("study.attendances.other", False),
    ("study.participants", False),
    ("study.participation_rate", True),
    ("study.online_attendances", False),
    ("study.remote_points", True),
    ("study.remote_points.study", False),
    ("study.remote_points.review", False),
    ("study.remote_points.other", False),
    ("study.review_conferences", False),
    ("study.thematic_meetings", True),
    ("study.cells_thematic_rate", True),
    ("study.regular_meetings", True),
    ("study.historic_trips", False),
    ("study.historic_trip_people", False),
    ("study.make_up_pending", True),
    ("programmes.communication_outputs", True),
    ("programmes.communication_outputs.column", False),
    ("programmes.communication_outputs.article", False),
    ("programmes.communication_outputs.book", False),
    ("programmes.communication_outputs.fanpage", False),
    ("programmes.communication_outputs.panel", False),
    ("programmes.communication_outputs.other", False),
    ("programmes.reports_on_time_rate", False),
]


def add(apps, schema_editor):
    Outline = apps.get_model("reports", "Outline")
    Section = apps.get_model("reports", "OutlineSection")
    Line = apps.get_model("reports", "OutlineFigure")
    programmes = {row.code: row for row in apps.get_model("programmes", "Programme").objects.all()}
    for code, cadence, programme, due, vi, en, subject, judgement in OUTLINES:
        outline = Outline.objects.create(
            code=code, cadence=cadence, programme=programmes[programme] if programme else None, layout="party",
            name_vi=vi, name_en=en, subject=subject, due_days=due, source=SOURCE, is_verified=False,
            during=DateRange(FROM, None),
        )
        for place, (heading, body, required) in enumerate(_sections(judgement), start=1):
            Section.objects.create(outline=outline, position=place, heading=heading, body=body, is_required=required)
        for place, (figure, by_unit) in enumerate(FIGURES, start=1):
            Line.objects.create(outline=outline, position=place, code=figure, by_unit=by_unit)


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("programmes", "0002_instruments")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
