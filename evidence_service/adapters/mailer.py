"""Mail by SMTP: templates of templates/mail, words of the catalogue.

A mail's text leaves in one step (DATA), after the server has taken sender and receiver; `leaving`
is called just before it, so that a crash in any earlier step is known to have sent nothing.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import closing, contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from evidence_service.catalogue import say
from evidence_service.domain.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from evidence_service.ports import Mail
    from evidence_service.settings import SMTPSettings

TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"
TIMEOUT_S = 20
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_OK = 250


class SMTPMailer:
    def __init__(self, settings: SMTPSettings) -> None:
        self._url = urlsplit(settings.url)
        self._sender = settings.sender
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            undefined=StrictUndefined,
            autoescape=select_autoescape(("html",), default=False),
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def send(self, mail: Mail, *, leaving: Callable[[], None]) -> None:
        written = self._write(mail)
        try:
            with self._connected() as server:
                self._hand_over(server, written, mail.to, leaving)
        except (OSError, smtplib.SMTPException) as error:
            # The server's own words may repeat an address or a password: they stay out.
            raise Unavailable(problem=type(error).__name__) from error

    def _hand_over(
        self, server: smtplib.SMTP, mail: EmailMessage, to: str, leaving: Callable[[], None]
    ) -> None:
        for code, answer in (server.mail(self._sender), server.rcpt(to)):
            if code != _OK:
                raise smtplib.SMTPResponseException(code, answer)
        leaving()
        code, answer = server.data(mail.as_bytes(policy=SMTP))
        if code != _OK:
            raise smtplib.SMTPDataError(code, answer)
        # It is taken: whatever goes wrong with the goodbye must not have it sent again.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        host = self._url.hostname or ""
        if self._url.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, self._url.port or 465, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(host, self._url.port or 587, timeout=TIMEOUT_S)
        with closing(server):
            server.ehlo_or_helo_if_needed()
            self._secure(server, host)
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
            yield server

    def _secure(self, server: smtplib.SMTP, host: str) -> None:
        """TLS wherever there is some; beyond this machine nothing is said without it."""
        if isinstance(server, smtplib.SMTP_SSL):
            return
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif host not in LOOPBACK:
            raise smtplib.SMTPNotSupportedError("the server offers no STARTTLS")

    def _write(self, mail: Mail) -> EmailMessage:
        def t(key: str) -> str:
            return say(f"mail.{key}", mail.language, **mail.values)

        def part(name: str) -> str:
            template = self._templates.get_template(f"{mail.message}/{name}")
            return template.render(t=t, language=mail.language, **mail.values)

        written = EmailMessage()
        written["From"], written["To"] = self._sender, mail.to
        written["Subject"] = " ".join(part("subject.txt").split())
        written["Date"] = format_datetime(localtime())
        written["Message-ID"] = f"<{mail.id}@{self._sender.rpartition('@')[2]}>"
        written["Auto-Submitted"] = "auto-generated"
        written.set_content(part("text.txt"), cte="quoted-printable")
        written.add_alternative(part("html.html"), subtype="html", cte="quoted-printable")
        return written
