"""Zhitu 知图: Chinese documents → a knowledge graph people can trust, query and see.

For notebooks and programs::

    import zhitu

    kg = zhitu.connect("file:zhitu.db")
    kg.query("projects-of", {"name": "柯城区政协"})   # a pandas DataFrame
    kg.show("柯城区政协")                              # the picture, in Jupyter
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zhitu.api import KnowledgeGraph, Picture, connect, graph

__version__ = "0.1.0"
__all__ = ["KnowledgeGraph", "Picture", "__version__", "connect", "graph"]


def __getattr__(name: str) -> Any:
    """Import the interface for programs when it is first used: the rest stays quick."""
    if name in ("KnowledgeGraph", "Picture", "connect", "graph"):
        from zhitu import api

        return getattr(api, name)
    raise AttributeError(f"module 'zhitu' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
