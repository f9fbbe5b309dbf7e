"""Addresses of reports, requests for them and their outlines."""

from django.urls import path

from langsen.reports.views import calls, editor, lists, outlines, pages, steps

app_name = "reports"

urlpatterns = [
    path("", lists.list_page, name="reports"),
    path("xuat-excel/", lists.excel, name="reports_excel"),
    path("lap/", lists.begin_page, name="begin"),
    path("<int:pk>/", pages.report_page, name="report"),
    path("<int:pk>/soan/", editor.edit_page, name="edit"),
    path("<int:pk>/trich-yeu/", steps.frame_page, name="frame"),
    path("<int:pk>/so-lieu/", editor.number, name="number"),
    path("<int:pk>/bao-cao.docx", pages.docx, name="docx"),
    path("<int:pk>/phu-luc.xlsx", pages.appendix, name="appendix"),
    path("<int:pk>/so-sanh/", pages.difference_page, name="difference"),
    path("<int:pk>/trinh-ky/", steps.submit_page, name="submit"),
    path("<int:pk>/ve-du-thao/", steps.take_back_page, name="take_back"),
    path("<int:pk>/phat-hanh/", steps.issue_page, name="issue"),
    path("<int:pk>/gui/", steps.send_page, name="send"),
    path("<int:pk>/tiep-nhan/", steps.receive, name="receive"),
    path("<int:pk>/de-nghi-bo-sung/", steps.ask_page, name="ask"),
    path("<int:pk>/tra-loi/<str:kind>/", steps.answer_page, name="answer"),
    path("<int:pk>/rut-ngan-ky/", steps.shorten_page, name="shorten"),
    path("<int:pk>/huy/", steps.cancel_page, name="cancel"),
    path("yeu-cau/", calls.list_page, name="calls"),
    path("yeu-cau/them/", calls.new_page, name="call_new"),
    path("yeu-cau/<int:pk>/", calls.call_page, name="call"),
    path("yeu-cau/<int:pk>/xuat-excel/", calls.excel, name="call_excel"),
    path("yeu-cau/<int:pk>/gia-han/", calls.extend_page, name="call_extend"),
    path("yeu-cau/<int:pk>/thu-hoi/", calls.withdraw_page, name="call_withdraw"),
    path("yeu-cau/<int:pk>/don-doc/", calls.nudge_unit, name="call_nudge"),
    path("de-cuong/", outlines.list_page, name="outlines"),
    path("de-cuong/them/", outlines.new_page, name="outline_new"),
    path("de-cuong/<int:pk>/", outlines.outline_page, name="outline"),
    path("de-cuong/<int:pk>/sua/", outlines.change_page, name="outline_change"),
    path("de-cuong/<int:pk>/ket-thuc/", outlines.end_page, name="outline_end"),
]
