"""The command line: parses, calls, prints. Everything else lives in the rooms."""

from __future__ import annotations

import importlib
import signal
import sys
import threading

import typer

from zhitu import __version__
from zhitu.errors import ZhituError

INTERRUPTED = 130
"""Exit code after Ctrl+C or a polite kill; Typer answers Ctrl+C with it by itself."""

COMMAND_MODULES = ("build", "ask", "see", "why", "edit", "move")

app = typer.Typer(
    name="zhitu",
    help="知图 Zhitu: Chinese documents → a knowledge graph people can trust, query and see.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"zhitu {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_print_version, is_eager=True, help="Print the version, stop."
    ),
) -> None:
    pass


for _name in COMMAND_MODULES:
    importlib.import_module(f"zhitu.commands.{_name}").register(app)


def main(args: list[str] | None = None) -> int:
    """Run the command line; errors of ours become one line on standard error.

    Parameters
    ----------
    args : list of str, optional
        Arguments without the program's name; `sys.argv` if left out.

    Returns
    -------
    int
        Exit code: 0, 1 (failed), 2 (usage) or 130 (interrupted).
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    if threading.current_thread() is threading.main_thread():
        # A polite kill ends as Ctrl+C does: what was finished is kept, and it says so.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        result = app(args=args, standalone_mode=False)
    except ZhituError as error:
        print(f"zhitu: {error}", file=sys.stderr)
        return error.exit_code
    except typer.Abort:
        result = INTERRUPTED
    except Exception as error:
        return _usage_error(error)
    if result == INTERRUPTED:
        print("zhitu: interrupted; what was finished is kept", file=sys.stderr)
    return result if isinstance(result, int) else 0


def _usage_error(error: Exception) -> int:
    """Print an error of the argument parser in one line; anything else is a bug: raise."""
    if not hasattr(error, "format_message"):
        raise error
    print(f"zhitu: {error.format_message()}  (zhitu --help)", file=sys.stderr)
    return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
