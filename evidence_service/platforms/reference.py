"""docs/platforms.md: what every built-in pack asks for and where that is written, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from evidence_service.domain.checklist import Requirement, Source
    from evidence_service.platforms.pack import Clock, Pack, Reason

COMMAND = "evidence rules docs > docs/platforms.md"
_HEAD = f"""\
# Platforms

Made from the rule packs by `{COMMAND}`: change a pack and run it again, never this file.

Levels: **required** (asked for, or the platform refuses without it), recommended, optional,
unspecified (named without a level). A source in *italics* is unconfirmed: no page or specification
of the platform's own says it. Sources without an address are rows of the facts drawn from the
client's documents.
"""
_ROW = "| {} |"


def reference(packs: Sequence[Pack]) -> str:
    """The whole page, with a newline at its end."""
    lines = [_HEAD, *_overview(packs)]
    for pack in packs:
        lines += ["", *_section(pack)]
    return "\n".join(lines) + "\n"


def _overview(packs: Sequence[Pack]) -> Iterator[str]:
    yield from _header(
        "platform", "id", "version", "reasons", "requirements", "unconfirmed", "sources"
    )
    totals = [0, 0, 0, 0]
    for pack in packs:
        counts = _counts(pack)
        totals = [total + count for total, count in zip(totals, counts, strict=True)]
        name = f"[{pack.name['en']}](#{pack.id})"
        yield _row(name, f"`{pack.id}`", pack.version, *map(str, counts))
    yield _row("**all**", str(len(packs)), "", *map(str, totals))


def _counts(pack: Pack) -> tuple[int, int, int, int]:
    """Reasons, requirements of all reasons, those nobody confirmed, and sources of all rules."""
    asked = [one for reason in pack.reasons for one in reason.requirements]
    unconfirmed = sum(not _is_confirmed(one.sources) for one in asked)
    return len(pack.reasons), len(asked), unconfirmed, len(_numbered(pack))


def _is_confirmed(sources: Iterable[Source]) -> bool:
    return any(source.verified for source in sources)


def _numbered(pack: Pack) -> dict[str, int]:
    """The pack's sources by their address, numbered as they are first cited."""
    holders = [
        sources
        for reason in pack.reasons
        for sources in (reason.sources, *(one.sources for one in reason.requirements))
    ]
    holders += [clock.sources for clock in pack.clocks]
    cited = dict.fromkeys(source.url for sources in holders for source in sources)
    return {url: number for number, url in enumerate(cited, start=1)}


def _section(pack: Pack) -> Iterator[str]:
    numbers = _numbered(pack)
    reasons, asked, unconfirmed, sources = _counts(pack)
    yield f'<a id="{pack.id}"></a>'
    yield ""
    yield f"## {pack.name['en']}"
    yield ""
    yield (
        f"`{pack.id}`, version {pack.version}: {reasons} reasons, {asked} requirements"
        f" ({unconfirmed} unconfirmed), {sources} sources. Bundles in `{pack.language}`."
    )
    yield ""
    yield from _header("reason", "requirement", "level", "accepts", "sources")
    for reason in pack.reasons:
        yield from _rows(reason, numbers)
    if pack.clocks:
        yield ""
        yield from _header("clock", "who", "term", "from", "sources")
        for clock in pack.clocks:
            yield _clock(clock, numbers)


def _clock(clock: Clock, numbers: dict[str, int]) -> str:
    upper = f" to {clock.amount_max}" if clock.amount_max else ""
    term = f"{clock.amount}{upper} {str(clock.unit).replace('_', ' ')}" if clock.amount else ""
    parts = [f"{_cell(clock.what['en'])} (`{clock.id}`)"]
    if clock.reasons:
        parts.append("for " + ", ".join(clock.reasons))
    if clock.when:
        parts.append(_condition(clock.when))
    if clock.differs_from:
        parts.append(f"differs from `{clock.differs_from}`: the shorter counts")
    given = f"given in `{clock.given_in}`" if clock.given_in else ""
    cited = _cited(clock.sources, numbers)
    return _row("<br>".join(parts), clock.actor, term or given, clock.starts, cited)


def _rows(reason: Reason, numbers: dict[str, int]) -> Iterator[str]:
    title = f"`{reason.code}`<br>{_cell(reason.title['en'])}"
    if not reason.requirements:
        yield _row(title, "none found", "", "", _cited(reason.sources, numbers))
    for place, one in enumerate(reason.requirements):
        level = f"**{one.level.value}**" if one.level.value == "required" else one.level.value
        cited = _cited(one.sources, numbers)
        yield _row("" if place else title, _asked(one), level, _accepted(one), cited)


def _asked(one: Requirement) -> str:
    """Its title and id, and when it is asked for."""
    parts = [f"{_cell(one.title['en'])} (`{one.id}`)"]
    if one.when:
        parts.append(_condition(one.when))
    if one.group:
        parts.append(f"any one of `{one.group}`")
    parts += [f"checked: {check.sort}" for check in one.checks]
    return "<br>".join(parts)


def _condition(when: Mapping[str, tuple[str, ...]]) -> str:
    return "if " + ", ".join(f"{name} = {' / '.join(v)}" for name, v in sorted(when.items()))


def _accepted(one: Requirement) -> str:
    count = f"{one.at_least} x " if one.at_least > 1 else ""
    takes = (" with ".join([a.kind.value, *sorted(a.facts)]) for a in one.accepts)
    return count + ", ".join(takes)


def _cited(sources: Iterable[Source], numbers: dict[str, int]) -> str:
    return ", ".join(_link(source, numbers[source.url]) for source in sources)


def _link(source: Source, number: int) -> str:
    is_address = source.url.startswith(("http://", "https://"))
    day = f", read {source.read_on}" if source.read_on else ""
    shown = f"[{number}]({source.url}){day}" if is_address else f"{source.url}{day}"
    return shown if source.verified else f"*{shown}*"


def _header(*names: str) -> Iterator[str]:
    yield _row(*names)
    yield _row(*("---" for _ in names))


def _row(*cells: str) -> str:
    return _ROW.format(" | ".join(cells))


def _cell(text: str) -> str:
    """Words without what would end a cell or begin a tag."""
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
