"""Addresses of programmes and themes."""

from django.urls import path

from langsen.registers.programmes import views

app_name = "programmes"

urlpatterns = [
    path("", views.themes_page, name="themes"),
    path("them/", views.add_page, name="theme_add"),
    path("<slug:code>/", views.theme_page, name="theme"),
    path("<slug:code>/sua/", views.change_page, name="theme_change"),
]
