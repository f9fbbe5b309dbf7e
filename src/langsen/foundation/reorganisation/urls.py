"""Addresses of organisations and units."""

from django.urls import path

from langsen.foundation.reorganisation import views

app_name = "orgs"

urlpatterns = [
    path("", views.tree, name="tree"),
    path("excel/", views.tree_excel, name="tree_excel"),
    path("<str:code>/", views.unit_page, name="unit"),
    path("<str:code>/thay-doi/<slug:operation>/", views.change, name="change"),
]
