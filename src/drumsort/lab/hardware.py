"""The devices of a run, by Lightning Fabric, and its memory."""

import ctypes
import logging
import platform
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from drumsort.errors import DataError

if TYPE_CHECKING:
    from lightning_fabric import Fabric

PRECISIONS = ("32-true", "bf16-mixed")

_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4  # glibc's malloc.h


@dataclass(frozen=True)
class Hardware:
    """The devices of a run.

    Attributes:
        accelerator: ``cpu``, ``gpu`` or ``auto``.
        devices: how many; each has its own process.
        precision: one of ``PRECISIONS``, or ``auto``, which is bfloat16 if the device can compute
            in it.
    """

    accelerator: str = "auto"
    devices: int = 1
    precision: str = "auto"

    @property
    def on_gpu(self) -> bool:
        """Whether a GPU is used."""
        return self.accelerator != "cpu" and torch.cuda.is_available()

    @property
    def arithmetic(self) -> str:
        """The precision, with ``auto`` resolved."""
        if self.precision != "auto":
            return self.precision
        if self.on_gpu:
            fast = torch.cuda.is_bf16_supported(including_emulation=False)
        else:
            fast = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
        return PRECISIONS[fast]

    def start(self) -> "Fabric":
        """Start the processes; each of several runs the whole command."""
        from lightning_fabric import Fabric  # here, because it takes seconds to load

        for name in ("lightning.fabric", "lightning_fabric"):
            logging.getLogger(name).setLevel(logging.WARNING)
        _keep_freed_memory()
        if self.on_gpu:
            torch.use_deterministic_algorithms(True, warn_only=True)
        try:
            fabric = Fabric(
                accelerator=self.accelerator,
                devices=self.devices,
                precision=self.arithmetic,  # type: ignore[arg-type]
            )
            fabric.launch()
        except (RuntimeError, ValueError) as error:
            raise DataError(
                f"This computer does not have {self.devices} x {self.accelerator} ({error}): "
                "choose another --accelerator or fewer --devices."
            ) from error
        return fabric

    def facts(self) -> dict[str, Any]:
        """What can change the numbers or the time."""
        return {
            "device": torch.cuda.get_device_name() if self.on_gpu else platform.machine(),
            "devices": self.devices,
            "precision": self.arithmetic,
            "threads": torch.get_num_threads(),
            "torch": torch.__version__,
        }


def _keep_freed_memory() -> None:
    """Make glibc keep freed memory; with another C library, do nothing.

    A step frees and allocates gigabytes, and new pages cost a third of its time.
    """
    if sys.platform == "linux":
        with suppress(AttributeError, OSError):  # not glibc
            libc = ctypes.CDLL(None)
            libc.mallopt(_M_MMAP_MAX, 0)
            libc.mallopt(_M_TRIM_THRESHOLD, -1)
