from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "langsen.foundation.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.accounts.enums import AUDIT_VERBS
        from langsen.foundation.audit.words import register_verbs

        register_verbs(AUDIT_VERBS)
