"""How many MP3 and Ogg versions of a sound are found to be the same recording.

    python benchmarks/lossy.py --data DATA [--sounds 160]

Real sounds of DATA (a folder with manifest.csv), drawn at random, are converted at several
qualities and compared with the original as ``drumsort duplicates --near`` does it: by their
embeddings, then by their waveforms.
"""

import argparse
import csv
import os
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from drumsort.alike.near import LIKE, SECONDS, confirmed
from drumsort.audio.decode import decode
from drumsort.errors import AudioError
from drumsort.model.bundle import Bundle
from drumsort.model.infer import Network

FORMS = {
    "MP3": ("MPEG_LAYER_III", (0.0, 0.3, 0.5, 0.7, 0.9)),
    "OGG": ("VORBIS", (0.0, 0.3, 0.5, 0.7, 0.9, 1.0)),
}
SEED = 7


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--data", type=Path, default=os.environ.get("DRUMSORT_DATA"))
    options.add_argument("--sounds", type=int, default=160)
    args = options.parse_args()
    if args.data is None:
        options.error("name the data folder with --data or DRUMSORT_DATA")
    sounds = chosen(args.data, args.sounds)
    bundle = Bundle.load()
    network = Network(bundle)

    def close(one: Path, other: Path) -> bool:
        clips = [decode(path, samples=bundle.front_end.native_samples) for path in (one, other)]
        a, b = (network(clip).embedding for clip in clips)
        return bool(np.dot(a, b) >= LIKE)

    print("| form | quality | sounds | kbit/s | embeddings | waveforms | found |")
    print("|---" * 7 + "|")
    with tempfile.TemporaryDirectory() as scratch:
        for form, (coding, levels) in FORMS.items():
            for level in levels:
                rates, near, alike = [], [], []
                for path in sounds:
                    lossy = Path(scratch, f"x.{form.lower()}")
                    seconds = convert(path, lossy, form, coding, level)
                    if not seconds:
                        continue
                    rates.append(lossy.stat().st_size * 8 / seconds / 1000)
                    near.append(close(path, lossy))
                    pair = (b"one", b"other")
                    paths = dict(zip(pair, (path, lossy), strict=True))
                    alike.append(pair in confirmed([pair], paths).likeness)
                found = np.mean(np.array(near) & np.array(alike))
                print(
                    f"| {form} | {level} | {len(rates)} | {np.median(rates):.0f} | "
                    f"{np.mean(near):.0%} | {np.mean(alike):.0%} | {found:.0%} |",
                    flush=True,
                )


def chosen(data: Path, count: int) -> list[Path]:
    """Some sounds that can be read, loops left out."""
    with (data / "manifest.csv").open(newline="") as stream:
        paths = [data / row["path"] for row in csv.DictReader(stream) if row["label"] != "loop"]
    some = np.random.default_rng(SEED).choice(len(paths), count, replace=False)
    return [paths[n] for n in some if _is_readable(paths[n])]


def convert(path: Path, target: Path, form: str, coding: str, level: float) -> float:
    """Write a lossy version; its seconds, or 0 if the form does not have that rate."""
    samples, rate = soundfile.read(path, always_2d=True)
    samples = samples[:, :2]
    try:
        with soundfile.SoundFile(
            target, "w", rate, samples.shape[1], coding, format=form, compression_level=level
        ) as file:
            file.write(samples)
    except soundfile.LibsndfileError:
        return 0.0
    return len(samples) / rate


def _is_readable(path: Path) -> bool:
    try:
        decode(path, SECONDS)
    except AudioError:
        return False
    return True


if __name__ == "__main__":
    main()
