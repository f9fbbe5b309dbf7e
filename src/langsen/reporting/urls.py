"""Addresses of the pages of figures."""

from django.urls import path

from langsen.reporting import views

app_name = "figures"

urlpatterns = [
    path("", views.page, name="page"),
    path("danh-sach/", views.behind_number, name="list"),
    path("excel/", views.page_excel, name="excel"),
    path("danh-sach/excel/", views.list_excel, name="list_excel"),
]
