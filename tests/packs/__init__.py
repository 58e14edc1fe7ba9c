"""What the platforms were found to ask, a module of `ROWS` each: written from the facts alone."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """A reason, what it asks (! required, + recommended, ? optional, ~ unspecified), and two cases.

    `has` is a case that meets everything that applies; `lacks` is one that does not, and `gaps` is
    what that one comes to. An item is a kind, with its facts after slashes.
    """

    platform: str
    reason: str
    asks: str = ""
    has: str = ""
    lacks: str = ""
    gaps: dict = field(default_factory=dict)
    details: dict = field(default_factory=dict)

    @property
    def name(self):
        return f"{self.platform}-{self.reason}"
