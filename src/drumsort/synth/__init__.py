"""A parametric drum synthesizer: a label and a seed give a sound, or a folder of sounds."""

from drumsort.synth.demo import write_demo
from drumsort.synth.drums import synthesize

__all__ = ["synthesize", "write_demo"]
