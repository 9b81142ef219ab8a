"""The exceptions of Zhitu.

::

    ZhituError                  everything below; the command line prints it and exits 1
    ├── UsageError              what was asked for makes no sense; exits 2
    ├── DocumentError           a file cannot be read as a document
    ├── ModelError              the recogniser cannot be loaded
    ├── StoreError              the graph store failed
    │   ├── StoreUnavailable    it does not answer, or another process holds it
    │   └── StoreAuthError      it refuses the user or the password
    ├── QueryError              Cypher that the store refuses
    │   └── WriteRefused        a write where only reading was asked for
    └── CorrectionError         a correction that cannot be applied

Messages are one line: what is wrong, with which file or setting, and the next step.
"""

from __future__ import annotations


class ZhituError(Exception):
    """Base of all errors that Zhitu raises on purpose."""

    exit_code = 1


class UsageError(ZhituError):
    """The arguments or settings make no sense."""

    exit_code = 2


class DocumentError(ZhituError):
    """A file cannot be read as a document."""


class ModelError(ZhituError):
    """The recogniser cannot be loaded."""


class StoreError(ZhituError):
    """The graph store failed."""


class StoreUnavailable(StoreError):
    """The store does not answer, or another process holds it."""


class StoreAuthError(StoreError):
    """The store refuses the user or the password."""


class QueryError(ZhituError):
    """The store refuses the query."""


class WriteRefused(QueryError):
    """A query would write where only reading was asked for."""


class CorrectionError(ZhituError):
    """A correction cannot be applied."""
