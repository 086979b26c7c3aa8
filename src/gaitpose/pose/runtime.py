"""Runs the network on one square: OpenVINO on CPUs, PyTorch on GPUs, and why.

Both take the uint8 square as it was cut and give the same maps; normalisation is part of the
graph. Converting to OpenVINO takes seconds, so the converted graph is kept in the user's cache
folder; with it PyTorch is not even imported.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from gaitpose.errors import BadSettings
from gaitpose.io.files import sha256_of
from gaitpose.pose.config import SIZE_MULTIPLE
from gaitpose.pose.openvino_core import (
    best_float,
    computes_in_bf16,
    computes_in_integers,
    openvino_core,
)
from gaitpose.pose.weights import load_weights, read_card

if TYPE_CHECKING:
    import openvino

RuntimeName = Literal["auto", "torch", "openvino"]
Precision = Literal["auto", "f32", "bf16"]
"""Of floating-point numbers; auto takes bf16 where the processor computes in it."""


class Runtime(Protocol):
    """Something that runs the network.

    Attributes
    ----------
    name : str
        For people: library, device and precision.
    why : str
        Why it was chosen.
    """

    name: str
    why: str

    def run(self, square: np.ndarray) -> np.ndarray:
        """Return the maps (24, S/4, S/4), float32, of a square (S, S, 3) uint8 RGB."""
        ...


class OpenVinoRuntime:
    """OpenVINO on the CPU: 8-bit integers where the model has them, bf16 where the CPU has it.

    Parameters
    ----------
    model : openvino.Model
        Of :func:`gaitpose.pose.torch_runtime.to_openvino`.
    precision : {"auto", "f32", "bf16"}
        Of what is not computed in integers. Auto takes bf16 if the device lists it among its
        optimisation capabilities.
    threads : int or None
        Of inference; None leaves the choice to OpenVINO.
    why : str
        Reason to print, before the one for the precision.

    Raises
    ------
    BadSettings
        If bf16 is asked for and the processor does not compute in it.
    """

    def __init__(
        self,
        model: openvino.Model,
        *,
        precision: Precision = "auto",
        threads: int | None = None,
        why: str = "asked for",
    ) -> None:
        import openvino  # noqa: PLC0415  -- a quarter second, and not needed on a GPU

        has_bf16 = computes_in_bf16()
        if precision == "bf16" and not has_bf16:
            raise BadSettings("this processor does not compute in bf16", where="precision")
        chosen = best_float() if precision == "auto" else precision
        options = {"INFERENCE_PRECISION_HINT": chosen, "PERFORMANCE_HINT": "LATENCY"}
        if threads is not None:
            options["INFERENCE_NUM_THREADS"] = str(threads)
        self.request = openvino_core().compile_model(model, "CPU", options).create_infer_request()
        integers = any(each.get_type_name() == "FakeQuantize" for each in model.get_ops())
        numbers = f"8-bit integers and {chosen}" if integers else chosen
        self.name = f"OpenVINO {openvino.__version__.split('-')[0]} on CPU, {numbers}"
        reason = (
            f"the processor {'computes' if has_bf16 else 'does not compute'} in bf16"
            if precision == "auto"
            else f"{precision} was asked for"
        )
        self.why = f"{why}; {reason}"

    def run(self, square: np.ndarray) -> np.ndarray:
        """Return the maps (24, S/4, S/4) of one square (S, S, 3) uint8 RGB."""
        output = self.request.infer([np.ascontiguousarray(square)[None]])
        return np.array(next(iter(output.values()))[0], dtype=np.float32)


def choose_runtime(
    weights: Path, size: int, name: RuntimeName = "auto", *, integers: bool = True
) -> Runtime:
    """Return the fastest runtime of this machine, or the one asked for.

    Parameters
    ----------
    weights : Path
        A ``.safetensors`` file with its card beside it.
    size : int
        Side of the squares, px.
    name : {"auto", "torch", "openvino"}
        Auto: PyTorch if it can use a CUDA device, otherwise OpenVINO.
    integers : bool
        Whether OpenVINO shall compute in 8-bit integers where the weights' card has the ranges for
        it (:mod:`gaitpose.pose.quantization`), on x86 processors.

    Raises
    ------
    BadSettings
        If the size is no multiple of the network's down-sampling.
    UnreadableInput
        If the weights are damaged.
    """
    if size <= 0 or size % SIZE_MULTIPLE:
        raise BadSettings(f"{size} is no multiple of {SIZE_MULTIPLE}", where="size")
    if name == "openvino":
        return OpenVinoRuntime(_openvino_model(weights, size, integers=integers))
    if name == "auto" and not _has_cuda():
        reason = "no CUDA device, and OpenVINO is faster than PyTorch on CPUs"
        return OpenVinoRuntime(_openvino_model(weights, size, integers=integers), why=reason)
    from gaitpose.pose.torch_runtime import TorchRuntime  # noqa: PLC0415  -- brings PyTorch

    network, _ = load_weights(weights)
    if _has_cuda():
        return TorchRuntime(network, device="cuda", why="a CUDA device is there")
    return TorchRuntime(network)


def cache_folder() -> Path:
    """Return where converted graphs are kept: ``GAITPOSE_CACHE``, or the system's cache folder."""
    if "GAITPOSE_CACHE" in os.environ:
        return Path(os.environ["GAITPOSE_CACHE"])
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "gaitpose"


def _openvino_model(weights: Path, size: int, *, integers: bool) -> openvino.Model:
    """Read the converted graph from the cache, or convert and keep it if the folder allows."""
    import openvino  # noqa: PLC0415  -- a quarter second, and not needed on a GPU

    version = openvino.__version__.split("-")[0]
    ranges = read_card(weights).input_ranges if integers and computes_in_integers() else {}
    key = hashlib.sha256(f"{sha256_of(weights)} {sorted(ranges.items())}".encode()).hexdigest()
    name = f"{key[:16]}-{size}px-openvino-{version}".replace(".", "_")
    kept = cache_folder() / f"{name}.xml"
    if kept.exists():
        return openvino_core().read_model(kept)
    from gaitpose.pose.torch_runtime import to_openvino  # noqa: PLC0415  -- brings PyTorch

    model = to_openvino(load_weights(weights)[0], size, ranges)
    _keep(model, kept)
    return model


def _keep(model: openvino.Model, path: Path) -> None:
    """Write graph and numbers; the graph last, so that it is only there once it can be read."""
    import openvino  # noqa: PLC0415

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as folder:
            written = Path(folder) / path.name
            openvino.save_model(model, written, compress_to_fp16=False)
            for suffix in (".bin", ".xml"):
                written.with_suffix(suffix).replace(path.with_suffix(suffix))
    except OSError:
        # A home folder that cannot be written to costs seconds at every start, nothing else.
        return


def _has_cuda() -> bool:
    """Ask PyTorch, but only where NVIDIA's driver is there: importing it takes over a second."""
    try:
        ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
    except OSError:
        return False
    import torch  # noqa: PLC0415

    return bool(torch.cuda.is_available())
