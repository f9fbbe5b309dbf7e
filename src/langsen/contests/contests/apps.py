from django.apps import AppConfig


class ContestsConfig(AppConfig):
    name = "langsen.contests.contests"
    label = "contests"
    default_auto_field = "django.db.models.BigAutoField"
