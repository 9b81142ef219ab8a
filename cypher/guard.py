"""The read-only guard: decides from the text alone whether a query may be run.

Neo4j Community has no read-only role, and a driver's read session is only a hint on
other servers, so the text is judged before it is sent; the store then reads by its own
means as well. The guard does not parse Cypher. It cuts the query into tokens
(`cypher.tokens`) and refuses what could write, reach outside the graph or carry a second
statement, wherever the word could be a keyword. Where two engines could read the same
characters differently (Unicode escapes, odd line ends, invisible characters) every
reading has to pass, or the query is refused.

>>> check("MATCH (n:Organization) RETURN n.name;")
'MATCH (n:Organization) RETURN n.name '
>>> check("MATCH (n) /* 只看看 */ DETACH DELETE n")
Traceback (most recent call last):
    ...
zhitu.errors.WriteRefused: line 1, column 21: DETACH DELETE removes nodes...
"""

from __future__ import annotations

from cypher.model import nearest
from cypher.tokens import Token, Unreadable, readings, tidy, tokenise
from zhitu.errors import QueryError, WriteRefused

ALLOWED_PROCEDURES: frozenset[str] = frozenset(
    {
        "db.info",
        "db.labels",
        "db.ping",
        "db.propertykeys",
        "db.relationshiptypes",
        "db.schema.nodetypeproperties",
        "db.schema.reltypeproperties",
        "db.schema.visualization",
        "db.index.fulltext.querynodes",
        "db.index.fulltext.queryrelationships",
        "db.index.vector.querynodes",
        "db.index.vector.queryrelationships",
        "dbms.components",
    }
)
"""Procedures (lower case) that only read the graph; every other ``CALL name`` is refused."""

ALLOWED_FUNCTION_NAMESPACES: frozenset[str] = frozenset(
    {"date", "datetime", "localdatetime", "time", "localtime", "duration", "point", "vector"}
)
"""First parts of dotted function names that may be called: Neo4j's own temporal, spatial
and vector functions. Functions of plug-ins can run other Cypher or read files."""

STARTS: frozenset[str] = frozenset(
    {"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN", "CALL", "LET", "FILTER"}
)
"""Words a reading statement may begin with, after EXPLAIN, PROFILE or CYPHER options."""

REASONS: dict[str, str] = {
    "CREATE": "CREATE adds nodes, relationships or schema",
    "INSERT": "INSERT adds nodes or relationships",
    "MERGE": "MERGE adds what it does not find",
    "SET": "SET changes properties or labels",
    "DELETE": "DELETE removes nodes or relationships",
    "NODETACH": "NODETACH DELETE removes nodes",
    "DETACH": "DETACH DELETE removes nodes and their relationships",
    "REMOVE": "REMOVE takes away properties or labels",
    "DROP": "DROP removes indexes, constraints or databases",
    "FOREACH": "FOREACH exists only to write",
}
"""Words refused wherever they may be keywords, with the reason shown."""

_ADMINISTRATION = frozenset(
    {
        "ALTER",
        "GRANT",
        "REVOKE",
        "SHOW",
        "TERMINATE",
        "START",
        "STOP",
        "DENY",
        "RENAME",
        "ENABLE",
        "DRYRUN",
        "DEALLOCATE",
        "REALLOCATE",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
    }
)


def check(query: str, *, write: bool = False) -> str:
    """Judge a query and return the text to send.

    Parameters
    ----------
    query : str
        Cypher as a person wrote it.
    write : bool
        Writing was asked for openly: only several statements, text that cannot be read
        in one way, and an empty query are then refused.

    Returns
    -------
    str
        The query with comments and the last semicolon blanked out, line ends as ``\\n``;
        every other character stays where it was, so places in errors fit.

    Raises
    ------
    WriteRefused
        If the query could write, call what is not allowed or reach outside the graph.
    QueryError
        If it is empty, holds several statements or cannot be cut into tokens.

    Examples
    --------
    >>> check("MATCH (n) SET n.name = '改'", write=True)
    "MATCH (n) SET n.name = '改'"
    >>> check("MATCH (n:`CREATE`) WHERE n.set = 'DELETE' RETURN n.name AS 名称 // 不写")
    "MATCH (n:`CREATE`) WHERE n.set = 'DELETE' RETURN n.name AS 名称       "
    """
    text = tidy(query)
    for reading in readings(text):
        try:
            tokens = tokenise(reading)
        except Unreadable as error:
            raise QueryError(f"{place(reading, error.position)}: {error}") from None
        _check_one_statement(reading, tokens)
        if not write:
            _check_reading(reading, tokens)
    return blank(text, tokenise(text))


def place(text: str, position: int) -> str:
    """Name a position for people: line and column, both from 1."""
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    return f"line {line}, column {column}"


def blank(text: str, tokens: list[Token]) -> str:
    """Replace comments and closing semicolons by spaces; line ends stay."""
    characters = list(text)
    for token in tokens:
        if token.kind == "comment" or token.text == ";":
            for i in range(token.start, token.start + len(token.text)):
                if characters[i] != "\n":
                    characters[i] = " "
    return "".join(characters)


def _check_one_statement(text: str, tokens: list[Token]) -> None:
    meaning = [t for t in tokens if t.kind != "comment"]
    while meaning and meaning[-1].text == ";":
        meaning.pop()
    if not meaning:
        raise QueryError("the query is empty; for example: MATCH (n:Organization) RETURN n.name")
    for token in meaning:
        if token.text == ";":
            raise WriteRefused(
                f"{place(text, token.start)}: several statements in one query are refused; "
                "send them one by one"
            )


def _check_reading(text: str, tokens: list[Token]) -> None:
    tokens = [t for t in tokens if t.kind != "comment" and t.text != ";"]
    _check_start(text, tokens)
    for i, token in enumerate(tokens):
        if token.kind == "word" and not _is_name(tokens, i):
            _check_word(text, tokens, i)
        if token.text == "(":
            _check_function(text, tokens, i)


def _refuse(text: str, token: Token, reason: str) -> None:
    raise WriteRefused(
        f"{place(text, token.start)}: {reason}; reading is all that is allowed here "
        "(--write allows it; a name that looks like this goes in `backticks`)"
    )


def _check_start(text: str, tokens: list[Token]) -> None:
    """Refuse a statement whose first word is not known to read."""
    i = 0
    while i < len(tokens):
        word = tokens[i].keyword
        if word in ("EXPLAIN", "PROFILE"):
            i += 1
        elif word == "CYPHER":
            i = _after_options(tokens, i + 1)
        else:
            break
    if i == len(tokens):
        raise QueryError("the query has no statement; for example: RETURN 1")
    first = tokens[i]
    if first.keyword in STARTS or first.text in ("(", "{"):
        return
    word = first.keyword or first.text
    if word in _ADMINISTRATION:
        _refuse(text, first, f"{word} administers the server")
    if word in REASONS or word in ("LOAD", "USE"):
        return  # _check_word gives the reason
    where = place(text, first.start)
    if meant := nearest(word, STARTS, 1):
        raise QueryError(f"{where}: unexpected {first.text!r}; nearest: {meant[0]}")
    raise WriteRefused(
        f"{where}: a query that reads begins with MATCH, OPTIONAL MATCH, WITH, UNWIND, CALL or "
        f"RETURN, not with {first.text[:40]!r}"
    )


def _after_options(tokens: list[Token], i: int) -> int:
    """Skip ``CYPHER 5 planner=cost``: a version and ``word=word`` pairs."""
    if i < len(tokens) and tokens[i].kind == "number":
        i += 1
    while i + 2 < len(tokens) and tokens[i].kind == "word" and tokens[i + 1].text == "=":
        i += 3
    return i


def _is_name(tokens: list[Token], i: int) -> bool:
    """Say whether the word can only be a property, label, type, parameter or map key."""
    before = tokens[i - 1] if i else None
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if before and before.text == ":":
        return True
    if before and before.text == "." and i >= 2:
        owner = tokens[i - 2]
        # Not after a number: some engines read `1.` as a number, and then a keyword.
        return owner.kind in ("word", "quoted", "parameter") or owner.text in (*")]}", "{", ",")
    return bool(after and after.text == ":" and before and before.text in ("{", ","))


def _check_word(text: str, tokens: list[Token], i: int) -> None:
    token, word = tokens[i], tokens[i].keyword
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    if word in REASONS:
        _refuse(text, token, REASONS[word])
    elif word == "LOAD" and after and after.keyword == "CSV":
        _refuse(text, token, "LOAD CSV reads files and addresses outside the graph")
    elif word == "USE":
        _refuse(text, token, "USE switches to another graph")
    elif word == "TRANSACTIONS" and _ends_subquery(tokens, i):
        _refuse(text, token, "IN TRANSACTIONS commits in pieces, which only writing needs")
    elif word == "CALL" and not (after and after.text in ("{", "(")):
        name = _dotted(tokens, i + 1)
        if name.lower() not in ALLOWED_PROCEDURES:
            shown = name or (after.text if after else "")
            _refuse(
                text,
                token,
                f"CALL {shown}: this procedure is not on the list of those "
                f"that only read ({', '.join(sorted(ALLOWED_PROCEDURES))})",
            )


def _ends_subquery(tokens: list[Token], i: int) -> bool:
    """Say whether token `i` ends ``} IN [n] [CONCURRENT] TRANSACTIONS``."""
    i -= 1
    while i > 0 and (
        tokens[i].kind in ("number", "parameter") or tokens[i].keyword == "CONCURRENT"
    ):
        i -= 1
    return i > 0 and tokens[i].keyword == "IN" and tokens[i - 1].text == "}"


def _dotted(tokens: list[Token], i: int) -> str:
    """Read ``a.b.c`` from token `i`; backticks round a part make no difference."""
    parts = []
    while i < len(tokens) and tokens[i].kind in ("word", "quoted"):
        parts.append(tokens[i].name)
        if i + 1 == len(tokens) or tokens[i + 1].text != ".":
            break
        i += 2
    return ".".join(parts)


def _check_function(text: str, tokens: list[Token], i: int) -> None:
    """Refuse ``a.b(`` unless the engine's own reading functions have that name."""
    names: list[str] = []
    j = i - 1
    while j >= 0 and tokens[j].kind in ("word", "quoted"):
        names.insert(0, tokens[j].name)
        if j >= 2 and tokens[j - 1].text == ".":
            j -= 2
            continue
        break
    if len(names) < 2:
        return
    called = ".".join(names)
    if j >= 1 and tokens[j - 1].keyword == "CALL" and called.lower() in ALLOWED_PROCEDURES:
        return
    if names[0].lower() not in ALLOWED_FUNCTION_NAMESPACES:
        _refuse(text, tokens[max(j, 0)], f"{called}(): functions of plug-ins may do more than read")
