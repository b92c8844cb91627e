"""Beats made with the mouth, as a microphone hears them: synthesized, for want of recordings.

A stop or a fricative is noise that the mouth shapes; what tells them apart is where its energy lies
(K. N. Stevens, "Acoustic Phonetics", 1998): low for lips (the kick, "b", with a falling voice),
about 2 kHz for the back of the tongue (the snare, "k"), above 4 kHz for its tip (the hats, "ts").
A mouth has habits, and no two of its hits are the same. These are no beat-boxers: what passes on
them need not on a person.
"""

from collections.abc import Sequence

import numpy as np

from drumsort.types import Samples

from .envelopes import Signal, decay, hold_decay, log_uniform, time_axis
from .filters import bandpass, highpass, lowpass, room
from .oscillators import glide, noise, sine

KINDS = ("kick", "snare", "closed_hat", "open_hat")


class Mouth:
    """Someone who beat-boxes, with habits of their own.

    Attributes:
        voice: how low the voice falls in a kick, in Hz; ``voiced``, how much there is of it.
        lips: where the energy of lips lies, in Hz; ``back`` and ``tip`` of the tongue likewise.
        boom: how long the voice of a kick takes to fall by 60 dB, in seconds; ``snare``, ``short``
            and ``long`` (closed and open hats) likewise.
        breath: how much there is in a snare.
    """

    def __init__(self, seed: int, rate: int = 44100) -> None:
        self._rng = rng = np.random.default_rng(seed)
        self._rate = rate
        self.voice = log_uniform(rng, 75.0, 170.0)
        self.voiced = float(rng.uniform(0.4, 1.0))
        self.lips = log_uniform(rng, 350.0, 900.0)
        self.back = log_uniform(rng, 1500.0, 3000.0)
        self.tip = log_uniform(rng, 5000.0, 8000.0)
        self.breath = float(rng.uniform(0.15, 0.6))
        self.short, self.long = log_uniform(rng, 0.05, 0.12), log_uniform(rng, 0.35, 0.7)
        self.snare, self.boom = log_uniform(rng, 0.1, 0.3), 0.22
        self._high = log_uniform(rng, 9000.0, 16000.0)  # of the microphone
        self._floor = 10 ** (float(rng.uniform(-70, -52)) / 20)
        self._echo = float(rng.uniform(0.0, 0.15))

    def hit(self, kind: str) -> Signal:
        """One sound, peak 0.5 to 1."""
        rng, rate = self._rng, self._rate
        t = time_axis(0.9, rate)

        def off(value: float, by: float = 0.12) -> float:
            return value * float(np.exp(by * rng.standard_normal()))

        if kind == "kick":
            hz = glide(t, off(2.2 * self.voice), off(self.voice), 0.03)
            x = self.voiced * sine(hz, rate) * decay(t, off(self.boom))
            x += 1.5 * lowpass(noise(rng, t), off(self.lips), rate) * decay(t, off(0.05))
        elif kind == "snare":
            x = 2 * bandpass(noise(rng, t), off(self.back), rate, 1.5) * decay(t, off(self.snare))
            wide = highpass(noise(rng, t), 1000.0, rate)
            x += self.breath * lowpass(wide, 7000.0, rate) * decay(t, off(1.3 * self.snare))
        else:
            seconds = off(self.short)
            envelope = decay(t, seconds)
            if kind == "open_hat":
                envelope = hold_decay(t, 0.3 * self.long, off(self.long))
            x = 2 * bandpass(noise(rng, t), off(self.tip), rate, 2.0) * envelope
        return x * float(rng.uniform(0.5, 1.0)) / np.abs(x).max()

    def beat(self, hits: Sequence[tuple[float, str]], seconds: float) -> Samples:
        """Hits at the given seconds, as the microphone hears them, peak 0.7; shape ``(n,)``."""
        rng, rate = self._rng, self._rate
        out = np.zeros(round(seconds * rate))
        for at, kind in hits:
            part = out[round(at * rate) :]
            sound = self.hit(kind)[: len(part)]
            part[: len(sound)] += sound
        out += self._echo * room(rng, out, rate)
        out = lowpass(highpass(out, 60.0, rate), self._high, rate)
        out = out * (0.7 / np.abs(out).max()) + self._floor * rng.standard_normal(len(out))
        return np.asarray(out, np.float32)
