"""Have MindSpore convert checkpoints in slices, for tests/parallel/test_slices.py: writes strategy files, and what the
ranks have afterwards.

Run it with a Python that has MindSpore:

    python scripts/record_slices.py
"""

import json
import tempfile
from pathlib import Path

import numpy as np

WHERE = Path(__file__).parent.parent / "tests" / "parallel" / "golden"
SHAPE = (8, 16)

# name -> for source and target, and for each Parameter in them: device matrix, tensor map, parts of slices
CASES = {
    "rows_to_columns": (
        {"w": ((4,), (0, -1), 0), "v": ((2, 2), (1, 0), 0)},
        {"w": ((4,), (-1, 0), 0), "v": ((4,), (-1, -1), 0)},
    ),
    "four_to_two": (
        {"w": ((2, 2), (1, 0), 0), "v": ((4,), (0, -1), 0)},
        {"w": ((2,), (0, -1), 0), "v": ((2,), (-1, 0), 0)},
    ),
    "two_to_eight": (
        {"w": ((2,), (0, -1), 0), "v": ((2,), (-1, -1), 0)},
        {"w": ((2, 4), (1, 0), 0), "v": ((2, 4), (0, 1), 0)},
    ),
    "optimizer": (
        {"w": ((8,), (-1, -1), 8), "v": ((4, 2), (0, -1), 4)},
        {"w": ((2, 2), (-1, 1), 2), "v": ((2, 2), (-1, -1), -1)},
    ),
    "one": ({"w": ((2, 2, 2), (2, 0), 0), "v": ((8,), (-1, 0), 0)}, None),
}


def whole() -> dict[str, np.ndarray]:
    return {name: np.arange(SHAPE[0] * SHAPE[1], dtype=np.int32).reshape(SHAPE) + k for k, name in enumerate("wv")}


def steps(matrix: tuple, mapped: tuple, parts: int) -> int:
    """How far apart ranks are that have parts of one slice."""
    return 0 if not parts else matrix[-1] if 0 in mapped else 1


def write_strategy(path: Path, slicings: dict) -> None:
    from mindspore.train.node_strategy_pb2 import ParallelStrategyMap

    if path.suffix == ".json":
        items = {
            name: {
                "dev_matrix": matrix, "tensor_map": mapped, "param_split_shape": [], "indices_offset": [], "field": 0,
                "opt_weight_shard_step": steps(matrix, mapped, parts), "opt_weight_shard_size": parts,
            }
            for name, (matrix, mapped, parts) in slicings.items()
        }  # fmt: skip
        content = {
            "current_stage": 0,
            "parallel_strategy_item": {"MatMul": {"stage": 0, "parallel_strategy": [[1, 1]]}},
            "parallel_layout_item": items,
        }
        path.write_text(json.dumps(content))
        return
    message = ParallelStrategyMap(current_stage=0)
    operator = message.parallel_strategy_item.add()
    operator.node_name = "MatMul"
    operator.parallel_strategys.stage = 0
    operator.parallel_strategys.parallel_strategy.add().dim.extend([1, 1])
    for name, (matrix, mapped, parts) in slicings.items():
        item = message.parallel_layout_item.add()
        item.param_name = name
        layout = item.parallel_layouts
        layout.field = 0
        layout.dev_matrix.add().dim.extend(matrix)
        layout.tensor_map.add().dim.extend(mapped)
        layout.param_split_shape.add()
        layout.indices_offset.add()
        layout.opt_weight_shard_size, layout.opt_weight_shard_step = parts, steps(matrix, mapped, parts)
    path.write_bytes(message.SerializeToString())


def main() -> None:
    import mindspore as ms

    WHERE.mkdir(parents=True, exist_ok=True)
    version = ms.__version__
    arrays: dict = {"version": np.array(version)}
    for number, (case, (source, target)) in enumerate(CASES.items()):
        suffix = ("ckpt", "json")[number % 2]
        paths = [WHERE / f"{case}_{end}.{suffix}" for end in ("from", "to")]
        for path, slicings in zip(paths, (source, target), strict=True):
            if slicings is not None:
                write_strategy(path, slicings)
        names = [str(path) if path.exists() else None for path in paths]
        with tempfile.TemporaryDirectory() as folder:
            # The slices of the source, which MindSpore cuts from whole Parameters.
            Path(folder, "whole", "rank_0").mkdir(parents=True)
            items = [{"name": n, "data": ms.Tensor(a)} for n, a in whole().items()]
            ms.save_checkpoint([*items, {"name": "rate", "data": ms.Tensor(0.5)}], f"{folder}/whole/rank_0/a.ckpt")
            ms.transform_checkpoints(f"{folder}/whole", f"{folder}/from", "p", None, names[0])
            ms.transform_checkpoints(f"{folder}/from", f"{folder}/to", "p", *names)
            for end in ("from", "to"):
                for place in Path(folder, end).iterdir():
                    rank = place.name[len("rank_") :]
                    for name, value in ms.load_checkpoint(f"{place}/p{rank}.ckpt").items():
                        arrays[f"{case}.{end}.{rank}.{name}"] = value.asnumpy()
    np.savez_compressed(WHERE / "slices.npz", **arrays)


if __name__ == "__main__":
    main()
