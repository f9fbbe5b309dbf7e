"""The addresses of the question bank and of papers."""

from django.urls import URLPattern, URLResolver, include, path

from langsen.contests.quizzes.views import bank, files, papers, steps
from langsen.foundation.core.sheets import views as sheets
from langsen.foundation.core.sheets.paths import import_paths

app_name = "quizzes"

_FILES = {"kind_code": "question_files"}
_BANK: list[URLPattern | URLResolver] = [
    path("", bank.list_page, name="questions"),
    path("xuat/<slug:code>/", bank.export, name="export"),
    path("nhap-excel/", include(import_paths("questions", "questions"))),
    path("nhap-tep/", files.start, name="files_import"),
    path("nhap-tep/<int:pk>/", sheets.run_page, _FILES, name="files_import_run"),
    path("nhap-tep/<int:pk>/can-sua.xlsx", sheets.rejected, _FILES, name="files_import_rejected"),
    path("soan/", bank.add_page, name="add"),
    path("nhieu-cau/", steps.many, name="many"),
    path("danh-muc/", bank.categories_page, name="categories"),
    path("danh-muc/<int:pk>/", bank.rename_page, name="rename"),
    path("<int:pk>/", bank.question_page, name="question"),
    path("<int:pk>/sua/", bank.change_page, name="change"),
    path("<int:pk>/phien-ban/", bank.versions_page, name="versions"),
    path("<int:pk>/gui/", steps.send, name="send"),
    path("<int:pk>/duyet/", steps.check, name="check"),
    path("<int:pk>/tra-lai/", steps.give_back, name="give_back"),
    path("<int:pk>/ngung-dung/", steps.retire, name="retire"),
    path("<int:pk>/dung-lai/", steps.restore, name="restore"),
]
_PAPERS: list[URLPattern | URLResolver] = [
    path("", papers.papers_page, name="papers"),
    path("<int:number>/", papers.paper_page, name="paper"),
    path("<int:number>/cau-hoi/", papers.pick_page, name="pick"),
    path("<int:number>/de-mau/", papers.samples_page, name="samples"),
    path("<int:number>/chot/", papers.freeze_page, name="freeze"),
    path("<int:number>/sao-chep/", papers.copy_page, name="copy"),
]

urlpatterns = [
    path("ngan-hang-cau-hoi/", include(_BANK)),
    path("to-chuc-thi/<int:pk>/de-thi/", include(_PAPERS)),
]
