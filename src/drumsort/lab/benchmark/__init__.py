"""The benchmark: models, and sounds of packs they never heard -> all published numbers."""

from drumsort.lab.benchmark.measure import Benchmark, Part, measure
from drumsort.lab.benchmark.pool import Pair
from drumsort.lab.benchmark.subject import Subject, open_subject

__all__ = ["Benchmark", "Pair", "Part", "Subject", "measure", "open_subject"]
