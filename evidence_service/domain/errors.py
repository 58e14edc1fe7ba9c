"""What is refused, and why. Only `http/errors.py` knows which status each becomes.

A refusal carries a stable `code` and `params`; its text in the reader's language stands in the
catalogue under `error.<code>`. The English text in `str(error)` is for logs and tests.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Refusal(Exception):  # noqa: N818 - a refusal is a fact, not an accident
    """A request that the service understood and declines."""

    code = "refused"

    def __init__(self, code: str | None = None, /, **params: object) -> None:
        self.code = code or self.code
        self.params: Mapping[str, object] = params
        super().__init__(self.code, params)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code}({details})" if details else self.code


class NotFound(Refusal):
    """There is no such thing, or the actor may not know of it."""

    code = "not_found"


class NotAllowed(Refusal):
    """The actor may see it but not do this."""

    code = "not_allowed"


class NotSignedIn(Refusal):
    """No valid sign-in came with the request."""

    code = "not_signed_in"


class WrongState(Refusal):
    """The step does not exist from the state the thing is in."""

    code = "wrong_state"


class StaleRevision(Refusal):
    """The caller decided on an older state of the case than the one that stands."""

    code = "stale_revision"


class PreconditionRequired(Refusal):
    """The change needs `If-Match` with the version it was decided on."""

    code = "precondition_required"


class TooLarge(Refusal):
    """The bytes are more than the limit, which `params["limit"]` holds in MB."""

    code = "too_large"

    def __init__(self, code: str, *, most_bytes: int) -> None:
        super().__init__(code, limit=most_bytes // 1_000_000)


class Unavailable(Refusal):
    """Something behind the service does not answer; trying again is right."""

    code = "unavailable"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field and what is wrong with it. `code` is in the catalogue under `field.<code>`."""

    field: str
    code: str
    detail: str
    params: Mapping[str, object] = dataclass_field(default_factory=dict)


class InvalidInput(Refusal):
    """One or more fields are wrong; nothing was changed."""

    code = "invalid_input"

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("invalid_input")
        self.errors = errors

    def __str__(self) -> str:
        return "; ".join(f"{e.field}: {e.detail}" for e in self.errors)


def invalid(field: str, code: str, detail: str) -> InvalidInput:
    return InvalidInput(FieldError(field, code, detail))
