"""Addresses of organisations and units."""

from django.urls import include, path

from langsen.foundation.core.sheets.paths import import_paths
from langsen.foundation.reorganisation import views

app_name = "orgs"

urlpatterns = [
    path("", views.tree, name="tree"),
    path("excel/", views.tree_excel, name="tree_excel"),
    path("nhap/", include(import_paths("orgs", "units"))),
    path("<str:code>/", views.unit_page, name="unit"),
    path("<str:code>/thay-doi/<slug:operation>/", views.change, name="change"),
]
