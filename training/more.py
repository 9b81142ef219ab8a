"""Sentences annotated for Zhitu beyond those of the shared data, and reading them.

Five files beside this module hold them:

- ``county_sentences.txt`` and ``report_sentences.txt``: written for the project in the manner
  of county documents and of provinces' work reports; names and relations stand in the text;
- ``news_sentences.tsv``, ``policy_sentences.tsv`` and ``province_sentences.tsv``: real sentences
  of ``corpus/news.txt.xz`` and ``corpus/policy.txt.xz``, and those of ``corpus/reports`` that the
  shared data leaves out. Their text is not ours to copy, so the files say where each stands
  there: line (from 0) or report, first character, length, checksum, then names (``0-3O`` is an
  organisation) and relations.

Letters and numbers are those of `LABELS` and `TYPES`: ``1 2 V 3; @ I 4`` says that names 1 and 2
visited name 3, and that the unsaid subject implements name 4.

::

    python -m training.more build/more

writes all in the annotated form, in two halves of whole documents: ``half0.jsonl`` and
``half1.jsonl``.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extract.relations_rules import LETTERS
from graph.ontology import ISSUER, LABEL_OF_TAG, TAG_OF_LABEL, allowed
from training.data import SHARED, part_of
from zhitu.errors import DocumentError

HERE = Path(__file__).parent
MARKED = (HERE / "county_sentences.txt", HERE / "report_sentences.txt")
LINES = (HERE / "news_sentences.tsv", HERE / "policy_sentences.tsv")
PROVINCES = HERE / "province_sentences.tsv"
CORPUS = SHARED / "data" / "corpus"

LABELS = {letter: TAG_OF_LABEL[label] for label, letter in LETTERS.items()}
TYPES = {
    "L": "LOCATED_IN",
    "P": "PART_OF",
    "H": "HOLDS_POSITION",
    "I": "IMPLEMENTS",
    "O": "OPERATES",
    "F": "FOUNDED",
    "C": "COOPERATES_WITH",
    "V": "VISITED",
    "J": "PARTICIPATES_IN",
    "R": "RECOGNISED_BY",
}

Row = dict[str, Any]
"""A sentence of the annotated form: id, text, entities, relations."""


def read_more() -> list[Row]:
    """All sentences of the five files."""
    marked = [row for path in MARKED for row in read_marked(path)]
    lines = [row for path in LINES for row in read_lines(path)]
    return [*marked, *lines, *read_provinces()]


def halves(rows: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Split sentences in two, whole documents apart."""
    parts: tuple[list[Row], list[Row]] = ([], [])
    for row in rows:
        document = row["id"].rpartition(":")[0]
        parts[part_of(document, 2)].append(row)
    return parts


def read_marked(path: Path) -> list[Row]:
    """Read sentences with their mentions marked in the text (``county_sentences.txt``).

    Raises
    ------
    DocumentError
        If a line is malformed or draws what the ontology does not allow.
    """
    rows: list[Row] = []
    tag = path.stem.partition("_")[0]
    documents, document = 0, ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# "):
            if re.fullmatch(r"# [\u4e00-\u9fff]+", line):
                documents += 1
                document = f"{'news_' if '新闻' in line else ''}{tag}{documents}"
            continue
        try:
            rows.append(_marked(f"{document}:{2 * number}", line))
        except (ValueError, KeyError, AttributeError) as error:
            raise DocumentError(f"{path}, line {number}: {error}") from None
    return rows


def _marked(id_: str, line: str) -> Row:
    """Read one line: the marked sentence, a tab, its relations.

    >>> row = _marked("county1:2", "赴[甲县|L]，与[乙厂|O]签约。\\t@ V 1; @ C 2")
    >>> row["text"], row["entities"]
    ('赴甲县，与乙厂签约。', [[1, 3, 'PLACE'], [5, 7, 'ORG']])
    >>> row["relations"]
    [['@ISSUER', 'COOPERATES_WITH', '乙厂'], ['@ISSUER', 'VISITED', '甲县']]
    """
    marked, drawn = line.split("\t")
    text, entities = "", []
    for part in re.split(r"(\[[^\]]*\])", marked):
        if part.startswith("["):
            name, letter = part[1:-1].split("|")
            entities.append([len(text), len(text) + len(name), LABELS[letter]])
            text += name
        else:
            text += part
    return _row(id_, text, entities, drawn)


def read_lines(path: Path) -> list[Row]:
    """Read what is annotated of a corpus of lines (``news_sentences.tsv``: ``news.txt.xz``).

    Errors as of `read_placed`.
    """
    tag = path.stem.partition("_")[0]
    wanted = {int(line.split("\t")[0]) for line in path.read_text(encoding="utf-8").splitlines()}
    with lzma.open(CORPUS / f"{tag}.txt.xz", "rt", encoding="utf-8") as lines:
        texts = {
            f"{tag}_line{number}": line.strip()
            for number, line in enumerate(lines)
            if number in wanted
        }
    return read_placed(path, texts, prefix=f"{tag}_line")


def read_provinces() -> list[Row]:
    """Read what is annotated of the provinces' reports; errors as of `read_placed`.

    Documents are called as in the shared data (上海市), which holds the rest of each report.
    """
    reports = CORPUS.glob("reports/2026年*政府工作报告.txt")
    texts = {
        path.stem.removeprefix("2026年").removesuffix("政府工作报告"): path.read_text("utf-8")
        for path in reports
    }
    return read_placed(PROVINCES, texts)


def read_placed(path: Path, texts: dict[str, str], *, prefix: str = "") -> list[Row]:
    """Read annotations whose sentences stand in other texts, by the texts' names.

    Raises
    ------
    DocumentError
        If a line is malformed, or the text says something else there.
    """
    rows = []
    for at, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            name, begin, length, checksum, names, drawn = line.split("\t")
            document = prefix + name
            text = texts[document][int(begin) : int(begin) + int(length)]
            if f"{zlib.crc32(text.encode()):08x}" != checksum:
                raise ValueError(f"{document} says something else there")
            spans = (re.fullmatch(r"(\d+)-(\d+)([A-Z])", name).groups() for name in names.split())
            entities = [[int(start), int(end), LABELS[letter]] for start, end, letter in spans]
            rows.append(_row(f"{document}:{2 * int(begin)}", text, entities, drawn))
        except (ValueError, KeyError, AttributeError) as error:
            raise DocumentError(f"{path}, line {at}: {error}") from None
    return rows


def _row(id_: str, text: str, entities: list[list], drawn: str) -> Row:
    ends = {str(i): (text[s:e], LABEL_OF_TAG[tag]) for i, (s, e, tag) in enumerate(entities, 1)}
    if not id_.startswith("news"):
        ends["@"] = (ISSUER, ISSUER)
    triples = set()
    for claim in filter(None, map(str.strip, drawn.split(";"))):
        heads, letter, tails = re.fullmatch(r"([@\d ]+) ([A-Z]) ([\d ]+)", claim).groups()
        for head in heads.split():
            for tail in tails.split():
                (one, label), (other, range_) = ends[head], ends[tail]
                if not allowed(TYPES[letter], label, range_):
                    raise ValueError(f"{one} {TYPES[letter]} {other} is not allowed")
                triples.add((one, TYPES[letter], other))
    return {"id": id_, "text": text, "entities": entities, "relations": sorted(map(list, triples))}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    args = parser.parse_args(argv)
    args.folder.mkdir(parents=True, exist_ok=True)
    for name, part in zip(("half0", "half1"), halves(read_more()), strict=True):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in part)
        (args.folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
        print(f"{name}: {len(part)} sentences")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
