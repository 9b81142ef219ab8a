"""Corrections made by hand, replayed on every build (filled in below)."""

from __future__ import annotations
from dataclasses import dataclass


@dataclass(frozen=True)
class Correction:
    op: str


def apply_corrections(document, corrections):
    return document
