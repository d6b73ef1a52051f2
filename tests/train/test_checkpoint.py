"""Checkpoints: MindSpore's own files read and written byte for byte, and what is saved, chosen and loaded."""

import json
import os
import runpy
import threading
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

import msjax as ms
from msjax import Parameter, Tensor, nn, ops
from msjax.train.checkpoint import ckpt

GOLDEN = Path(__file__).parent / "golden"
RECORDER = runpy.run_path(str(Path(__file__).parents[2] / "scripts" / "record_checkpoint.py"))
TEXTS = {"text": "größer", "version": "2.10.0"}


class Net(nn.Cell):
    def __init__(self, out=3, more=False):
        super().__init__()
        self.fc = nn.Dense(2, out)
        self.bn = nn.BatchNorm1d(out)
        if more:
            self.more = nn.Dense(1, 1)


class Two(nn.Cell):
    """Two Parameters under names of choice."""

    def __init__(self, *names, value=0.0):
        super().__init__()
        for i, name in enumerate(names):
            setattr(self, f"p{i}", Parameter(Tensor([value]), name=name))

    def values(self):
        return [p.item() for p in self.get_parameters()]


def parameters(**values):
    return {name: Parameter(Tensor(value), name=name) for name, value in values.items()}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def expected():
    return {**RECORDER["tensors"](ms), **{n: Tensor(v) for n, v in RECORDER["APPENDED"].items()}}


@pytest.mark.parametrize("name", ["plain.ckpt", "checksum.ckpt", "plain.safetensors"])
def test_reads_what_mindspore_wrote(name):
    loaded = ms.load_checkpoint(str(GOLDEN / name), format=name.split(".")[1], crc_check=name == "checksum.ckpt")
    for key, tensor in expected().items():
        if key == "empty" and name.endswith("ckpt"):
            assert key not in loaded
            continue
        assert (loaded[key].name, loaded[key].dtype, loaded[key].shape) == (key, tensor.dtype, tensor.shape)
        assert loaded[key].asnumpy().tobytes() == tensor.asnumpy().tobytes()
    assert {k: v for k, v in loaded.items() if isinstance(v, str)} == (TEXTS if name.endswith("ckpt") else {})


@pytest.mark.parametrize("name", ["plain.ckpt", "checksum.ckpt", "plain.safetensors"])
def test_writes_the_same_bytes(folder, name):
    kind = name.split(".")[1]
    append = {**RECORDER["APPENDED"], **(TEXTS if kind == "ckpt" else {})}
    ms.save_checkpoint(RECORDER["items"](ms), name, append_dict=append, format=kind, crc_check=name == "checksum.ckpt")
    assert (folder / name).read_bytes() == (GOLDEN / name).read_bytes()


def test_long_tensors_are_cut_and_joined(folder, monkeypatch):
    monkeypatch.setattr(ckpt, "SLICE", 16)
    values = np.arange(30, dtype=np.float32).reshape(5, 6)
    ms.save_checkpoint({"v": Parameter(values)}, "v.ckpt")
    assert (folder / "v.ckpt").read_bytes().count(b"Float32") == 8
    assert np.array_equal(ms.load_checkpoint("v.ckpt")["v"].asnumpy(), values)


@pytest.mark.parametrize("dims", [b"\x08\x01", b"\x08\x00", b"\x0a\x01\x01", b""])
def test_scalars_of_older_writers(folder, dims):
    tensor = dims + b"\x12\x05Int32\x1a\x04\x07\x00\x00\x00"
    value = b"\x0a\x01v\x12" + bytes([len(tensor)]) + tensor
    (folder / "old.ckpt").write_bytes(b"\x0a" + bytes([len(value)]) + value)
    assert ms.load_checkpoint("old.ckpt")["v"].asnumpy().ravel().tolist() == [7]


def test_a_network_and_its_optimizer_come_back(folder):
    net, other = Net(), Net()
    optimizer = nn.Momentum(net.trainable_params(), 0.1, 0.9)
    ms.save_checkpoint(net, "net")
    ms.save_checkpoint(optimizer, "optimizer")
    assert ms.load_param_into_net(other, ms.load_checkpoint("net.ckpt")) == ([], [])
    for ours, theirs in zip(net.get_parameters(), other.get_parameters(), strict=True):
        assert np.array_equal(ours.asnumpy(), theirs.asnumpy())
    assert ms.load_param_into_net(optimizer, ms.load_checkpoint("optimizer.ckpt")) == ([], [])


def test_what_is_saved(folder):
    w = Parameter(Tensor([1.0]), name="w")
    for source in ([w], [{"name": "w", "data": w}], {"w": w}, {"w": Tensor([1.0])}):
        ms.save_checkpoint(source, "w.ckpt")
        assert list(ms.load_checkpoint("w.ckpt")) == ["w"]
    ms.save_checkpoint(Net(), "f.ckpt", choice_func=lambda name: name.startswith("fc"), append_dict={"epoch": 3})
    assert list(ms.load_checkpoint("f.ckpt")) == ["fc.weight", "fc.bias", "epoch"]
    generator = ms.Generator().manual_seed(5)
    ms.save_checkpoint([w], "g.ckpt", append_dict={"g": generator})
    again = ms.Generator()
    again.set_state(ms.load_checkpoint("g.ckpt")["g"])
    assert again.initial_seed() == 5


def test_files_are_replaced_and_private(folder):
    for value in (1.0, 2.0):
        ms.save_checkpoint({"w": Tensor(value)}, "w")
    assert ms.load_checkpoint("w.ckpt")["w"].item() == 2.0
    assert (folder / "w.ckpt").stat().st_mode & 0o777 == 0o400
    assert [p.name for p in folder.iterdir()] == ["w.ckpt"]


def test_saving_in_the_background_keeps_the_values_of_the_call(folder):
    w = Parameter(Tensor([1.0]), name="w")
    ms.save_checkpoint([w], "w.ckpt", async_save=True)
    w.set_data(Tensor([2.0]))
    from msjax.train.checkpoint import save

    save._pending[-1].result()
    assert not ms.async_ckpt_thread_status()
    assert ms.load_checkpoint_async("w.ckpt").result()["w"].asnumpy().tolist() == [1.0]
    with pytest.raises(ValueError, match="does not exist"):
        ms.load_checkpoint_async("absent.ckpt").result()


@pytest.mark.parametrize(
    ("arguments", "error", "match"),
    [
        ({"save_obj": 3}, TypeError, "must be nn.Cell, list or dict"),
        ({"save_obj": [3]}, TypeError, "should be parameter"),
        ({"save_obj": [{"name": "w"}]}, TypeError, "'name' and 'data'"),
        ({"save_obj": {"w": np.ones(2)}}, TypeError, "Parameter or Tensor"),
        ({"ckpt_file_name": 3}, TypeError, "must be string"),
        ({"ckpt_file_name": ""}, IsADirectoryError, "must be a file name"),
        ({"ckpt_file_name": "no/such/folder"}, FileNotFoundError, "no/such"),
        ({"format": "x"}, ValueError, "'safetensors' or 'ckpt'"),
        ({"crc_check": 1}, ValueError, "crc_check"),
        ({"async_save": "x"}, ValueError, "'process' or 'thread'"),
        ({"async_save": 1}, TypeError, "bool or str"),
        ({"integrated_save": 3}, TypeError, "integrated_save"),
        ({"remove_redundancy": 3}, ValueError, "remove_redundancy"),
        ({"append_dict": 3}, TypeError, "must be dict"),
        ({"append_dict": {"l": [1]}}, TypeError, "key: string"),
        ({"append_dict": {1: 1}}, TypeError, "key: string"),
        ({"append_dict": {"s": "text"}, "format": "safetensors"}, TypeError, "use format='ckpt'"),
        ({"enc_key": "x"}, ValueError, "must be bytes"),
        ({"enc_key": b"x" * 16}, NotImplementedError, "no encryption"),
    ],
)
def test_saving_says_what_is_wrong(folder, arguments, error, match):
    with pytest.raises(error, match=match):
        ms.save_checkpoint(**{"save_obj": {"w": Tensor(1.0)}, "ckpt_file_name": "w", **arguments})
    assert not list(folder.iterdir())


def test_what_is_loaded(folder):
    ms.save_checkpoint(Net(), "net.ckpt")

    def names(**options):
        return " ".join(ms.load_checkpoint("net.ckpt", **options))

    assert names(choice_func=lambda name: name.endswith("bias")) == "fc.bias"
    assert names(filter_prefix=["fc", "bn.m"]) == "bn.gamma bn.beta"
    assert names(specify_prefix="fc") == "fc.weight fc.bias"
    with pytest.raises(ValueError, match="empty after filter"):
        names(choice_func=lambda name: False)
    with pytest.raises(ValueError, match="can't include ''"):
        names(filter_prefix="")
    with pytest.raises(TypeError, match="must be string"):
        names(specify_prefix=[3])
    net = Net()
    loaded = ms.load_checkpoint("net.ckpt", net=net)
    assert np.array_equal(net.fc.weight.asnumpy(), loaded["fc.weight"].asnumpy())


def test_loading_says_what_is_wrong(folder):
    ms.save_checkpoint({"w": Tensor([1.0])}, "w", crc_check=True)
    content = (folder / "w.ckpt").read_bytes()
    (folder / "cut.ckpt").write_bytes(content[:20])
    (folder / "changed.ckpt").write_bytes(content[:22] + b"?" + content[23:])
    (folder / "garbage.ckpt").write_bytes(b"garbage garbage")
    (folder / "garbage.safetensors").write_bytes(b"garbage garbage")
    (folder / "nothing.ckpt").write_bytes(b"")
    for name, options, match in [
        ("absent.ckpt", {}, "does not exist"),
        ("w", {}, "must have the suffix of 'format'"),
        ("w.ckpt", {"format": "safetensors"}, "must have the suffix of 'format'"),
        ("w.ckpt", {"format": "x"}, "end with '.ckpt'"),
        ("cut.ckpt", {}, "corrupted"),
        ("garbage.ckpt", {}, "corrupted"),
        ("garbage.safetensors", {"format": "safetensors"}, "corrupted"),
        ("changed.ckpt", {"crc_check": True}, "checksum"),
        ("w.ckpt", {"crc_check": 1}, "crc_check"),
        ("w.ckpt", {"remove_redundancy": 1}, "remove_redundancy"),
        ("nothing.ckpt", {}, "empty"),
    ]:
        with pytest.raises(ValueError, match=match):
            ms.load_checkpoint(name, **options)
    with pytest.raises(TypeError, match="must be string"):
        ms.load_checkpoint(folder / "w.ckpt")
    with pytest.raises(NotImplementedError, match="no encryption"):
        ms.load_checkpoint("w.ckpt", dec_key=b"x" * 16)
    with pytest.raises(TypeError, match="several devices"):
        ms.load_checkpoint("w.ckpt", net=Net(), remove_redundancy=True)


def test_names_that_are_missing_or_superfluous():
    values = Net().parameters_dict()
    assert ms.load_param_into_net(Net(more=True), values) == (["more.weight", "more.bias"], [])
    assert ms.load_param_into_net(Net(), {**values, **parameters(z=[1.0])}) == ([], ["z"])


@pytest.mark.parametrize(
    ("names", "values", "strict", "result", "loaded"),
    [
        ("x y", {"n.x": 1.0, "n.y": 2.0}, False, ([], ["n.x", "n.y"]), [1, 2]),
        ("x y", {"n.x": 1.0, "n.y": 2.0}, True, (["x", "y"], ["n.x", "n.y"]), [0, 0]),
        ("x y", {"m.y": 5.0, "n.x": 1.0, "n.y": 2.0}, False, ([], ["m.y", "n.x", "n.y"]), [1, 2]),
        ("x y", {"n.x": 1.0, "y": 2.0}, False, ([], ["n.x"]), [1, 2]),
        ("x y", {"m.y": 5.0, "n.y": 1.0}, False, (["x"], ["m.y", "n.y"]), [0, 5]),
        ("a.y b.y", {"n.y": 5.0}, False, (["a.y", "b.y"], ["n.y"]), [0, 0]),
    ],
)
def test_values_under_a_prefix(names, values, strict, result, loaded):
    net = Two(*names.split())
    given = {name: Parameter(Tensor([value]), name=name) for name, value in values.items()}
    assert ms.load_param_into_net(net, given, strict_load=strict) == result
    assert net.values() == loaded


def test_dtypes_are_converted_within_their_kind():
    for kind in (("int8", "int16", "int32", "int64"), ("float16", "bfloat16", "float32", "float64")):
        for target in kind:
            net = nn.Cell()
            net.w = Parameter(Tensor([0]).astype(getattr(ms, target)), name="w")
            for source in kind:
                value = {"w": Parameter(Tensor([1]).astype(getattr(ms, source)), name="w")}
                ms.load_param_into_net(net, value)
                assert (net.w.item(), net.w.dtype) == (1, getattr(ms, target))
                if source != target:
                    with pytest.raises(RuntimeError, match="same type"):
                        ms.load_param_into_net(net, value, strict_load=True)
            for source in ("bool_", "uint8"):
                with pytest.raises(RuntimeError, match="same type"):
                    ms.load_param_into_net(net, {"w": Parameter(Tensor([1]).astype(getattr(ms, source)), name="w")})


def test_shapes_must_agree():
    with pytest.raises(RuntimeError, match="same shape"):
        ms.load_param_into_net(Net(4), Net(3).parameters_dict())
    net = nn.Cell()
    net.w = Parameter(Tensor(0.0), name="w")
    assert ms.load_param_into_net(net, parameters(w=[3.0])) == ([], [])
    assert (net.w.shape, net.w.item()) == ((), 3.0)


@pytest.mark.parametrize(
    ("net", "values", "strict"),
    [(3, {}, False), (Net(), None, False), (Net(), {"w": Tensor(1.0)}, False), (Net(), {1: 1}, False), (Net(), {}, 1)],
)
def test_loading_into_a_network_checks_types(net, values, strict):
    with pytest.raises(TypeError):
        ms.load_param_into_net(net, values, strict_load=strict)


def test_conversion_to_safetensors_and_back(folder):
    net = Net()
    ms.save_checkpoint(net, "net.ckpt")
    ms.ckpt_to_safetensors("net.ckpt", "there", name_map={"fc.weight": "W"})
    ms.safetensors_to_ckpt("there/net.safetensors", "back", name_map={"W": "fc.weight"})
    assert ms.load_param_into_net(Net(), ms.load_checkpoint("back/net.ckpt")) == ([], [])
    ms.ckpt_to_safetensors("back/net.ckpt")
    assert (folder / "back" / "net.safetensors").exists()


def test_conversion_of_folders(folder):
    for rank in ("rank_0", "rank_1"):
        (folder / "all" / rank).mkdir(parents=True)
        for name in "uv":
            ms.save_checkpoint({"w": Tensor(1.0)}, f"all/{rank}/{name}.ckpt")
    ms.ckpt_to_safetensors("all", "some", file_name_regex="u")
    found = sorted(str(p.relative_to(folder)) for p in (folder / "some").rglob("*.*"))
    assert found == ["some/rank_0/u.safetensors", "some/rank_1/u.safetensors"]


def test_conversion_says_what_is_wrong(folder):
    ms.save_checkpoint({"w": Tensor(1.0)}, "w.ckpt")
    for arguments, match in [
        (("absent.ckpt",), "valid path"),
        ((str(folder),), "starting with 'rank'"),
        (("w.ckpt", "x.safetensors"), "must be a directory"),
        (("w.ckpt", None, [1]), "name_map"),
        (("w.ckpt", None, None, None, 0), "at least 1"),
    ]:
        with pytest.raises(ValueError, match=match):
            ms.ckpt_to_safetensors(*arguments)
    with pytest.raises(ValueError, match=r"\.safetensors file"):
        ms.safetensors_to_ckpt("w.ckpt")


def test_legacy_paths():
    from msjax.train.serialization import load_checkpoint, save_checkpoint

    assert load_checkpoint is ms.load_checkpoint is ms.train.load_checkpoint
    assert save_checkpoint is ms.save_checkpoint


# -- files that are large, lie, or are written by several ------------------------------------------------------------


@pytest.mark.parametrize("format", ["ckpt", "safetensors"])
def test_loading_needs_little_memory(folder, format):
    """Not more for many Parameters than for few, nor for those that are not asked for."""
    parameters = [{"name": f"p{i}", "data": ops.zeros((100_000,))} for i in range(100)]
    ms.save_checkpoint(parameters, "m", format=format)
    size = (folder / f"m.{format}").stat().st_size
    for options in ({}, {"choice_func": lambda name: name == "p7"}):
        tracemalloc.start()
        ms.load_checkpoint(f"m.{format}", format=format, **options)
        _, peak = tracemalloc.get_traced_memory()  # of numpy; JAX's own, one copy, is not seen
        tracemalloc.stop()
        assert peak < 0.3 * size


def entry(shape=(12,), offsets=(0, 48), dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


LIES = {
    "a negative size": {"a": entry([-1])},
    "two negative sizes": {"a": entry([-2, -6])},
    "a size that is no integer": {"a": entry([12.0])},
    "a size that is a bool": {"a": entry([True], [0, 4]), "b": entry([11], [4, 48])},
    "no sizes": {"a": entry(None)},
    "sizes that are a text": {"a": entry("", [0, 4]), "b": entry([11], [4, 48])},
    "bools that are neither 0 nor 1": {"a": entry([48], dtype="BOOL")},
    "the end before the start": {"a": entry([3], [12, 0])},
    "an end that is far": {"a": entry([12], [0, 2**62])},
    "an end too near": {"a": entry([12], [0, 4])},
    "an overlap": {"a": entry([3], [0, 12]), "b": entry([3], [8, 20])},
    "one place for two": {"a": entry(), "b": entry()},
    "bytes of nobody": {"a": entry([3], [0, 12])},
    "a hole": {"a": entry([4], [0, 16]), "b": entry([4], [32, 48])},
    "a late start": {"a": entry([11], [4, 48])},
    "a huge size": {"a": entry([2**70])},
    "more axes than arrays have": {"a": entry([1] * 70 + [12])},
    "sizes that take for ever": {"a": entry([10**4000] * 1000)},
    "sizes that overflow": {"a": entry([2**32, 2**32])},
    "nothing, but huge": {"a": entry([0, 2**70], [0, 0]), "b": entry()},
    "another count of offsets": {"a": entry([12], [0, 48, 48])},
    "an unknown dtype": {"a": entry(dtype="F31")},
    "no dtype": {"a": {"shape": [12], "data_offsets": [0, 48]}},
    "metadata that are null": {"__metadata__": None, "a": entry()},
    "metadata that are a text": {"__metadata__": "x", "a": entry()},
    "metadata that are numbers": {"__metadata__": {"a": 1}, "a": entry()},
    "no names": [entry()],
    "nothing": {},
}


TWELVE = np.arange(12, dtype=np.float32).tobytes()


def written(folder, header, data=TWELVE):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    (folder / "x.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + data)


TWICE = b'{"a":%s,"a":%s}' % ((json.dumps(entry()).encode(),) * 2)


def test_bools_are_0_or_1(folder):
    """XLA takes a bool of 2 for a number: a mask would multiply by it."""
    ms.save_checkpoint({"w": Tensor([True, False, True])}, "w.ckpt")
    content = (folder / "w.ckpt").read_bytes()
    (folder / "x.ckpt").write_bytes(content.replace(b"\1\0\1", b"\1\0\2"))
    assert ms.load_checkpoint("w.ckpt")["w"].tolist() == [True, False, True]
    with pytest.raises(ValueError, match="neither 0 nor 1"):
        ms.load_checkpoint("x.ckpt")


@pytest.mark.parametrize("header", [*LIES.values(), TWICE, b"", b"{", b'{"\xff": 1}', b"[" * 10**5], ids=lambda _: "")
def test_headers_that_lie(folder, header):
    written(folder, header)
    with pytest.raises(ValueError, match="Failed to read"):
        ms.load_checkpoint("x.safetensors", format="safetensors")


@pytest.mark.parametrize("content", [b"", b"123", (2**63).to_bytes(8, "little") + b"{}", (50).to_bytes(8, "little")])
def test_files_that_are_cut_short(folder, content):
    for name, format in (("x.safetensors", "safetensors"), ("x.ckpt", "ckpt")):
        (folder / name).write_bytes(content)
        with pytest.raises(ValueError):
            ms.load_checkpoint(name, format=format)


def test_headers_that_are_right(folder):
    """Arrays in any order, of no elements, with names of all kinds, and what else a header may hold."""
    written(folder, {"": entry([3], [36, 48]), "__metadata__": {"a": "b"}, "c": entry([0, 7], [36, 36]),
                     "b": {**entry([3, 3], [0, 36]), "more": 1}})  # fmt: skip
    loaded = ms.load_checkpoint("x.safetensors", format="safetensors")
    assert {n: p.shape for n, p in loaded.items()} == {"": (3,), "b": (3, 3), "c": (0, 7)}
    assert loaded[""].tolist() == [9.0, 10.0, 11.0]


def test_a_name_that_the_format_needs(folder):
    with pytest.raises(ValueError, match="use format='ckpt'"):
        ms.save_checkpoint({"__metadata__": Tensor(1.0)}, "x", format="safetensors")
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    ("epoch", "theirs"), [(3, 921328108), (0, 804042467), (10**6, 515857198), (1.5, 727843864), (True, 1235871280)]
)
def test_checksums_of_scalars_are_mindspores(folder, epoch, theirs):
    ms.save_checkpoint({"w": Tensor([1.0])}, "x", append_dict={"e": epoch}, format="safetensors", crc_check=True)
    content = (folder / "x.safetensors").read_bytes()
    assert f'"crc_num":"{theirs}"'.encode() in content
    assert ms.load_checkpoint("x.safetensors", format="safetensors", crc_check=True)["e"].item() == epoch


@pytest.mark.parametrize("number", [-2, 2**60])
def test_checksums_of_scalars_that_mindspore_has_none_for(folder, number):
    ms.save_checkpoint({"w": Tensor(number)}, "x", format="safetensors", crc_check=True)
    assert ms.load_checkpoint("x.safetensors", format="safetensors", crc_check=True)["w"].item() == number


def test_checksums_of_earlier_versions_are_read(folder):
    data = (3).to_bytes(8, "little")
    crc = zlib.crc32(data, zlib.crc32(b"e"))
    for known, right in ((crc, True), (crc + 1, False)):
        written(folder, {"__metadata__": {"crc_num": str(known)}, "e": entry([], [0, 8], "I64")}, data)
        with nullcontext() if right else pytest.raises(ValueError, match="checksum"):
            ms.load_checkpoint("x.safetensors", format="safetensors", crc_check=True)


def test_writers_of_one_file_do_not_meet(folder):
    def parameters(k):
        return [{"name": "w", "data": Tensor(np.full(50_000, k, np.float32))}]

    def write():
        for k in range(10):
            ms.save_checkpoint(parameters(k), "a.ckpt")

    write()
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(write)
        for k in range(10):
            ms.save_checkpoint(parameters(k), "a.ckpt", async_save=True)
        while not writing.done() or ms.async_ckpt_thread_status():
            values = ms.load_checkpoint("a.ckpt")["w"].asnumpy()
            assert values.shape == (50_000,) and (values == values[0]).all()
        writing.result()
    assert [p.name for p in folder.iterdir()] == ["a.ckpt"]


def test_an_earlier_file_does_not_replace_a_later_one(folder):
    ms.save_checkpoint({"w": ops.zeros((10**6,))}, "a.ckpt", async_save=True)
    ms.save_checkpoint({"w": Tensor(1.0)}, "a.ckpt")
    assert not ms.async_ckpt_thread_status()
    assert ms.load_checkpoint("a.ckpt")["w"].shape == ()


def test_planted_links_are_not_followed(folder):
    victim = folder / "precious"
    victim.write_text("precious")
    (folder / f"b.{os.getpid()}.tmp").symlink_to(victim)
    ms.save_checkpoint({"w": Tensor(1.0)}, "b.ckpt")
    assert victim.read_text() == "precious"


def test_planted_pipes_are_not_waited_for(folder):
    os.mkfifo(folder / ".msjax-b.tmp")
    waiting = threading.Timer(5, lambda: os.close(os.open(folder / ".msjax-b.tmp", os.O_WRONLY | os.O_NONBLOCK)))
    waiting.start()  # a writer of the pipe ends the wait for one
    ms.save_checkpoint({"w": Tensor(1.0)}, "b.ckpt")
    assert waiting.is_alive()
    waiting.cancel()


@pytest.mark.parametrize("broken", [Tensor([1.0, 2.0]), Tensor([True])])
def test_a_network_is_as_it_was_after_a_failed_load(broken):
    net = Two("a", "b")
    with pytest.raises(RuntimeError):
        ms.load_param_into_net(net, {"a": Parameter(Tensor([5.0]), name="a"), "b": Parameter(broken, name="b")})
    assert net.values() == [0.0, 0.0]


@pytest.mark.parametrize("format", ["ckpt", "safetensors"])
def test_eight_bit_floats(folder, format):
    for dtype in (ms.float8_e4m3fn, ms.float8_e5m2):
        ms.save_checkpoint({"w": Tensor([1.0, -2.5], dtype)}, "x", format=format)
        loaded = ms.load_checkpoint(f"x.{format}", format=format)["w"]
        assert loaded.dtype is dtype and loaded.astype(ms.float32).tolist() == [1.0, -2.5]
