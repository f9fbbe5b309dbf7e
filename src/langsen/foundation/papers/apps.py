from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "langsen.foundation.papers"
    label = "papers"
    default_auto_field = "django.db.models.BigAutoField"
