"""Forms everybody may fill: a bundle to reckon again, an appeal."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class HeldFile:
    """An uploaded file that can be read from a place of its own for a moment."""

    def __init__(self, upload: "UploadedFile[Any]") -> None:
        self._upload = upload
        self.size = upload.size or 0

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """Give the file a place on the disk, taken away afterwards."""
        with NamedTemporaryFile(suffix=".zip") as kept:
            for chunk in self._upload.chunks():
                kept.write(chunk)
            kept.flush()
            yield Path(kept.name)


class BundleForm(forms.Form):
    """The bundle somebody has."""

    bundle = forms.FileField(label=_("Bundle of results (.zip)"))

    def clean_bundle(self) -> HeldFile:
        upload: Any = self.cleaned_data["bundle"]
        return HeldFile(upload)


class AppealForm(forms.Form):
    """What should be looked at again."""

    text = forms.CharField(
        label=_("What should be looked at again"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
