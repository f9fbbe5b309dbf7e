"""Accounts of the people who work with Langsen, and the tokens of their programs."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from langsen.foundation.core.text import fold, person_sort_key

SYSTEM_USERNAME = "he-thong"


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=self.model.normalize_username(username).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. What it may do comes from dated grants alone; there is no standing superuser.

    `is_operator` lets a person open the time-limited, logged staff mode; `is_system` is the one account commands,
    imports at the machine and demo data act as; it cannot sign in.
    """

    username = models.CharField(_("user name"), max_length=60, unique=True)
    display_name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    is_operator = models.BooleanField(_("may open staff mode"), default=False)
    is_system = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    folded = models.CharField(max_length=200, editable=False, default="")
    sort_key = models.CharField(max_length=600, editable=False, default="")

    objects = UserManager()

    # In which capacity this person acts just now, when it is not the ordinary one; set by whatever gives that right.
    acting_note = ""

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("account")

    def __str__(self) -> str:
        return self.display_name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the keys that search and order use."""
        self.folded = f"{fold(self.display_name)} {self.username}"
        self.sort_key = person_sort_key(self.display_name)
        super().save(*args, **kwargs)

    @property
    def audit_name(self) -> str:
        name = f"{self.display_name} ({self.username})"
        return f"{name} ({self.acting_note})" if self.acting_note else name

    def get_short_name(self) -> str:
        return self.display_name or self.username


class ApiToken(models.Model):
    """A bearer token of a program that acts as a person; only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField(_("last day"))
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
