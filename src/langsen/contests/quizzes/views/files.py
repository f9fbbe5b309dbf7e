"""Sending a file of another program; its preview and import are the kit's pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from langsen.contests.quizzes.formats.reading import MAX_BYTES
from langsen.contests.quizzes.forms import QuestionFileForm
from langsen.contests.quizzes.imports import QuestionFilesImport, receive_file
from langsen.foundation.core.errors import NotAllowed
from langsen.foundation.core.models import ImportRun
from langsen.foundation.core.sheets.kinds import Context
from langsen.registers.kit import views as kit


@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the file; on POST read it and show what it holds."""
    kind, user = QuestionFilesImport(), kit.signed_in(request)
    targets = kind.targets(user, request.GET.get("unit", ""))
    if not targets:
        raise NotAllowed(_("You have not been given the right to import into any unit."))
    form = QuestionFileForm(request.POST or None, request.FILES or None, targets=targets)

    def receive() -> ImportRun:
        upload = form.cleaned_data["file"]
        content = upload.read(MAX_BYTES + 1)
        context = Context(user, int(form.cleaned_data["unit"]))
        return receive_file(content, form.cleaned_data["format"], name=upload.name, context=context)

    run = kit.attempt(form, receive)
    if run is not None:
        return redirect("quizzes:files_import_run", pk=run.pk)
    earlier = ImportRun.objects.filter(user_id=user.pk, kind=kind.code).order_by("-id")[:5]
    values = {
        "kind": kind,
        "earlier": [(one, reverse("quizzes:files_import_run", args=[one.pk])) for one in earlier],
        "back_href": reverse("quizzes:questions"),
    }
    return kit.draw(request, "quizzes/send_file.html", form, values)
