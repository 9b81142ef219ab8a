"""Making a store's complaint about Cypher one line with the place and what would fit.

Neo4j and ArcadeDB say the same things in different words and count columns from 1 and
from 0; both are read here, so a person sees one form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cypher.guard import place
from cypher.model import FUNCTIONS, KEYWORDS, LABELS, PROPERTY_NAMES, TYPES, nearest
from cypher.tokens import Token, Unreadable, tokenise

_NEO4J_PLACE = re.compile(r"\(line (\d+), column (\d+) \(offset: \d+\)\).*", re.S)
_ARCADE_PLACES = (
    re.compile(r"\s*(?:at|in) line (\d+):(\d+)\s*-?\s*"),
    re.compile(r"\s*at line (\d+), column (\d+).*", re.S),
)
_CAUSE = re.compile(r"\s*\(caused by .*", re.S)
_PREFIX = re.compile(
    r"^(?:Query failed: |Reading the result set failed: )?"
    r"(?:[a-z]+\.)+[A-Z]\w*(?:Exception|Error): "
)
_UNKNOWN_FUNCTION = re.compile(r"[Uu]nknown function '([^']+)'")
_UNDEFINED = re.compile(r"[Vv]ariable [`']([^`']+)[`'] not defined")
_INVALID = re.compile(r"(?:Invalid|Unexpected|mismatched|extraneous) input '([^']*)'")
_EXPECTED = re.compile(r":? expected .*", re.S)
_FULL_WIDTH = {
    "（": "(", "）": ")", "，": ",", "：": ":", "；": ";", "“": '"', "”": '"',
    "‘": "'", "’": "'", "【": "[", "】": "]", "。": ".", "｛": "{", "｝": "}",
}  # fmt: skip


@dataclass(frozen=True)
class Hint:
    """A name in a query that the graph does not know.

    `kind` is ``label``, ``type`` or ``property``; `start` counts characters.
    """

    kind: str
    name: str
    start: int
    nearest: tuple[str, ...]

    def message(self, text: str) -> str:
        """Say it in one line."""
        kind = "relationship type" if self.kind == "type" else self.kind
        known = {"label": LABELS, "type": TYPES, "property": PROPERTY_NAMES}[self.kind]
        near = (
            f"nearest: {', '.join(self.nearest)}"
            if self.nearest
            else (f"known: {', '.join(sorted(known))}")
        )
        return f"{place(text, self.start)}: the graph has no {kind} {self.name}; {near}"


def explained(message: str, text: str, parameters: Mapping[str, Any]) -> str:
    """Rewrite a store's message about `text` into one line with the place and a way on.

    Parameters
    ----------
    message : str
        What the store said.
    text : str
        The query that was sent.
    parameters : mapping
        What was given for its parameters.

    Examples
    --------
    >>> explained("Syntax error at line 1:10 - mismatched input 'RETRUN'",
    ...           "MATCH (n) RETRUN n", {})
    "line 1, column 11, at «RETRUN n»: unexpected 'RETRUN'; nearest: RETURN"
    """
    what, position = _locate(_CAUSE.sub("", _PREFIX.sub("", message.strip())), text)
    what, position, advice = _advise(what, position, text, parameters)
    where = ""
    if position is not None:
        after = text[position : position + 24].split("\n")[0].strip()
        where = (
            f"{place(text, position)}, at «{after}»: "
            if after
            else (f"{place(text, position)}, at the end: ")
        )
    return f"{where}{what}{'; ' + advice if advice else ''}"


def _locate(message: str, text: str) -> tuple[str, int | None]:
    """Split a message into what is wrong and the position in `text`, if it has one."""
    if match := _NEO4J_PLACE.search(message):
        rest = message[: match.start()]
        return _one_line(rest), _position(text, int(match[1]), int(match[2]))
    for pattern in _ARCADE_PLACES:
        if match := pattern.search(message):
            rest = message[: match.start()] + ": " + message[match.end() :]
            position = _position(text, int(match[1]), int(match[2]) + 1)
            return _one_line(rest.removeprefix("Syntax error: ").removesuffix(": ")), position
    return _one_line(message), None


def _one_line(message: str) -> str:
    return " ".join(message.split()).strip(" .:")


def _position(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _advise(
    what: str, position: int | None, text: str, parameters: Mapping[str, Any]
) -> tuple[str, int | None, str]:
    """Add the next step: the nearest keyword, function or variable."""
    if match := _UNKNOWN_FUNCTION.search(what):
        return (
            f"there is no function {match[1]}()",
            _find(text, match[1]) if position is None else position,
            _near(match[1], FUNCTIONS),
        )
    if match := _UNDEFINED.search(what):
        others = {t.name for t in _tokens(text) if t.kind == "word"} - {match[1]}
        others -= set(KEYWORDS) | set(LABELS) | set(TYPES) | set(FUNCTIONS)
        return (
            f"variable {match[1]} is not defined",
            _find(text, match[1], last=True) if position is None else position,
            _near(match[1], others) or "name it in MATCH or WITH first",
        )
    if "Expected parameter(s):" in what:
        names = what.rsplit("Expected parameter(s):", 1)[1].strip()
        given = ", ".join(parameters) or "none"
        first = names.split(",")[0].strip()
        return (
            f"no value for parameter {names} (given: {given})",
            _find(text, "$" + first),
            f"add --param {first}=...",
        )
    if position is not None and position < len(text) and text[position] in _FULL_WIDTH:
        wide = text[position]
        return f"full-width {wide}", position, f"Cypher wants {_FULL_WIDTH[wide]}"
    if match := _INVALID.search(what):
        found = match[1]
        near = _near(found, KEYWORDS) if found.upper() not in KEYWORDS else ""
        expected = _EXPECTED.search(what)
        shown = (
            f"unexpected {found!r}" if found and found != "<EOF>" else "the query stops too early"
        )
        if not near and expected and len(expected[0]) < 120:
            shown += f",{expected[0].removeprefix(':')}"
        return shown, position, near
    return what, position, ""


def _near(name: str, known: Iterable[str]) -> str:
    close = nearest(name, known)
    return f"nearest: {', '.join(close)}" if close else ""


def _tokens(text: str) -> list[Token]:
    try:
        return [t for t in tokenise(text) if t.kind != "comment"]
    except Unreadable:
        return []


def _find(text: str, name: str, *, last: bool = False) -> int | None:
    """Find a word or parameter of `text`; its only place, its first or its last."""
    starts = [t.start for t in _tokens(text) if t.text == name or t.name == name]
    return (starts[-1] if last else starts[0]) if starts else None


def is_whole(text: str) -> bool:
    """Say whether every string, name and comment of `text` ends.

    >>> is_whole("RETURN '甲"), is_whole("RETURN '甲'")
    (False, True)
    """
    try:
        tokenise(text)
    except Unreadable:
        return False
    return True


def unknown_names(text: str) -> list[Hint]:
    """List the labels, relationship types and properties that the data model lacks.

    A property counts only where it is read off a variable or set in a pattern; keys of maps
    that the query builds itself are left alone.

    Parameters
    ----------
    text : str
        A query that passed the guard.

    Examples
    --------
    >>> for hint in unknown_names("MATCH (n:Organisation)-[:IMPLEMENT]->(p) RETURN n.nmae"):
    ...     print(hint.kind, hint.name, hint.nearest)
    label Organisation ('Organization',)
    type IMPLEMENT ('IMPLEMENTS',)
    property nmae ('name',)
    """
    tokens = _tokens(text)
    hints: list[Hint] = []
    brackets: list[str] = []
    own_keys = {
        tokens[i].name
        for i in range(len(tokens) - 1)
        if tokens[i].kind in ("word", "quoted") and tokens[i + 1].text == ":"
    }
    projected = {
        tokens[i + 1].name for i in range(len(tokens) - 1) if tokens[i].keyword in ("AS", "YIELD")
    }
    for i, token in enumerate(tokens):
        if token.text in "([{":
            brackets.append(token.text)
        elif token.text in ")]}" and brackets:
            brackets.pop()
        elif token.kind in ("word", "quoted") and i:
            kind = _name_kind(tokens, i, brackets)
            known = {"label": LABELS, "type": TYPES, "property": PROPERTY_NAMES}.get(kind, ())
            if not kind or token.name in known:
                continue
            if kind == "property" and token.name in own_keys | projected:
                continue
            hints.append(Hint(kind, token.name, token.start, tuple(nearest(token.name, known))))
    return hints


def _name_kind(tokens: list[Token], i: int, brackets: list[str]) -> str:
    """Say what a name is in its place: ``label``, ``type``, ``property`` or nothing."""
    before = tokens[i - 1].text
    inside = brackets[-1] if brackets else ""
    if before == ":" and inside == "[" and _opens_relationship(tokens, i):
        return "type"
    if before == "|" and inside == "[" and _follows_type(tokens, i):
        return "type"
    if before == ":" and inside != "{" and inside != "[":
        return "label"
    called = i + 1 < len(tokens) and tokens[i + 1].text == "("
    if before == "." and i >= 2 and tokens[i - 2].kind == "word" and not called:
        dotted = i >= 3 and tokens[i - 3].text == "."
        return "" if dotted else "property"
    return ""


def _opens_relationship(tokens: list[Token], i: int) -> bool:
    """Say whether the ``:`` before token `i` stands in ``-[r:``."""
    j = i - 2
    if j >= 0 and tokens[j].kind in ("word", "quoted"):
        j -= 1
    return j >= 1 and tokens[j].text == "[" and tokens[j - 1].text in ("-", "<-")


def _follows_type(tokens: list[Token], i: int) -> bool:
    """Say whether the ``|`` before token `i` separates relationship types."""
    j = i - 1
    while j >= 1 and (tokens[j].text == "|" or tokens[j].kind in ("word", "quoted")):
        j -= 1
    return tokens[j].text == ":" and _opens_relationship(tokens, j + 1)
