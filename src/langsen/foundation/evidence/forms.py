"""The forms of attaching and taking off."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from langsen.foundation.evidence.rules import CAPTION_LENGTH, REASON_LENGTH

# Named one by one: an iPhone then sends JPEG instead of its own format.
PHOTOS = "image/jpeg,image/png,image/webp"
PAPERS = ".pdf,.docx,.xlsx"


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, also none; what each is and whether it may stay is for the use case to say."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:  # noqa: ARG002
        return [file for file in (data or []) if file]


class AttachForm(forms.Form):
    """Photos and papers, with one caption for all that are sent together."""

    use_required_attribute = False  # one of the two ways to choose is enough

    chosen = FilesField(
        label=_("Photos and papers"),
        widget=SeveralFiles(attrs={"accept": f"{PHOTOS},{PAPERS}"}),
        help_text=_("Photos (JPEG, PNG, WebP), PDF, Word, Excel. Several at once; hold Ctrl to choose more than one."),
    )
    camera = FilesField(
        label=_("Take a photo"),
        widget=SeveralFiles(attrs={"accept": PHOTOS, "capture": "environment", "data-choose": _("Open the camera")}),
    )
    caption = forms.CharField(
        label=_("Caption"),
        required=False,
        max_length=CAPTION_LENGTH,
        help_text=_("One for all you attach now, for example: View of the hall."),
    )
    is_signed_paper = forms.BooleanField(label=_("This is a scan of the signed paper"), required=False)

    def uploads(self) -> list["UploadedFile[Any]"]:
        """Return the files of a valid form, those of the camera last."""
        return [*self.cleaned_data["chosen"], *self.cleaned_data["camera"]]


class CaptionForm(forms.Form):
    """What stands below one file."""

    caption = forms.CharField(
        label=_("Caption"), required=False, max_length=CAPTION_LENGTH, help_text=_("Empty takes the caption away.")
    )


class DetachForm(forms.Form):
    """Why a file is taken off."""

    reason = forms.CharField(label=_("Why it is taken off"), max_length=REASON_LENGTH)
