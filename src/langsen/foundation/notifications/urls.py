"""Addresses of one's notices."""

from django.urls import path

from langsen.foundation.notifications import views

app_name = "notices"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("doc-het/", views.read_all, name="read_all"),
    path("thu/", views.mail, name="mail"),
    path("don-doc/", views.nudge, name="nudge"),
    path("<int:pk>/", views.open_notice, name="open"),
    path("<int:pk>/da-doc/", views.read, name="read"),
]
