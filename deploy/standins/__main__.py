"""`python -m deploy.standins`: web app and mail server in one process, for work on a service."""

from __future__ import annotations

import os
import sys

from werkzeug.serving import make_server

from deploy.standins.app import create_app
from deploy.standins.client_keys import ensure_client_keys
from deploy.standins.national_worker import NationalWorker
from deploy.standins.parts import build
from deploy.standins.settings import StandinSettings
from deploy.standins.smtp import mail_server


def main() -> int:
    """Run until interrupted."""
    settings = StandinSettings.from_env(os.environ)
    ensure_client_keys(settings.keys)
    made = build(settings)
    mail = mail_server(made)
    mail.start()
    national = NationalWorker(made)
    national.start()
    web = make_server("127.0.0.1", settings.port, create_app(settings, parts=made), threaded=True)
    sys.stdout.write(f"Stand-ins on port {settings.port}, mail on port {settings.smtp_port}.\n")
    try:
        web.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        national.stop()
        mail.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
