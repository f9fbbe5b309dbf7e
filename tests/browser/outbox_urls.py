"""One recording page, as small as can be, to try the outbox on."""

from django import forms
from django.core.validators import MinLengthValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import path

from langsen.config.urls import urlpatterns as site
from langsen.foundation.accounts.models import User
from langsen.foundation.core.receipts import receipted

PAGE = """{% extends "shell.html" %}
{% block title %}Ghi nhận{% endblock title %}
{% block content %}
  {% page_head title="Ghi nhận" %}{% endpage_head %}
  <form method="post" {% outbox "test.record" %}>
    {% csrf_token %}{% client_id %}{% form_errors form %}{% fields form %}
    {% foot %}<button class="btn btn-primary">Lưu</button>{% endfoot %}
  </form>
{% endblock content %}"""


class RecordForm(forms.Form):
    title = forms.CharField(label="Nội dung", validators=[MinLengthValidator(4, "Đồng chí ghi rõ hơn.")])


@receipted("test.record")
def record(request: HttpRequest) -> HttpResponse:
    """Records an account named by the form, so that a test can count what arrived."""
    form = RecordForm(request.POST or None)
    if form.is_valid():
        User.objects.create_user(f"ghi-{User.objects.count()}", display_name=form.cleaned_data["title"])
        return redirect("/xong/")
    page = engines["django"].from_string(PAGE).render({"form": form}, request)
    return HttpResponse(page, status=422 if form.is_bound else 200)


def done(request: HttpRequest) -> HttpResponse:
    page = '{% extends "shell.html" %}{% block content %}<h1>Xong</h1>{% endblock content %}'
    return HttpResponse(engines["django"].from_string(page).render({}, request))


urlpatterns = [*site, path("ghi/", record), path("xong/", done)]
