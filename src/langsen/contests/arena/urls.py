"""The one address of the arena among the pages; people sit their papers below `/thi/`, outside Django's."""

from django.urls import path

from langsen.contests.arena.views import preview_page

app_name = "arena"
urlpatterns = [path("to-chuc-thi/<int:pk>/de-thi/<int:number>/xem-thu/", preview_page, name="preview")]
