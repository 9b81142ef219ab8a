"""Cutting Cypher into tokens, so that words in strings and comments count for nothing.

The rules are those of openCypher 9 and of Neo4j 5's grammar: strings in ``'`` or ``"``
with backslash escapes, names in backticks with ````` `` ````` for one backtick, ``//`` and
``/* */`` comments, and ``\\uXXXX``, which Neo4j translates before it reads anything else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_ESCAPE = re.compile(r"\\u+([0-9A-Fa-f]{4})")
_ESCAPE_OR_PAIR = re.compile(r"\\(?:u+([0-9A-Fa-f]{4})|(.))", re.S)
_NUMBER = re.compile(
    r"0[xX][0-9A-Fa-f_]+|0[oO][0-7_]+|(?:\d[\d_]*)?(?:\.\d[\d_]*)?(?:[eE][+-]?\d+)?"
)
_LINE_ENDS = frozenset("\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_PAIRS = ("..", "=~", "<=", ">=", "<>", "->", "<-", "+=", "||", "::")


class Unreadable(ValueError):
    """The text cannot be cut into tokens, or engines may cut it differently."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position


@dataclass(frozen=True)
class Token:
    """A piece of a query.

    `kind` is ``word``, ``quoted`` (a name in backticks), ``string``, ``number``,
    ``parameter``, ``comment`` or ``mark``; `start` counts characters.
    """

    kind: str
    text: str
    start: int

    @property
    def keyword(self) -> str:
        """The word as a keyword (upper case, compatibility forms folded), or ``""``."""
        if self.kind != "word":
            return ""
        return unicodedata.normalize("NFKC", self.text).casefold().upper()

    @property
    def name(self) -> str:
        """The word or the quoted name without its backticks."""
        if self.kind != "quoted":
            return self.text
        return self.text[1:-1].replace("``", "`")


def tidy(query: str) -> str:
    """Drop a byte order mark and make every line end ``\\n``.

    A lone carriage return ends a comment for one engine and not for another, so none is
    ever sent.
    """
    return query.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def readings(text: str) -> list[str]:
    """List the ways in which an engine may read the Unicode escapes of `text`.

    Examples
    --------
    >>> readings("MATCH (n) RETURN n")
    ['MATCH (n) RETURN n']
    >>> readings("\\\\u0043REATE (n)")
    ['CREATE (n)', '\\\\u0043REATE (n)']
    """

    def character(match: re.Match[str]) -> str:
        return chr(int(match[1], 16))

    def outside_pairs(match: re.Match[str]) -> str:
        return match[0] if match[1] is None else chr(int(match[1], 16))

    found = [text]
    if "\\u" in text:
        found += [_ESCAPE_OR_PAIR.sub(outside_pairs, text), _ESCAPE.sub(character, text)]
        while (further := _ESCAPE.sub(character, found[-1])) != found[-1]:
            found.append(further)
    # The furthest translated first: its words are the ones that a refusal should name.
    return list(dict.fromkeys(tidy(reading) for reading in reversed(found)))


def tokenise(text: str) -> list[Token]:
    """Cut `text` into tokens, white space left out.

    Raises
    ------
    Unreadable
        If a string, name or comment does not end, or a character may be read in more
        than one way.

    Examples
    --------
    >>> [t.text for t in tokenise("RETURN n.`名 称`, 'a\\\\'b' /* x */")]
    ['RETURN', 'n', '.', '`名 称`', ',', "'a\\\\'b'", '/* x */']
    """
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        token = _next(text, position)
        tokens.append(token)
        position += len(token.text)
    return tokens


def _next(text: str, start: int) -> Token:
    character = text[start]
    if text.startswith(("//", "/*"), start):
        return _comment(text, start)
    if character in "'\"":
        return Token("string", text[start : _string_end(text, start)], start)
    if character == "`":
        return Token("quoted", text[start : _quoted_end(text, start)], start)
    if character == "$":
        return _parameter(text, start)
    if character.isdigit() and character.isascii():
        return _number(text, start)
    if _in_word(character):
        return Token("word", text[start : _word_end(text, start)], start)
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        raise Unreadable(start, f"invisible character U+{ord(character):04X}; take it out")
    if character == "\\":
        raise Unreadable(start, "a backslash may only stand inside a string")
    if text[start : start + 2] in _PAIRS:
        return Token("mark", text[start : start + 2], start)
    return Token("mark", character, start)


def _comment(text: str, start: int) -> Token:
    if text.startswith("//", start):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
    else:
        end = text.find("*/", start + 2) + 2
        if end < 2:
            raise Unreadable(start, "this comment does not end; */ is missing")
    for i in range(start, end):
        if text[i] in _LINE_ENDS:
            raise Unreadable(i, f"odd line end U+{ord(text[i]):04X} in a comment; take it out")
    return Token("comment", text[start:end], start)


def _string_end(text: str, start: int) -> int:
    i = start + 1
    while i < len(text):
        if text[i] == "\\":
            i += 2
        elif text[i] == text[start]:
            return i + 1
        else:
            i += 1
    raise Unreadable(start, f"this string does not end; a {text[start]} is missing")


def _quoted_end(text: str, start: int) -> int:
    i = start + 1
    while i < len(text):
        if text[i] == "\\":
            raise Unreadable(i, "a backslash inside backticks is read differently by engines")
        if text.startswith("``", i):
            i += 2
        elif text[i] == "`":
            return i + 1
        else:
            i += 1
    raise Unreadable(start, "this name does not end; a ` is missing")


def _parameter(text: str, start: int) -> Token:
    after = start + 1
    if after < len(text) and text[after] == "`":
        return Token("parameter", text[start : _quoted_end(text, after)], start)
    end = _word_end(text, after)
    return Token("parameter" if end > after else "mark", text[start : max(end, after)], start)


def _number(text: str, start: int) -> Token:
    match = _NUMBER.match(text, start)
    assert match is not None
    end = match.end()
    if end < len(text) and _in_word(text[end]):
        raise Unreadable(start, "a number runs into a word; put a space between them")
    return Token("number", text[start:end], start)


def _word_end(text: str, start: int) -> int:
    end = start
    while end < len(text) and _in_word(text[end]):
        end += 1
    return end


def _in_word(character: str) -> bool:
    return (
        character.isalnum()
        or character == "_"
        or unicodedata.category(character) in ("Mn", "Mc", "Pc", "Nl")
    )
