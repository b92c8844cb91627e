"""A parametric drum synthesizer: from a label and a seed to a sound, or to a folder of them."""

from drumsort.synth.demo import write_demo
from drumsort.synth.drums import STYLES, synthesize

__all__ = ["STYLES", "synthesize", "write_demo"]
