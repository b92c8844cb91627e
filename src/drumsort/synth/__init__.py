"""A parametric drum synthesizer: makes a sound or a folder of sounds from labels and a seed."""

from drumsort.synth.demo import write_demo
from drumsort.synth.drums import synthesize

__all__ = ["synthesize", "write_demo"]
