"""Addresses of communication outputs."""

from django.urls import include, path

from langsen.foundation.core.sheets.paths import import_paths
from langsen.foundation.evidence.paths import evidence_paths
from langsen.registers.communications import views
from langsen.registers.communications.evidence import OUTPUT_EVIDENCE

app_name = "communications"

urlpatterns = [
    path("", views.list_page, name="outputs"),
    path("xuat-excel/", views.excel, name="outputs_excel"),
    path("nhap/", include(import_paths("outputs", "outputs"))),
    path("ghi-nhan/", views.record_page, name="record"),
    path("<int:pk>/", views.output_page, name="output"),
    path("<int:pk>/sua/", views.change_page, name="change"),
    path("<int:pk>/huy/", views.cancel_page, name="cancel"),
    path("<int:pk>/khoi-phuc/", views.restore_page, name="restore"),
    path("<int:pk>/tai-lieu/", include(evidence_paths(OUTPUT_EVIDENCE))),
]
