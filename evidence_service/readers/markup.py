"""Other people's HTML as a tree and as plain text. Nothing in it is ever fetched, run or shown.

A tag that never ends is kept as text: looking for its end again and again, as `HTMLParser.close`
does, takes time in the square of the length.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905 - a list of words
)
_SILENT = frozenset({"head", "script", "style", "template", "title"})
_BLOCKS = frozenset(
    "address article aside blockquote dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "  # noqa: SIM905 - a list of words
    "header hr li main nav ol p pre section table tbody td th thead tr ul".split()
)
_EDGE = "\0"
_DEEPEST = 500


@dataclass(slots=True)
class Node:
    """An element: its name, its attributes, and what stands in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def has(self, *classes: str) -> bool:
        """Whether the element bears every one of the classes."""
        return set(classes) <= set(self.attributes.get("class", "").split())

    def find(self, *classes: str) -> Iterator[Node]:
        """The elements inside that bear the classes, in the order of the document.

        What stands inside one of them is part of it and not looked at: so the time stays linear.
        """
        todo: list[Node] = [self]
        while todo:
            node = todo.pop()
            if node is not self and node.has(*classes):
                yield node
            else:
                todo += [child for child in reversed(node.children) if isinstance(child, Node)]

    def links(self) -> Iterator[str]:
        """The addresses that the elements inside lead to, in the order of the document."""
        todo: list[Node] = [self]
        while todo:
            node = todo.pop()
            if address := node.attributes.get("href"):
                yield address
            todo += [child for child in reversed(node.children) if isinstance(child, Node)]

    def text_of(self, *classes: str) -> str:
        """The text of the first element inside that bears the classes, or nothing."""
        return next((node.text() for node in self.find(*classes)), "")

    def text(self) -> str:
        """What a person reads: blanks as HTML counts them, a line for each block."""
        return _tidy("".join(self._pieces()))

    def _pieces(self) -> Iterator[str]:
        todo: list[Node | str] = [self]
        while todo:
            one = todo.pop()
            if isinstance(one, str):
                yield one
            elif one.tag == "br":
                yield "\n"
            elif one.tag not in _SILENT:
                edge = [_EDGE] if one.tag in _BLOCKS else []
                todo += [*edge, *reversed(one.children), *edge]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("")
        self._open = [self.root]
        self._open_tags: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID and len(self._open) < _DEEPEST:
            self._open.append(node)
            self._open_tags[tag] += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)

    def handle_endtag(self, tag: str) -> None:
        closed = "" if self._open_tags[tag] else tag
        while closed != tag:
            closed = self._open.pop().tag
            self._open_tags[closed] -= 1

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data.replace("\n", " ").replace(_EDGE, " "))


def parse(html: str) -> Node:
    builder = _Builder()
    builder.feed(html)
    builder.handle_data(unescape(builder.rawdata))
    return builder.root


def text_of(html: str) -> str:
    """The text of a fragment, as `Node.text`."""
    return parse(html).text() if "<" in html or "&" in html else html.strip()


def _tidy(text: str) -> str:
    blocks = (
        "\n".join(" ".join(line.split()) for line in part.split("\n")) for part in text.split(_EDGE)
    )
    return "\n".join(block for block in (one.strip("\n") for one in blocks) if block)
