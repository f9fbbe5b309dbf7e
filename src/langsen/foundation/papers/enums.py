"""Words of papers: layouts, states of a reserved number, and the verbs of the trail."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Layout(models.TextChoices):
    PARTY = "party", _("layout of Party documents")
    STATE = "state", _("layout of State documents")
