"""Addresses of one's own account; sign-in, password, second step and sessions are django-allauth's."""

from django.urls import path

from langsen.foundation.accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.mine, name="mine"),
    path("khoa/<int:pk>/thu-hoi/", views.revoke, name="revoke_token"),
]
