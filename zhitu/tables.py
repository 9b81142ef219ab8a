"""Tables for people: what the graph holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from graph.ontology import ENTITY_TYPES, RELATION_TYPES

if TYPE_CHECKING:
    from graph.statistics import Counts, Statistics


def print_counts(counts: Counts, *, seconds: float | None = None) -> None:
    """Print documents, sentences, mentions and entities by type, relations by type.

    Parameters
    ----------
    counts : Counts
        From `graph.statistics.count`.
    seconds : float, optional
        How long the build took.
    """
    out = Console(highlight=False)
    table = Table(title="The graph 图谱", title_justify="left")
    table.add_column("")
    table.add_column("entities 实体", justify="right")
    table.add_column("mentions 提及", justify="right")
    for kind in ENTITY_TYPES:
        table.add_row(
            f"{kind.label} {kind.zh}",
            str(counts.entities.get(kind.label, 0)),
            str(counts.mentions.get(kind.label, 0)),
            end_section=kind is ENTITY_TYPES[-1],
        )
    table.add_row("total", str(sum(counts.entities.values())), str(sum(counts.mentions.values())))
    out.print(table)

    relations = Table()
    relations.add_column("relations 关系")
    relations.add_column("", justify="right")
    for kind in RELATION_TYPES:
        if number := counts.relations.get(kind.name, 0):
            relations.add_row(f"{kind.name} {kind.zh}", str(number))
    relations.add_section()
    relations.add_row("total", str(sum(counts.relations.values())))
    out.print(relations)
    if links := sum(counts.links.values()):
        out.print(f"and {links} links of the gazetteer and of names (a county lies in its city)")

    line = f"{counts.documents} documents, {counts.sentences} sentences"
    out.print(line if seconds is None else f"{line}, {seconds:.1f} s")


def print_statistics(statistics: Statistics) -> None:
    """Print the counts, what each document contributes, and the shape of the graph.

    Parameters
    ----------
    statistics : Statistics
        From `graph.statistics.statistics`.
    """
    print_counts(statistics.counts)
    out = Console(highlight=False)
    table = Table()
    for heading in ("document 文档", "sentences", "mentions", "entities", "relations"):
        table.add_column(heading, justify="left" if heading.startswith("document") else "right")
    for document in statistics.documents:
        numbers = (document.sentences, document.mentions, document.entities, document.relations)
        table.add_row(Text(document.name), *map(str, numbers))
    out.print(table)

    shape = statistics.shape
    out.print(
        f"{shape.nodes} entities, {shape.edges} pairs related; degree {shape.degree_mean:.1f} "
        f"on average, {shape.degree_max} at most; {shape.components} components, the largest "
        f"of {shape.largest_component}; {shape.isolated} without any relation",
        soft_wrap=True,
    )
    for name, degree in shape.most_connected:
        out.print(f"  {degree:>5}  {name}", markup=False, soft_wrap=True)
    out.print(f"{shape.communities} communities (modularity {shape.modularity:.2f})")
    for size, names in shape.largest_communities:
        out.print(f"  {size:>5}  {'、'.join(names)}", markup=False, soft_wrap=True)
