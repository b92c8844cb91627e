"""How to find the nearest of a million embeddings: brute force on drumsort's file, or libraries.

    python benchmarks/similar.py --data DATA [--sounds 3000] [--count 1000000] [--only NAME...]
    python benchmarks/similar.py --data DATA --catalog

The shipped model hears real sounds of DATA (a folder with manifest.csv). A hundred of them, held
out, are half of the queries. The other embeddings are mixtures of two neighbours among the rest,
with noise of a tenth of their length, of unit length: so the nearest of as many are as near as
those of real sounds are (medians of the cosine 0.988 and 0.991, of the tenth nearest 0.978 and
0.981). Each contender builds its index with two threads in one process and answers queries on one
thread in another:

- drumsort: the search of ``drumsort similar`` without the catalog's share: every similarity, by one
  product with a file mapped into memory;
- drumsort index: the same with an index, by whose rows it looks into that file;
- usearch HNSW, faiss HNSW, faiss IVF: graphs and cells, 16 bits per number; left out if the package
  is not installed (``pip install usearch faiss-cpu``).

With --catalog, the script makes a catalog of as many sounds instead, and times the whole call of
``drumsort.similar``, including the look-up of the file and the returned entries.
"""

import argparse
import csv
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

N = 10
QUERIES = 200
Query = Callable[[Any], Any]


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--sounds", type=int, default=3000)
    options.add_argument("--count", type=int, default=1_000_000)
    options.add_argument("--only", nargs="+", choices=CONTENDERS, default=[*CONTENDERS])
    options.add_argument("--catalog", action="store_true")
    options.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    args = options.parse_args()
    if args.child:
        print(json.dumps(measure(*args.child)))
        return
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    with tempfile.TemporaryDirectory() as scratch:
        make(Path(scratch), embeddings(args.data, args.sounds), args.count)
        print(f"{args.count:,} embeddings, {QUERIES} queries, {os.cpu_count()} cores\n")
        if args.catalog:
            remember(Path(scratch))
            for _ in range(2):  # the second finds the file beside the catalog
                for what, figure in child(scratch, "ask", "catalog", 1).items():
                    print(f"{what:<24} {figure:10,.3f}", flush=True)
                print()
            return
        print("| contender | build, s | file, MB | open, ms | query, ms | CPU, ms | quickest "
              "| slowest | recall@10, real | mixed | memory, MB |")  # fmt: skip
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        for name in args.only:
            if importlib.util.find_spec(CONTENDERS[name][0]):
                show(name, child(scratch, "build", name, 2) | child(scratch, "query", name, 1))


def embeddings(data: Path, count: int) -> Any:
    """Embeddings of ``count`` sounds spread over the manifest, shape ``(n, d)``, float32."""
    from drumsort.audio.find import Source
    from drumsort.workflows.classify import Classifier

    with (data / "manifest.csv").open(newline="") as stream:
        paths = [data / row["path"] for row in csv.DictReader(stream)]
    picked = [paths[number * len(paths) // count] for number in range(count)]
    results = Classifier().classify_all((Source(path, data) for path in picked), 2)
    return np.stack([r.prediction.embedding for r in results if r.prediction])


def make(folder: Path, real: Any, count: int) -> None:
    """Write embeddings, queries, and the ten nearest of each query."""
    rng = np.random.default_rng(1)
    rng.shuffle(real)
    held, real = real[: QUERIES // 2], real[QUERIES // 2 :]
    near = np.argsort(-(real @ real.T), axis=1)[:, 1:21]

    def mixed(count: int) -> Any:
        one = rng.integers(len(real), size=count)
        other = near[one, rng.integers(20, size=count)]
        share = rng.random((count, 1), np.float32)
        noise = rng.standard_normal((count, real.shape[1]), np.float32)
        out = real[one] * share + real[other] * (1 - share)
        out += noise * np.float32(0.1 / np.sqrt(real.shape[1]))
        return out / np.linalg.norm(out, axis=1, keepdims=True)

    queries = np.concatenate([held, mixed(QUERIES - len(held))])
    every = np.lib.format.open_memmap(folder / "all.npy", "w+", np.float32, (count, real.shape[1]))
    best, value = np.zeros((QUERIES, 0), int), np.zeros((QUERIES, 0), np.float32)
    for at in range(0, count, 100_000):
        every[at : at + 100_000] = some = mixed(min(100_000, count - at))
        similar = queries @ some.T
        rows = highest(similar, N)
        best = np.concatenate([best, at + rows], 1)
        value = np.concatenate([value, np.take_along_axis(similar, rows, 1)], 1)
        rows = highest(value, N)
        best, value = (np.take_along_axis(one, rows, 1) for one in (best, value))
    np.save(folder / "queries.npy", queries)
    np.save(folder / "truth.npy", best)


def highest(similarities: Any, count: int) -> Any:
    count = min(count, similarities.shape[-1])
    return np.argpartition(similarities, -count, axis=-1)[..., -count:]


def child(scratch: str, phase: str, name: str, threads: int) -> dict[str, float]:
    """Run a phase in a separate process, so that its memory is separate as well."""
    command = [sys.executable, __file__, "--child", phase, name]
    limit = {key: str(threads) for key in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    done = subprocess.run(
        command, cwd=scratch, env=os.environ | limit, stdout=subprocess.PIPE, check=True
    )
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def remember(folder: Path) -> None:
    """A catalog of all embeddings and queries; the queries have real files to search by."""
    from drumsort.catalog import Catalog, Writer
    from drumsort.catalog.known_models import use
    from drumsort.model.bundle import Bundle
    from drumsort.types import Analysis, Facts, Prediction, Result

    bundle, measured = Bundle.load(), Analysis(-20.0, -1.0, 0.0, 4000.0, None)
    labels, families = bundle.labels, {
        label: family for family, labels in bundle.families.items() for label in labels
    }  # fmt: skip

    def result(number: int, path: Path, embedding: Any) -> Result:
        label = labels[number % len(labels)]
        scores = {other: float(other == label) for other in labels}
        verdict = Prediction(families[label], label, label, 1.0, scores, "", embedding, None)
        sound = bytes(name(np.array([number])[:1]))
        facts = Facts(sound.hex(), sound.hex(), 0.5, 44100, 1, "WAV PCM_16", "", measured)
        stat = path.stat() if path.exists() else None
        size, changed = (stat.st_size, stat.st_mtime_ns) if stat else (44144, number)
        return Result(path, path.parent, size, changed, verdict, facts=facts)

    every, queries = np.load(folder / "all.npy", mmap_mode="r"), np.load(folder / "queries.npy")
    with (
        Catalog(folder / "catalog.db") as catalog,
        Writer(catalog, use(catalog, bundle)) as writer,
    ):
        for number, embedding in enumerate(every):
            path = Path(f"/no/such/library/{number // 500:05d}/{number:07d}.wav")
            writer.add(result(number, path, embedding))
        for number, embedding in enumerate(queries):
            path = folder / f"{number}.wav"
            path.touch()
            writer.add(result(len(every) + number, path, embedding))


def ask() -> dict[str, float]:
    """Open the catalog, search once, and then once for each query."""
    import drumsort

    truth = np.load("truth.npy")
    drumsort.similar  # noqa: B018  # its imports count as the program's start, not here
    before, started = memory(), time.perf_counter()
    catalog = drumsort.Catalog("catalog.db")
    opened = time.perf_counter()
    drumsort.similar("0.wav", 20, catalog=catalog)
    first = time.perf_counter()
    times, found, busy = [], 0, 0.0
    for number, best in enumerate(truth):
        begun, cpu = time.perf_counter(), time.process_time()
        said = drumsort.similar(f"{number}.wav", 20, catalog=catalog)
        times.append(time.perf_counter() - begun)
        busy += time.process_time() - cpu
        # other queries are in the catalog as well, but not among the truth
        others = [entry.path for entry, _ in said if entry.path.parent != Path.cwd()]
        found += len({int(path.stem) for path in others[:N]} & {*map(int, best)})
    (index,) = Path.cwd().glob("catalog.similar-*")
    return {
        "catalog, MB": Path("catalog.db").stat().st_size / 1e6,
        "open, ms": (opened - started) * 1e3,
        "first call, s": first - opened,
        "file beside it, MB": index.stat().st_size / 1e6,
        "call, ms": float(np.median(times)) * 1e3,
        "95 %, ms": float(np.quantile(times, 0.95)) * 1e3,
        "slowest, ms": max(times) * 1e3,
        "CPU time of a call, ms": busy / len(times) * 1e3,
        "recall@10": found / truth.size,
        "memory, MB": memory() - before,
    }


def measure(phase: str, name: str) -> dict[str, float]:
    if phase == "ask":
        return ask()
    _, build, opened = CONTENDERS[name]
    if phase == "build":
        started = time.perf_counter()
        build()
        seconds = time.perf_counter() - started
        return {"build": seconds, "file": Path(name).stat().st_size / 1e6}
    queries, truth = np.load("queries.npy"), np.load("truth.npy")
    before = memory()
    started = time.perf_counter()
    query = opened()
    ready = time.perf_counter() - started
    query(queries[0])  # reads the mapped file from the disk's cache once
    times, found, busy = [], [], 0.0
    for vector, best in zip(queries, truth, strict=True):
        started, cpu = time.perf_counter(), time.process_time()
        said = query(vector)
        times.append(time.perf_counter() - started)
        busy += time.process_time() - cpu
        found.append(len({*map(int, said)} & {*map(int, best)}) / N)
    return {
        "open": ready * 1e3,
        "query": float(np.median(times)) * 1e3,
        "quickest": min(times) * 1e3,
        "cpu": busy / len(times) * 1e3,
        "slowest": max(times) * 1e3,
        "real": float(np.mean(found[: QUERIES // 2])),
        "mixed": float(np.mean(found[QUERIES // 2 :])),
        "memory": memory() - before,
    }


def memory() -> float:
    """The peak memory of this process in MB, including mapped pages that were read (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def show(name: str, at: dict[str, float]) -> None:
    print(
        f"| {name} | {at['build']:,.1f} | {at['file']:,.0f} | {at['open']:,.1f} "
        f"| {at['query']:.1f} | {at['cpu']:.1f} | {at['quickest']:.1f} "
        f"| {at['slowest']:.1f} | {at['real']:.3f} | {at['mixed']:.3f} | {at['memory']:,.0f} |",
        flush=True,
    )


def build_drumsort() -> None:
    from drumsort.alike.matrix import Block, Matrix

    every = np.load("all.npy", mmap_mode="r")
    parts = [np.arange(at, min(at + 20_000, len(every))) for at in range(0, len(every), 20_000)]
    none = np.zeros((4, len(every)), np.float32)
    blocks = (
        Block(name(rows), np.zeros(len(rows), np.uint8), every[rows], none[:, rows])
        for rows in parts
    )
    Matrix.write(Path("drumsort"), "", blocks)


def name(rows: Any) -> Any:
    """Row numbers as 32 bytes, the length of a sound's hash."""
    names = np.zeros((len(rows), 4), np.int64)
    names[:, 0] = rows
    return names.view(np.uint8)


def open_drumsort() -> Query:
    from drumsort.alike.matrix import Matrix

    matrix = Matrix(Path("drumsort"))
    return lambda query: matrix.nearest(query, N)[0]


def build_index() -> None:
    from drumsort.alike.index import Index
    from drumsort.alike.matrix import Matrix

    if not Path("drumsort").exists():
        build_drumsort()
    Index.write(Path("drumsort index"), Matrix(Path("drumsort")))


def open_index() -> Query:
    from drumsort.alike.index import Index
    from drumsort.alike.matrix import Matrix
    from drumsort.alike.vectors import Vectors

    matrix = Matrix(Path("drumsort"))
    vectors = Vectors(matrix, None, Index(Path("drumsort index"), matrix))

    def ask(query: Any) -> Any:
        found = islice(vectors.nearest(query, 50), N)  # as many as for 20 sounds
        return [int.from_bytes(name[:8], "little") for name, _ in found]

    return ask


def build_usearch() -> None:
    from usearch.index import Index

    every = np.load("all.npy", mmap_mode="r")
    index = Index(ndim=every.shape[1], metric="cos", dtype="f16", connectivity=16)
    index.add(np.arange(len(every)), np.array(every), threads=2)
    index.save("usearch HNSW")


def open_usearch() -> Query:
    from usearch.index import Index

    index = Index.restore("usearch HNSW", view=True)
    index.expansion_search = 128
    return lambda query: index.search(query, N, threads=1).keys


def build_faiss(kind: str, file: str) -> None:
    import faiss

    every = np.load("all.npy")
    index = faiss.index_factory(every.shape[1], kind, faiss.METRIC_INNER_PRODUCT)
    index.train(every[:: max(1, len(every) // 100_000)])
    index.add(every)
    faiss.write_index(index, file)


def open_faiss(file: str, setting: str) -> Query:
    import faiss

    index = faiss.read_index(file, faiss.IO_FLAG_MMAP)
    faiss.ParameterSpace().set_index_parameters(index, setting)
    return lambda query: index.search(query[None], N)[1][0]


CONTENDERS: dict[str, tuple[str, Callable[[], None], Callable[[], Query]]] = {
    "drumsort": ("drumsort", build_drumsort, open_drumsort),
    "drumsort index": ("faiss", build_index, open_index),
    "usearch HNSW": ("usearch", build_usearch, open_usearch),
    "faiss IVF": (
        "faiss",
        lambda: build_faiss("IVF1024,SQfp16", "faiss IVF"),
        lambda: open_faiss("faiss IVF", "nprobe=16"),
    ),
    "faiss HNSW": (
        "faiss",
        lambda: build_faiss("HNSW16_SQfp16", "faiss HNSW"),
        lambda: open_faiss("faiss HNSW", "efSearch=64"),
    ),
}
"""Name to the package it needs, and the functions that build and open it."""

if __name__ == "__main__":
    main()
