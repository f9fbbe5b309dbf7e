from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    name = "langsen.config.demo"
    label = "demo"

    def ready(self) -> None:
        from langsen.config.demo import LOADED
        from langsen.foundation.audit.words import register_verbs

        register_verbs({LOADED: _("loaded the demonstration")})
