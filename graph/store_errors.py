"""The driver's errors in our own words, one line each."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from zhitu.errors import QueryError, StoreAuthError, StoreError, StoreUnavailable, WriteRefused

if TYPE_CHECKING:
    import neo4j

WRITE_REFUSED = "the query would write; only reading is allowed here"


@contextlib.contextmanager
def translated_errors(name: str, timeout: float | None) -> Iterator[None]:
    """Turn the driver's errors into ours, one line each."""
    from neo4j import exceptions

    try:
        yield
    except (exceptions.AuthError, exceptions.TokenExpired) as error:
        raise StoreAuthError(
            f"{name} refuses the user or the password; check them in the store's URI "
            "(special characters percent-encoded)"
        ) from error
    except (exceptions.ServiceUnavailable, exceptions.SessionExpired) as error:
        raise StoreUnavailable(f"{name} does not answer any more; is it running?") from error
    except exceptions.Neo4jError as error:
        raise _query_error(error, timeout) from error
    except exceptions.DriverError as error:
        raise StoreError(f"{name}: {one_line(error)}") from error
    except (TypeError, ValueError, OverflowError) as error:
        # The driver refuses parameters that Bolt cannot carry with these.
        raise QueryError(f"a parameter cannot be sent to the store: {one_line(error)}") from error


def causes(error: BaseException) -> Iterator[BaseException]:
    """An error, what it was raised from, and so on; of a group, of all its members."""
    yield error
    nearer = [error.__cause__ or error.__context__, *getattr(error, "exceptions", ())]
    for cause in filter(None, nearer):
        yield from causes(cause)


def _query_error(error: neo4j.exceptions.Neo4jError, timeout: float | None) -> QueryError:
    code = error.code or ""
    if code.endswith((".AccessMode", "Security.Forbidden")):
        return WriteRefused(WRITE_REFUSED)
    stopped = "TransactionTimedOut" in code or "Terminated" in code
    if stopped or "arcadedb.command.timeout" in (error.message or ""):
        after = f"after {timeout:g} s" if timeout else "by the store"
        return QueryError(f"the query was stopped {after}; narrow it, or raise ZHITU_QUERY_TIMEOUT")
    return QueryError(f"the store refuses the query: {one_line(error.message or error)}")


def one_line(text: object) -> str:
    """Fold whatever `text` says into one line of bearable length."""
    line = " ".join(str(text).split())
    return line if len(line) <= 400 else line[:397] + "..."
