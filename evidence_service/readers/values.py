"""Other people's JSON and XML, looked into without trust: what is missing or odd is none.

XML becomes the same plain values as JSON (`plain`), so that one reader can serve both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from xml.etree import ElementTree as ET

# The name under which an element's own text stands beside its attributes or children.
TEXT = ""


def dig(value: Any, *path: str) -> Any:
    """What stands at the end of the path of names, or None."""
    for name in path:
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def text(value: Any, *path: str) -> str:
    """The words or the number at the path, without blanks around; "" for anything else."""
    found = dig(value, *path)
    if isinstance(found, dict):
        found = found.get(TEXT)
    return "" if found is None or isinstance(found, (dict, list)) else str(found).strip()


def items(value: Any, *path: str) -> list[dict[str, Any]]:
    """The objects of the list at the path; a single object counts as a list of one."""
    found = dig(value, *path)
    if isinstance(found, dict):
        return [found]
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def texts(value: Any, *path: str) -> list[str]:
    """The words of the list at the path; a single one counts as a list of one."""
    found = dig(value, *path)
    many = found if isinstance(found, list) else [found]
    return [words for words in (text(one) for one in many) if words]


def joined(*parts: str, by: str = ", ") -> str:
    """What there is of the parts."""
    return by.join(part for part in parts if part)


def records(value: Any, marks: frozenset[str], *envelopes: str) -> list[dict[str, Any]]:
    """The objects that have every mark: the value itself, those of a list, or in an envelope.

    Args:
        value: a parsed JSON value.
        marks: names that an object of the format always has.
        envelopes: names under which such objects, lists or other envelopes may stand.
    """
    if isinstance(value, list):
        return [found for one in value for found in records(one, marks, *envelopes)]
    if not isinstance(value, dict):
        return []
    if value.keys() >= marks:
        return [value]
    return [found for name in envelopes for found in records(value.get(name), marks, *envelopes)]


def local_name(element: ET.Element) -> str:
    """The element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def elements(root: ET.Element, name: str) -> list[Any]:
    """The elements of this name, at any depth, as plain values."""
    return [plain(element) for element in root.iter() if local_name(element) == name]


def plain(element: ET.Element) -> Any:
    """Text for a bare element, else an object of its attributes and children (lists of equals)."""
    words = (element.text or "").strip()
    if not len(element) and not element.attrib:
        return words
    found: dict[str, Any] = {TEXT: words} if words else {}
    for name, value in element.attrib.items():
        found[name.rpartition("}")[2]] = value
    for name, values in _by_name(element).items():
        found[name] = values[0] if len(values) == 1 else values
    return found


def _by_name(children: Iterable[ET.Element]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for child in children:
        grouped.setdefault(local_name(child), []).append(plain(child))
    return grouped
