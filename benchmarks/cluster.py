"""Local files, a store and a Ray cluster, in one run; what a killed node costs; memory.

    python benchmarks/cluster.py [--data DATA] [--files 1000] [--rounds 3]
    python benchmarks/cluster.py --kill             # three nodes, one killed midway, with its log
    python benchmarks/cluster.py --memory 10000 100000

Real sounds of DATA (a folder with manifest.csv; the demo's by default) are heard in turn, round by
round, so that a change of the machine's speed affects all alike:

- local: files of a folder, by the pool of this machine;
- s3: the same by S3's protocol, from a server on the loopback that waits 5 ms before each answer,
  64 requests in flight in each process. The server takes its time from the same cores;
- ray: the same files by Ray's actors on this machine.

Their starts (processes, Ray) do not count: the clock runs from a third of the results on. Shown
are files per second, for each round the ratio to local, and the processor's time that a file takes
in the first process from then on. Verdicts are compared to the last bit.

With --memory, nine of ten objects are empty: many can be listed and told of in a short time.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.stores import ObjectStore  # noqa: E402

import drumsort  # noqa: E402
from drumsort.types import Result  # noqa: E402


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--files", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--latency", type=float, default=0.005)
    options.add_argument("--without", nargs="*", default=[], choices=["s3", "ray"])
    options.add_argument("--kill", action="store_true")
    options.add_argument("--memory", type=int, nargs="*", default=[], metavar="N")
    args = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        lib = Path(scratch, "buckets", "lib")
        with ObjectStore(Path(scratch, "buckets"), latency=args.latency) as store:
            os.environ.update(store.environment())
            if args.memory:
                for count in args.memory:
                    fill(lib.with_name(f"many{count}"), args.data, count, empty=True)
                    measure_memory(f"s3://many{count}", count)
            elif args.kill:
                fill(lib, args.data, args.files)
                kill(lib)
            else:
                fill(lib, args.data, args.files)
                compare(lib, args.rounds, args.without)


def fill(folder: Path, data: Path | None, count: int, *, empty: bool = False) -> None:
    """Files with real sounds, in folders of a hundred; links to fewer if need be."""
    if data:
        with (data / "manifest.csv").open(newline="") as file:
            sounds = [data / row["path"] for row in csv.DictReader(file)]
    else:
        sounds = sorted((Path(drumsort.__file__).parent / "demo").rglob("*.ogg"))
    sounds = sounds[:: max(1, len(sounds) // count)][:count]
    for number in range(count):
        sound = sounds[number % len(sounds)]
        path = folder / f"{number // 100:05}" / f"{number:07}{sound.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if empty and number % 10:
            path.touch()
        else:
            path.symlink_to(sound.resolve())


def compare(lib: Path, rounds: int, without: list[str]) -> None:
    """Files per second of each, round by round."""
    ways = {"local": (str(lib), None), "s3": ("s3://lib", None), "ray": (str(lib), "ray")}
    speeds: dict[str, list[float]] = {name: [] for name in ways if name not in without}
    first: list[bytes] | None = None
    start = sum(len(files) for _, _, files in os.walk(lib)) // 3
    for nth in range(rounds):
        for name in speeds:
            speed, cpu, said = hear(*ways[name], start)
            speeds[name].append(speed)
            first = first or said
            same = "the same verdicts" if said == first else "OTHER VERDICTS"
            ratio = speed / speeds["local"][-1]
            print(
                f"round {nth + 1} {name:6} {speed:7.0f} files/s  {ratio:5.2f} of local"
                f"  {cpu * 1000:5.2f} ms a file in the first process  {same}",
                flush=True,
            )
    for name, all_of_them in speeds.items():
        ratios = [one / local for one, local in zip(all_of_them, speeds["local"], strict=True)]
        print(f"{name:6} median {median(all_of_them):7.0f} files/s, {median(ratios):.2f} of local")


def hear(path: str, on: str | None, start: int) -> tuple[float, float, list[bytes]]:
    """Files per second, seconds that the first process takes for each, and what was said."""
    said, begun, used = [], 0.0, 0.0
    with closing(drumsort.classify(path, on=on)) as results:
        for result in results:
            said.append(_bytes(result))
            if len(said) == start:
                begun, used = time.perf_counter(), time.process_time()
    seconds = time.perf_counter() - begun
    count = len(said) - start
    return count / seconds, (time.process_time() - used) / count, said


def _bytes(result: Result) -> bytes:
    one = result.prediction
    return (
        one.network.tobytes() if one and one.network is not None else (result.error or "").encode()
    )


def kill(lib: Path) -> None:
    """Hear on three nodes and kill one of them."""
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_worker_niceness": "0"}
    import ray
    from ray.cluster_utils import Cluster

    begun = time.perf_counter()

    def say(sentence: str) -> None:
        print(f"{time.perf_counter() - begun:6.1f} s  {sentence}", flush=True)

    node = {"num_cpus": 1, "object_store_memory": 100 << 20}
    nodes = Cluster(initialize_head=True, head_node_args=node | {"include_dashboard": False})
    nodes.add_node(**node)
    lost = nodes.add_node(**node)
    ray.init(nodes.address, log_to_driver=False, logging_level="ERROR")
    say("three nodes are up")
    total = sum(len(files) for _, _, files in os.walk(lib))
    heard = []
    with closing(drumsort.classify("s3://lib", company=False, on="ray")) as results:
        for result in results:
            heard.append(_bytes(result))
            if len(heard) in (1, total // 3, total // 2, total):
                say(f"{len(heard):,} of {total:,} files are heard")
            if len(heard) == total // 3:
                nodes.remove_node(lost, allow_graceful=False)
                say("one node is killed")
    with closing(drumsort.classify(str(lib), company=False)) as results:
        same = heard == [_bytes(result) for result in results]
    say(
        f"all {len(heard):,} files have a row; local verdicts are {'the same' if same else 'OTHER'}"
    )
    ray.shutdown()
    nodes.shutdown()


def measure_memory(url: str, count: int) -> None:
    """The most memory that the first process takes, and all of its together."""
    command = [sys.executable, "-m", "drumsort", "classify", "--no-catalog", "--jsonl", url]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    most = alone = 0
    done = threading.Event()

    def look() -> None:
        nonlocal most, alone
        while not done.wait(0.5):
            pids = [process.pid, *_children(process.pid)]
            sizes = [_memory(pid) for pid in pids]
            most, alone = max(most, sum(sizes)), max(alone, sizes[0])

    thread = threading.Thread(target=look)
    thread.start()
    process.wait()
    done.set()
    thread.join()
    seconds = time.perf_counter() - begun
    print(
        f"{count:,} objects: {alone >> 20} MB in the first process, {most >> 20} MB in all, "
        f"{seconds:.0f} s",
        flush=True,
    )


def _children(pid: int) -> list[int]:
    try:
        return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))
    except OSError:
        return []


def _memory(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    except OSError:
        pass
    return 0


if __name__ == "__main__":
    main()
