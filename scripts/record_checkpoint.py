"""Write with MindSpore the files that tests/train/test_checkpoint.py reads, and writes itself byte for byte.

Run it with a Python that has MindSpore:

    python scripts/record_checkpoint.py
"""

from pathlib import Path

import numpy as np

WHERE = Path(__file__).parent.parent / "tests" / "train" / "golden"
NUMPY = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()


def tensors(ms) -> dict:
    """name -> Tensor: each dtype, a scalar, a long name, several axes, no elements."""
    found = {f"{name}.weight": ms.Tensor(np.arange(3).astype(name)) for name in NUMPY}
    found["bfloat16.weight"] = ms.Tensor([0.0, 1.5, -2.0], ms.bfloat16)
    found["scalar"] = ms.Tensor(2.5, ms.float32)
    found["x" * 200] = ms.Tensor(np.linspace(0, 1, 200, dtype=np.float32).reshape(2, 1, 100))
    found["empty"] = ms.Tensor(np.zeros((0, 2), np.float32))
    return found


def items(ms) -> list:
    return [{"name": name, "data": tensor} for name, tensor in tensors(ms).items()]


APPENDED = {"epoch": 3, "minus": -1, "lr": 0.25, "done": True}


def main() -> None:
    import mindspore as ms

    WHERE.mkdir(parents=True, exist_ok=True)
    append = {**APPENDED, "text": "größer", "version": ms.__version__}
    for path, options in {
        "plain.ckpt": {"append_dict": append},
        "checksum.ckpt": {"append_dict": append, "crc_check": True},
        "plain.safetensors": {"append_dict": APPENDED, "format": "safetensors"},
    }.items():
        ms.save_checkpoint(items(ms), str(WHERE / path), **options)
        (WHERE / path).chmod(0o644)


if __name__ == "__main__":
    main()
