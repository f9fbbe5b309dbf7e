"""Addresses of the study register."""

from django.urls import include, path

from langsen.foundation.core.sheets.paths import import_paths
from langsen.foundation.evidence.paths import evidence_paths
from langsen.registers.study.evidence import SESSION_EVIDENCE
from langsen.registers.study.views import make_up, points, record, sessions

app_name = "study"

urlpatterns = [
    path("hoi-nghi/", sessions.list_page, name="sessions"),
    path("hoi-nghi/xuat-excel/", sessions.excel, name="sessions_excel"),
    path("hoi-nghi/nhap/", include(import_paths("sessions", "sessions"))),
    path("hoi-nghi/ghi-nhan/", record.record_page, name="record"),
    path("hoi-nghi/them/", record.new_page, name="new"),
    path("hoi-nghi/<int:pk>/", sessions.session_page, name="session"),
    path("hoi-nghi/<int:pk>/sua/", sessions.change_page, name="change"),
    path("hoi-nghi/<int:pk>/don-vi-to-chuc/", sessions.organiser_page, name="organiser"),
    path("hoi-nghi/<int:pk>/da-to-chuc/", sessions.hold_page, name="hold"),
    path("hoi-nghi/<int:pk>/huy/", sessions.cancel_page, name="cancel"),
    path("hoi-nghi/<int:pk>/khoi-phuc/", sessions.restore_page, name="restore"),
    path("hoi-nghi/<int:pk>/diem-cau/", points.add_page, name="add_points"),
    path("hoi-nghi/<int:pk>/tai-lieu/", include(evidence_paths(SESSION_EVIDENCE))),
    path("diem-cau/", points.list_page, name="points"),
    path("diem-cau/<int:pk>/so-nguoi/", points.numbers_page, name="point_numbers"),
    path("diem-cau/<int:pk>/danh-sach/", points.roll_page, name="point_roll"),
    path("diem-cau/<int:pk>/sua/", points.change_page, name="point_change"),
    path("diem-cau/<int:pk>/bo/", points.remove, name="point_remove"),
    path("diem-cau/<int:pk>/ma/", points.code_page, name="point_code"),
    path("diem-cau/<int:pk>/ma.svg", points.code_image, name="point_code_image"),
    path("diem-danh/", points.enter_code_page, name="enter_code"),
    path("diem-danh/<str:code>/", points.check_in_page, name="check_in"),
    path("hoc-bo-sung/", make_up.page, name="make_up"),
    path("hoc-bo-sung/xuat-excel/", make_up.excel, name="make_up_excel"),
]
