"""The WSGI application the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from langsen.config.wsgi_front import BEHIND_FRONT, Application, told_by_front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "langsen.config.settings")

application: Application = get_wsgi_application()
if os.environ.get(BEHIND_FRONT):
    application = told_by_front(application)
