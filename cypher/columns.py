"""The columns that a query returns, read off its text.

One store names the columns only together with the first row, so an empty result comes
without them; a table or CSV file should have its heading all the same.
"""

from __future__ import annotations

from cypher.tokens import Token, Unreadable, tokenise

_ENDS = frozenset({"ORDER", "SKIP", "OFFSET", "LIMIT", "UNION"})


def columns_of(text: str) -> tuple[str, ...]:
    """List the columns of `text`; empty where the text does not say (``RETURN *``).

    Examples
    --------
    >>> columns_of("MATCH (n) RETURN DISTINCT n.name AS 名称, count(*), n.`a b` ORDER BY 名称")
    ('名称', 'count(*)', 'n.`a b`')
    """
    try:
        tokens = [t for t in tokenise(text) if t.kind != "comment"]
    except Unreadable:
        return ()
    depth = 0
    items: list[list[Token]] | None = None
    for token in tokens:
        if token.text in ("(", "[", "{"):
            depth += 1
        elif token.text in (")", "]", "}"):
            depth -= 1
        if depth == 0 and token.keyword == "RETURN":
            items = [[]]
        elif items is None:
            continue
        elif depth == 0 and (token.keyword in _ENDS or token.text == ";"):
            break
        elif depth == 0 and token.text == ",":
            items.append([])
        elif not (token.keyword == "DISTINCT" and items == [[]]):
            items[-1].append(token)
    names = [_name(text, item) for item in items or [] if item]
    return () if "*" in names else tuple(names)


def _name(text: str, item: list[Token]) -> str:
    if len(item) > 2 and item[-2].keyword == "AS":
        return item[-1].name
    return text[item[0].start : item[-1].start + len(item[-1].text)]
