"""Every address of the site; each app's own list is included here."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from langsen.config import views
from langsen.config.api import api_urls

handler400 = "langsen.foundation.core.web.bad_request"
handler403 = "langsen.foundation.core.web.permission_denied"
handler404 = "langsen.foundation.core.web.page_not_found"
handler500 = "langsen.foundation.core.web.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("co-chu/", views.set_text_size, name="set_text_size"),
    path("ngon-ngu/", login_not_required(set_language), name="set_language"),
    path("ngoai-mang/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("", include("langsen.office.urls")),
    path("tai-khoan/", include("langsen.foundation.accounts.urls")),
    path("tai-khoan/", include("langsen.config.account_urls")),
    path("to-chuc/", include("langsen.foundation.reorganisation.urls")),
    path("phan-quyen/", include("langsen.foundation.access.urls")),
    path("can-bo-dang-vien/", include("langsen.foundation.people.urls")),
    path("chuyen-de/", include("langsen.registers.programmes.urls")),
    path("", include("langsen.registers.study.urls")),
    path("tuyen-truyen/", include("langsen.registers.communications.urls")),
    path("so-lieu/", include("langsen.reporting.urls")),
    path("the-thuc/", include("langsen.foundation.papers.urls")),
    path("bao-cao/", include("langsen.reports.urls")),
    path("thong-bao/", include("langsen.foundation.notifications.urls")),
    path("", include("langsen.contests.contests.urls")),
    path("", include("langsen.contests.quizzes.urls")),
    path("", include("langsen.contests.arena.urls")),
    path("", include("langsen.contests.results.urls")),
    path("api/v1/", (api_urls(), "api", "api")),
]

if settings.DEBUG:
    urlpatterns.append(path("style/", views.style_page, name="style"))
