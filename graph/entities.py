"""Entities: one thing in the world, whatever a document calls it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Entity:
    """One thing, as one document supports it.

    `id` and `name` are functions of the thing's identity alone (for an organisation
    jurisdiction + kind), so every document that speaks of it arrives at the same two.

    Parameters
    ----------
    id : str
        Stable id derived from content, e.g. ``Organization:政协浙江省衢州市柯城区委员会``.
    name : str
        Canonical name.
    type : str
        Graph label, one of `graph.ontology.LABELS`.
    aliases : tuple of str
        The other surfaces that this document uses for it, sorted.
    code : str or None
        GB/T 2260 code of the division: of the place itself, or of the jurisdiction
        an organisation belongs to.
    level : str or None
        ``province``, ``city``, ``county``, ``township`` or ``village``; places only.
    path : str or None
        Full path of the place (``浙江省衢州市柯城区``).
    lng, lat : float or None
        Centre of a linked place, degrees.
    reason : str
        Why these mentions are this entity, or why a place stayed unlinked; for people.
    """

    id: str
    name: str
    type: str
    aliases: tuple[str, ...] = ()
    code: str | None = None
    level: str | None = None
    path: str | None = None
    lng: float | None = None
    lat: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Link:
    """A relation between entities that no sentence of the document says.

    `source` names where it comes from: ``gazetteer`` (a division lies in its parent)
    or ``name`` (区政协机关党组 is part of 区政协). Links are never counted as
    extracted relations.
    """

    head: str
    type: str
    tail: str
    source: str
