"""The shell: one question after the other, with history and completion.

Lines that begin with a colon are commands (``:help``); a line that is the name of a named
query runs it; everything else is Cypher and ends with a semicolon or an empty line.
"""

from __future__ import annotations

import os
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document as Buffer
from prompt_toolkit.history import FileHistory, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings

from cypher.explain import is_whole
from cypher.find import find
from cypher.model import FUNCTIONS, KEYWORDS, LABELS, PROPERTY_NAMES, TYPES
from cypher.output import FORMATS, print_rows, write_result
from cypher.queries import library, run_named, search
from cypher.run import run, warnings_for
from zhitu.errors import UsageError, ZhituError
from zhitu.settings import Settings

if TYPE_CHECKING:
    from graph.store import Result, Store

HELP = """\
  MATCH ... RETURN ...;        Cypher; ends with ; or an empty line
  projects-of name=柯城区政协  a named query and its parameters
  :queries [TEXT]              named queries that fit a text      :queries 品牌
  :find TEXT                   search names and aliases           :find 议事
  :set NAME VALUE              a parameter $NAME for Cypher       :set name 柯城区
  :params                      what is set
  :format table|csv|json       the form of results
  :write on|off                allow Cypher that changes the graph
  :quit                        leave (also Ctrl-D)
Tab completes labels after :, types in [:, properties after ., and names inside quotes."""

_WORD = re.compile(r"[A-Za-z_][\w-]*$")
_NAME_IN_QUOTES = re.compile(r"""['"]([^'"]*)$""")
_NAME_AS_VALUE = re.compile(r"\b\w+=([^\s=]*)$")


class Names:
    """Entity names that complete what is typed; asked of the store once a beginning."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.known: dict[str, list[str]] = {}

    def __call__(self, text: str) -> list[str]:
        """List names that hold `text`, best first; none for an empty text."""
        if not text.strip():
            return []
        if text not in self.known:
            try:
                self.known[text] = [f.name for f in find(self.store, text, limit=12, timeout=2.0)]
            except ZhituError:
                self.known[text] = []
        return self.known[text]


class CypherCompleter(Completer):
    """Complete commands, named queries, labels, types, properties, names and keywords."""

    def __init__(self, names: Callable[[str], Iterable[str]]) -> None:
        self.names = names

    def get_completions(self, document: Buffer, event: CompleteEvent) -> Iterator[Completion]:
        """Offer what may stand at the cursor."""
        for text, start, meaning in completions(document.text_before_cursor, self.names):
            yield Completion(text, start_position=start, display_meta=meaning)


def completions(text: str, names: Callable[[str], Iterable[str]]) -> Iterator[tuple[str, int, str]]:
    """List what may follow `text`, the text before the cursor.

    Parameters
    ----------
    text : str
    names : callable
        Gives entity names for the beginning of one.

    Yields
    ------
    (completion, start, meaning)
        `start` is 0 or less: how many characters before the cursor are replaced.

    Examples
    --------
    >>> [c[0] for c in completions("MATCH (o:Org", lambda text: [])]
    ['Organization']
    >>> [c[0] for c in completions("MATCH (o)-[:OP", lambda text: [])]
    ['OPERATES']
    >>> [c[0] for c in completions("MATCH (o) RETURN o.ali", lambda text: [])]
    ['aliases']
    >>> [c[0] for c in completions("projects-of name=柯城", lambda text: ["浙江省衢州市柯城区"])]
    ['浙江省衢州市柯城区']
    """
    quoted = _NAME_IN_QUOTES.search(text)
    if quoted and text.count(quoted[0][0]) % 2:
        yield from ((name, -len(quoted[1]), "") for name in names(quoted[1]))
        return
    first = text.split(None, 1)[0] if text.split() else ""
    if first in library() and (value := _NAME_AS_VALUE.search(text)):
        yield from ((name, -len(value[1]), "") for name in names(value[1]))
        return
    word = _WORD.search(text)
    typed = word[0] if word else ""
    before = text[: len(text) - len(typed)]
    yield from _matching(typed, _candidates(first, before, typed))


def _candidates(first: str, before: str, typed: str) -> dict[str, str]:
    """Say which words may stand after `before`, with what they mean."""
    if not before.strip():
        return {q.name: q.zh for q in library().values()} | dict.fromkeys(KEYWORDS, "")
    if before.strip() == ":":
        return dict.fromkeys(_COMMANDS, "")
    if first in library():
        return {f"{p.name}=": p.zh for p in library()[first].parameters}
    last = before.rstrip()[-1:]
    if last in (":", "|"):
        opened = max((before.rfind(c), c) for c in "([{")[1]
        return TYPES if opened == "[" else LABELS
    if last == "." and not before.endswith(" "):
        return dict.fromkeys(sorted(PROPERTY_NAMES), "")
    if not typed:
        return {}
    return dict.fromkeys(KEYWORDS, "") | dict.fromkeys(FUNCTIONS, "")


def _matching(typed: str, candidates: dict[str, str]) -> Iterator[tuple[str, int, str]]:
    for candidate, meaning in candidates.items():
        if candidate.casefold().startswith(typed.casefold()):
            yield candidate, -len(typed), meaning


class Shell:
    """The state of one shell: parameters, form of results, whether writing is allowed."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.parameters: dict[str, Any] = {}
        self.form = "table"
        self.write = False

    def answer(self, text: str) -> bool:
        """Run one entry and print what it gives; False ends the shell.

        Errors of ours are printed, in one line, and do not end it.
        """
        text = text.strip()
        if text in (":quit", ":exit", ":q"):
            return False
        try:
            if text.startswith(":"):
                self._command(text[1:])
            elif text:
                self._ask(text)
        except ZhituError as error:
            print(f"zhitu: {error}", file=sys.stderr)
        except KeyboardInterrupt:
            print("stopped", file=sys.stderr)
        return True

    def _ask(self, text: str) -> None:
        began = time.monotonic()
        limits = {"limit": self.settings.query_limit, "timeout": self.settings.query_timeout}
        first, *rest = text.rstrip(";").split(None, 1)
        if first in library():
            result = run_named(self.store, first, _pairs(rest[0] if rest else ""), **limits)
        else:
            result = run(self.store, text, self.parameters, write=self.write, **limits)
            for warning in warnings_for(text):
                print(f"warning: {warning}", file=sys.stderr)
        self._print(result, time.monotonic() - began)

    def _print(self, result: Result, seconds: float) -> None:
        write_result(result, self.form)
        sys.stdout.flush()
        cut = " (truncated: ZHITU_QUERY_LIMIT allows more)" if result.truncated else ""
        rows = "1 row" if len(result.rows) == 1 else f"{len(result.rows)} rows"
        print(f"{rows}{cut}, {seconds:.2f} s", file=sys.stderr)

    def _command(self, text: str) -> None:
        name, _, rest = text.partition(" ")
        rest = rest.strip()
        if name not in _COMMANDS:
            raise UsageError(f"no command :{name}; known: {', '.join(':' + c for c in _COMMANDS)}")
        if name == "help":
            print(HELP)
        elif name == "queries":
            print_rows(("name", "question"), [(q.name, q.zh) for q in search(rest)], sys.stdout)
        elif name == "find":
            found = find(self.store, rest)
            rows = [(f.name, f.type, list(f.aliases), f.mentions) for f in found]
            print_rows(("name", "type", "aliases", "mentions"), rows, sys.stdout)
        elif name == "set":
            self._set(rest)
        elif name == "params":
            for key, value in self.parameters.items():
                print(f"${key} = {value!r}")
        elif name == "format":
            if rest not in FORMATS[:3]:
                raise UsageError(f":format {rest}: one of {', '.join(FORMATS[:3])}")
            self.form = rest
        elif name == "write":
            if rest not in ("on", "off"):
                raise UsageError(f":write {rest}: on or off")
            self.write = rest == "on"

    def _set(self, text: str) -> None:
        from zhitu.commands.ask import parameters

        key, _, value = text.partition(" ")
        if not key or not value.strip():
            raise UsageError(":set needs a name and a value, e.g. :set name 柯城区")
        self.parameters.update(parameters([f"{key}={value.strip()}"]))


_COMMANDS = ("help", "queries", "find", "set", "params", "format", "write", "quit")


def _pairs(text: str) -> dict[str, str]:
    from zhitu.commands.ask import named_values

    try:
        return named_values([p for p in shlex.split(text) if p != "--param"])
    except ValueError as error:
        raise UsageError(f"parameters cannot be read: {error}; quote values with spaces") from None


def ends(text: str) -> bool:
    """Say whether an entry is finished when Enter is pressed.

    Commands and named queries end with the line; Cypher with a semicolon outside strings or
    with an empty line.

    Examples
    --------
    >>> ends(":help"), ends("projects-of name=柯城区"), ends("MATCH (n)"), ends("RETURN 1;")
    (True, True, False, True)
    >>> ends("RETURN ';"), ends("MATCH (n)\\nRETURN n\\n")
    (False, True)
    """
    words = text.split(None, 1)
    if not words or words[0].startswith(":") or words[0].rstrip(";") in library():
        return True
    return is_whole(text) and (text.rstrip().endswith(";") or text.endswith("\n"))


def history_file() -> Path:
    """Where the shell keeps its history, readable by its owner only."""
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "zhitu" / "history"


def run_shell(store: Store, settings: Settings) -> None:
    """Read entries until the end of input and answer each.

    Without a terminal the entries come from standard input, without prompts.
    """
    shell = Shell(store, settings)
    if not sys.stdin.isatty():
        entry = ""
        for line in sys.stdin:
            entry += line
            if ends(entry.rstrip("\n") + ("\n" if not line.strip() else "")):
                if not shell.answer(entry):
                    return
                entry = ""
        shell.answer(entry)
        return
    print(f"知图 {store.name} · :help for help, Ctrl-D to leave", file=sys.stderr)
    session = _session(store)
    while True:
        try:
            entry = session.prompt("zhitu> ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if not shell.answer(entry):
            return


def _session(store: Store) -> PromptSession:
    keys = KeyBindings()

    @keys.add("enter")
    def _(event: Any) -> None:
        buffer = event.current_buffer
        if ends(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    return PromptSession(
        history=_history(),
        completer=CypherCompleter(Names(store)),
        complete_while_typing=False,
        complete_in_thread=True,
        multiline=True,
        prompt_continuation=lambda width, line, wrapped: "  ... ".rjust(width),
        key_bindings=keys,
    )


def _history() -> FileHistory | InMemoryHistory:
    file = history_file()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)
    except OSError:
        # A home that cannot be written is no reason not to answer.
        return InMemoryHistory()
    return FileHistory(str(file))
