"""The site with the style page, which exists for developers only."""

from django.urls import path

from langsen.config import views
from langsen.config.urls import urlpatterns as site

urlpatterns = [*site, path("style/", views.style_page)]
