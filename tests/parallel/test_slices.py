"""Checkpoints in slices: converted, put together and loaded as MindSpore does."""

import json
from pathlib import Path

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn
from msjax.parallel import (
    build_searched_strategy,
    convert_checkpoints,
    merge_pipeline_strategys,
    rank_list_for_convert,
    restore_group_info_list,
    unified_safetensors,
)
from msjax.parallel.slicing import Slicing, recut, uncut
from msjax.parallel.strategy_files import store

GOLDEN = Path(__file__).parent / "golden"
RECORD = dict(np.load(GOLDEN / "slices.npz"))
CASES = {"rows_to_columns": "ckpt", "four_to_two": "json", "two_to_eight": "ckpt", "optimizer": "json", "one": "ckpt"}


def strategy(case, end):
    path = GOLDEN / f"{case}_{end}.{CASES[case]}"
    return str(path) if path.exists() else None


def ranks(case, end):
    """What each rank has, as MindSpore made it."""
    found = {}
    for key, value in RECORD.items():
        if key.startswith(f"{case}.{end}."):
            _, _, rank, name = key.split(".")
            found.setdefault(int(rank), {})[name] = value
    return found


def save(folder, files, suffix="ckpt"):
    for rank, values in files.items():
        (folder / f"rank_{rank}").mkdir(parents=True)
        items = [{"name": name, "data": Tensor(value)} for name, value in values.items()]
        ms.save_checkpoint(items, str(folder / f"rank_{rank}" / "a"), format=suffix)


@pytest.mark.parametrize("case", CASES)
def test_ranks_get_what_mindspore_gives_them(case, tmp_path):
    save(tmp_path / "in", ranks(case, "from"))
    convert_checkpoints(str(tmp_path / "in"), str(tmp_path / "out"), "p", strategy(case, "from"), strategy(case, "to"))
    wanted = ranks(case, "to")
    assert len(list((tmp_path / "out").iterdir())) == len(wanted)
    for rank, values in wanted.items():
        made = ms.load_checkpoint(str(tmp_path / "out" / f"rank_{rank}" / f"p{rank}.ckpt"))
        assert made.keys() == values.keys()
        for name, value in values.items():
            np.testing.assert_array_equal(made[name].asnumpy(), value)


@pytest.mark.parametrize("case", CASES)
def test_one_rank_needs_few_files(case, tmp_path):
    files = ranks(case, "from")
    save(tmp_path, files)
    for rank, values in ranks(case, "to").items():
        needed = rank_list_for_convert(rank, strategy(case, "from"), strategy(case, "to"))
        assert needed == sorted(needed, reverse=True)
        path = str(tmp_path / "one.ckpt")
        ms.transform_checkpoint_by_rank(
            rank, {r: str(tmp_path / f"rank_{r}" / "a.ckpt") for r in needed}, path,
            strategy(case, "from"), strategy(case, "to"),
        )  # fmt: skip
        made = ms.load_checkpoint(path)
        for name, value in values.items():
            np.testing.assert_array_equal(made[name].asnumpy(), value)


@pytest.mark.parametrize("suffix", ["ckpt", "safetensors"])
def test_whole_parameters_are_put_together(suffix, tmp_path):
    save(tmp_path / "in", ranks("four_to_two", "from"), suffix)
    unified_safetensors(str(tmp_path / "in"), strategy("four_to_two", "from"), str(tmp_path / "out"))
    whole = ms.load_checkpoint(str(tmp_path / "out" / "part0.safetensors"), format="safetensors")
    np.testing.assert_array_equal(whole["w"].asnumpy(), np.arange(128).reshape(8, 16))
    names = json.loads((tmp_path / "out" / "param_name_map.json").read_text())
    assert names == dict.fromkeys(("w", "v", "rate"), "part0.safetensors")


def test_slices_are_merged(tmp_path):
    slicings = build_searched_strategy(strategy("four_to_two", "from"))
    slices = [Parameter(Tensor(values["w"]), name="w") for _, values in sorted(ranks("four_to_two", "from").items())]
    merged = ms.merge_sliced_parameter(slices, slicings)
    np.testing.assert_array_equal(merged.asnumpy(), np.arange(128).reshape(8, 16))
    assert merged.name == "w"
    uneven = {"w": Slicing((3,), (0,), (1, 3, 2))}
    slices = [Parameter(Tensor(np.arange(n, dtype=np.float32)), name="w") for n in (1, 3, 2)]
    np.testing.assert_array_equal(ms.merge_sliced_parameter(slices, uneven).asnumpy(), [0, 0, 1, 2, 0, 1])


def test_slices_that_do_not_fit():
    w, v = Parameter(Tensor([1.0]), name="w"), Parameter(Tensor([1.0]), name="v")
    with pytest.raises(TypeError, match="should be list"):
        ms.merge_sliced_parameter((w,))
    with pytest.raises(ValueError, match="should not be empty"):
        ms.merge_sliced_parameter([])
    with pytest.raises(ValueError, match="one name"):
        ms.merge_sliced_parameter([w, v])
    with pytest.raises(TypeError, match="at index 1"):
        ms.merge_sliced_parameter([w, 1])
    with pytest.raises(KeyError, match="parameter name w"):
        ms.merge_sliced_parameter([w], {"v": uncut(1)})
    with pytest.raises(ValueError, match="device_count is 2"):
        ms.merge_sliced_parameter([w], {"w": Slicing((2,), (0,))})
    with pytest.raises(ValueError, match=r"ranks \[0\] do not make up"):
        recut(Slicing((2,), (0,)), uncut(1), 0, {0: np.ones(2)})


def test_a_network_takes_the_files_of_all_ranks(tmp_path):
    class Net(nn.Cell):
        def __init__(self):
            super().__init__()
            self.w = Parameter(Tensor(np.zeros((8, 16), np.int32)))
            self.v = Parameter(Tensor(np.zeros((8, 16), np.int32)))

    save(tmp_path, ranks("optimizer", "from"))
    names = [str(tmp_path / f"rank_{rank}" / "a.ckpt") for rank in range(4)]
    with pytest.raises(ValueError, match="device count is 4"):
        ms.load_distributed_checkpoint(Net(), names[:2], None, strategy("four_to_two", "from"))
    save(tmp_path / "four", ranks("four_to_two", "from"))
    names = [str(tmp_path / "four" / f"rank_{rank}" / "a.ckpt") for rank in range(4)]
    net = Net()
    assert ms.load_distributed_checkpoint(net, names, None, strategy("four_to_two", "from"))
    np.testing.assert_array_equal(net.w.asnumpy(), np.arange(128).reshape(8, 16))
    unified_safetensors(str(tmp_path / "four"), strategy("four_to_two", "from"), str(tmp_path / "whole"))
    net = Net()
    ms.load_distributed_checkpoint(net, format="safetensors", unified_safetensors_dir=str(tmp_path / "whole"))
    np.testing.assert_array_equal(net.v.asnumpy(), np.arange(128).reshape(8, 16) + 1)


@pytest.mark.parametrize("suffix", ["ckpt", "json"])
def test_stages_are_merged(suffix, tmp_path):
    (tmp_path / "in").mkdir()
    for stage, name in enumerate("wv"):
        store(str(tmp_path / "in" / f"{stage}.{suffix}"), {name: Slicing((2,), (0, -1))}, {"MatMul": stage})
    merged = str(tmp_path / f"merged.{suffix}")
    merge_pipeline_strategys(str(tmp_path / "in"), merged)
    assert list(build_searched_strategy(merged)) == ["0-w", "1-v"]
    # Stage 1 has the ranks 2 and 3.
    w, v = np.arange(8.0).reshape(4, 2), -np.arange(8.0).reshape(4, 2)
    save(tmp_path / "four", {0: {"w": w[:2]}, 1: {"w": w[2:]}, 2: {"v": v[:2]}, 3: {"v": v[2:]}})
    assert rank_list_for_convert(0, merged) == [3, 2, 1, 0]
    convert_checkpoints(str(tmp_path / "four"), str(tmp_path / "one"), "p", merged)
    whole = ms.load_checkpoint(str(tmp_path / "one" / "rank_0" / "p0.ckpt"))
    np.testing.assert_array_equal(whole["w"].asnumpy(), w)
    np.testing.assert_array_equal(whole["v"].asnumpy(), v)
    with pytest.raises(NotADirectoryError):
        merge_pipeline_strategys(str(tmp_path / "no"), merged)


@pytest.mark.parametrize("suffix", ["ckpt", "json"])
def test_files_hold_what_was_stored(suffix, tmp_path):
    slicings = {"w": Slicing((2, 4), (-1, (1, 0))), "b": Slicing((8,), (0,), (1, 2), (3,), 4, 1, -1)}
    store(str(tmp_path / f"s.{suffix}"), slicings)
    assert build_searched_strategy(str(tmp_path / f"s.{suffix}")) == slicings


def test_files_that_are_none(tmp_path):
    with pytest.raises(TypeError, match="should be string"):
        build_searched_strategy(1)
    with pytest.raises(ValueError, match="no such strategy file"):
        build_searched_strategy(str(tmp_path / "no.ckpt"))
    (tmp_path / "empty.ckpt").touch()
    with pytest.raises(ValueError, match="should not be empty"):
        build_searched_strategy(str(tmp_path / "empty.ckpt"))
    for name in ("bad.ckpt", "bad.json"):
        (tmp_path / name).write_bytes(b"\x1a\xff nonsense")
        with pytest.raises(TypeError, match="is no strategy file"):
            build_searched_strategy(str(tmp_path / name))
    with pytest.raises(NotADirectoryError):
        ms.transform_checkpoints(str(tmp_path / "no"), str(tmp_path / "out"), "p")
    with pytest.raises(ValueError, match="can not be empty"):
        ms.transform_checkpoints(str(tmp_path), str(tmp_path / "out"), "p")
    with pytest.raises(ValueError, match="rank3 is needed for converting rank0"):
        save(tmp_path / "in", {rank: v for rank, v in ranks("four_to_two", "from").items() if rank < 3})
        ms.transform_checkpoints(
            str(tmp_path / "in"), str(tmp_path / "out"), "p",
            strategy("four_to_two", "from"), strategy("four_to_two", "to"),
        )  # fmt: skip


RIGHT = Slicing((2, 4), (0, -1))
LIES = (
    {"dev_matrix": (0, 4)},
    {"dev_matrix": ("2",)},
    {"dev_matrix": (2**40,)},
    {"dev_matrix": (1,) * 100},
    {"tensor_map": (2, -1)},
    {"tensor_map": (-2, 0)},
    {"tensor_map": ((0, [1]), -1)},
    {"tensor_map": (-1,) * 100},
    {"param_split_shape": (-5,)},
    {"opt_weight_shard_size": -7},
    {"field": "a"},
)


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_strategies_that_no_parameter_has(lie, tmp_path):
    """What is computed with a slicing, and for how long, is as the file says."""
    store(str(tmp_path / "s.json"), {"w": RIGHT._replace(**lie)})
    with pytest.raises(TypeError, match="is no strategy file"):
        build_searched_strategy(str(tmp_path / "s.json"))
    try:
        store(str(tmp_path / "s.ckpt"), {"w": RIGHT._replace(**lie)})
    except TypeError:
        return  # what is no number can not be written so
    with pytest.raises(TypeError, match="is no strategy file"):
        build_searched_strategy(str(tmp_path / "s.ckpt"))


def test_a_stage_of_a_huge_number(tmp_path):
    store(str(tmp_path / "s.json"), {f"{10**12}-w": RIGHT})
    with pytest.raises(ValueError, match="all stages"):
        rank_list_for_convert(0, str(tmp_path / "s.json"))


def test_folders_whose_names_look_like_patterns(tmp_path):
    save(tmp_path / "a[1]", {0: {"w": np.ones(2, np.float32)}})
    unified_safetensors(str(tmp_path / "a[1]"), None, str(tmp_path / "out"))
    assert (tmp_path / "out" / "part0.safetensors").exists()


def test_groups_and_ranks_that_have_the_same(tmp_path):
    (tmp_path / "group.pb").write_bytes(bytes([0x12, 4, 0x0A, 2, 0, 5]))
    assert restore_group_info_list(str(tmp_path / "group.pb")) == [0, 5]
    (tmp_path / "none.pb").write_bytes(b"")
    with pytest.raises(ValueError, match="no restore rank list"):
        restore_group_info_list(str(tmp_path / "none.pb"))
    path = str(tmp_path / "s.ckpt")
    store(path, {"w": Slicing((2, 2), (0, -1))})  # the ranks 0 and 2 have the same
    here = tmp_path / "rank_0" / "a.ckpt"
    assert ms.get_ckpt_path_with_strategy(str(here), path) is None
    for rank in (1, 2):
        (tmp_path / f"rank_{rank}").mkdir()
        (tmp_path / f"rank_{rank}" / "a.ckpt").touch()
    assert ms.get_ckpt_path_with_strategy(str(here), path) == str(tmp_path / "rank_2" / "a.ckpt")
    here.parent.mkdir()
    here.touch()
    assert ms.get_ckpt_path_with_strategy(str(here), path) == str(here)
