from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "langsen.foundation.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from langsen.foundation.audit.words import register_verbs
        from langsen.foundation.notifications.enums import AUDIT_VERBS

        register_verbs(AUDIT_VERBS)
