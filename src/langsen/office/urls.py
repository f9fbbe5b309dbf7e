"""Addresses of the desk and of what is not one register's."""

from django.urls import path

from langsen.office import views

app_name = "office"

urlpatterns = [
    path("", views.desk, name="desk"),
    path("viec-can-lam/", views.all_todos, name="todos"),
    path("cham-trien-khai/", views.slow, name="slow"),
    path("tim-kiem/", views.search, name="search"),
    path("toi/", views.me, name="me"),
    path("nhat-ky/", views.audit_log, name="audit_log"),
    path("nhat-ky/excel/", views.audit_log_excel, name="audit_log_excel"),
]
