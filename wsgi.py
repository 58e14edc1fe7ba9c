"""The WSGI application: `gunicorn wsgi:app`."""

import os

from evidence_service.app import create_app
from evidence_service.settings import Settings

app = create_app(Settings.from_env(os.environ))
