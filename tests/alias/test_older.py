"""Names of older releases: their meaning, and what is said of them."""

import importlib
import importlib.util
import io

import numpy as np
import pytest
from PIL import Image

import msjax as ms
from msjax import Tensor, nn, ops
from msjax.alias import advice, older
from msjax.alias.table import SAME
from msjax.alias.table import TABLE as PATHS

IMAGES = np.arange(16, dtype=np.float32).reshape(1, 1, 4, 4) ** 2
old = pytest.mark.filterwarnings("ignore:mindspore:FutureWarning")


@pytest.fixture
def unsaid(monkeypatch):
    monkeypatch.setattr(older, "_warned", set())


def resolve(path):
    """What a path relative to the root leads to: a module, else a name in one."""
    if path.startswith("profiler") and importlib.util.find_spec("msjax.profiler") is None:
        pytest.skip("msjax has no profiler yet")
    try:
        return importlib.import_module(f"msjax.{path}")
    except ImportError:
        module, _, name = path.rpartition(".")
        return getattr(importlib.import_module(f"msjax.{module}".rstrip(".")), name)


@old
@pytest.mark.parametrize("path", older.TABLE)
def test_every_row_leads_somewhere(path):
    assert resolve(path) is not None


@pytest.mark.parametrize("path", [path for path, row in older.TABLE.items() if row.today.startswith("mindspore.")])
def test_today_is_a_name_that_is_here(path):
    today = older.TABLE[path].today.partition("(")[0].partition(".")[2]
    assert resolve(today) is not None


def test_rows_of_modules_are_paths():
    assert {path for path, row in older.TABLE.items() if not row.home} <= {*PATHS, *SAME}


def test_it_is_said_once_at_the_line_of_the_program(unsaid):
    with pytest.warns(FutureWarning, match=r"mindspore\.ms_function is of an older .* mindspore\.jit$") as said:
        ms.ms_function  # noqa: B018
        ms.ms_function  # noqa: B018
    assert [warning.filename for warning in said] == [__file__]


def test_an_import_says_it_too(unsaid, mindspore):
    with pytest.warns(FutureWarning, match=r"mindspore\.ops\.Sum .* mindspore\.ops\.ReduceSum$") as said:
        from mindspore.ops.operations import Sum
    assert Sum is ops.ReduceSum and said[0].filename == __file__


def test_modules_say_it_at_the_line_of_the_import(python, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import os\nimport mindspore.dataset.vision.c_transforms\n")
    run = python("-m", "msjax", "script.py")
    said = f"{script}:2: FutureWarning: mindspore.dataset.vision.c_transforms is of an older release"
    assert run.stderr.startswith(said)


@old
def test_ms_function():
    assert ms.ms_function(lambda x: x * 2)(Tensor([1.0])).tolist() == [2.0]
    assert ms.ms_function(input_signature=None)(lambda x: x + 1)(Tensor([1.0])).tolist() == [2.0]


@old
@pytest.mark.parametrize(("corners", "centers"), [(False, False), (True, False), (False, True)])
def test_resize_bilinear(corners, centers):
    wanted = ops.ResizeBilinearV2(corners, centers)(Tensor(IMAGES), (8, 6)).asnumpy()
    x = Tensor(IMAGES)
    operator = ops.operations.ResizeBilinear((8, 6), corners, centers)
    layer = nn.ResizeBilinear(half_pixel_centers=centers)
    assert np.array_equal(operator(x), wanted) and np.allclose(ms.jit(operator)(x).asnumpy(), wanted)
    assert np.array_equal(layer(x, size=(8, 6), align_corners=corners), wanted)
    assert np.array_equal(layer(x, None, 2, corners), ops.ResizeBilinearV2(corners, centers)(x, (8, 8)))
    gradient = ms.grad(lambda x: operator(x).sum())(x)
    assert gradient.shape == x.shape and np.isclose(gradient.asnumpy().sum(), 48)


@old
def test_resize_bilinear_refuses():
    x = Tensor(IMAGES)
    for arguments in ((), ((8, 8), 2)):
        with pytest.raises(ValueError, match=r"size.*scale_factor"):
            nn.ResizeBilinear()(x, *arguments)
    with pytest.raises(ValueError, match="align_corners"):
        nn.ResizeBilinear(half_pixel_centers=True)(x, (8, 8), align_corners=True)
    with pytest.raises(TypeError, match="half_pixel_centers"):
        nn.ResizeBilinear(half_pixel_centers=3)


@old
def test_old_modes_of_batch_norm():
    x = Tensor(np.arange(16, dtype=np.float32).reshape(2, 2, 2, 2))
    for mode in (0, 1):
        mine, theirs = (
            norm(x, ops.ones(2), ops.zeros(2), ops.zeros(2), ops.ones(2))  # the statistics are moved in place
            for norm in (ops.operations.FusedBatchNorm(mode), ops.BatchNorm(is_training=mode == 1))
        )
        assert all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))


@old
def test_old_questions_of_types():
    x = Tensor([1.0, 2.0])
    assert ops.operations.SameTypeShape()(x, x + 1) is x
    for other, error in ((Tensor([1, 2]), TypeError), (Tensor([1.0]), ValueError)):
        with pytest.raises(error):
            ops.operations.SameTypeShape()(x, other)
    assert ops.operations.IsSubClass()(ms.int32, ms.int_) and not ops.operations.IsSubClass()(ms.float32, ms.int32)
    assert ops.operations.IsInstance()(1, ms.int64) and not ops.operations.IsInstance()(1.0, ms.int64)


@old
def test_flash_attention():
    from msjax.nn.layer.flash_attention import FlashAttention

    q, k, v = (Tensor(np.random.default_rng(i).normal(size=(2, 2, 3, 4)).astype(np.float32)) for i in range(3))
    mask = np.triu(np.ones((2, 3, 3), np.uint8), 1)
    scores = np.where(mask[:, None] == 1, -np.inf, q.asnumpy() @ k.asnumpy().swapaxes(2, 3) / 2)
    weights = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    assert np.allclose(FlashAttention(4, 2)(q, k, v, Tensor(mask)).asnumpy(), weights @ v.asnumpy(), atol=1e-6)
    one = FlashAttention(4, 2, use_mqa=True)(q, k[:, :1], v[:, :1])
    assert np.allclose(
        one.asnumpy(), FlashAttention(4, 2)(q, *(ops.tile(x[:, :1], (1, 2, 1, 1)) for x in (k, v))).asnumpy()
    )
    with pytest.raises(ValueError, match="window"):
        FlashAttention(4, 2, prev_block_num=8)


@old
def test_old_transforms():
    from msjax.dataset.transforms import Compose
    from msjax.dataset.vision.py_transforms import ComposeOp

    both = [lambda x: x + 1, lambda x: x * 2]
    assert ComposeOp(both)()(3) == Compose(both)(3) == 8


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nn.Module", "PyTorch's spelling; MindSpore's is mindspore.nn.Cell"),
        ("nn.init.constant_", "PyTorch's spelling; MindSpore's is mindspore.common.initializer"),
        ("compression.quant", "of an older release and not in msjax: quantization is a package of its own"),
    ],
)
def test_names_that_are_absent_on_purpose(name, said, mindspore):
    module, _, last = name.rpartition(".")
    with pytest.raises(ImportError, match=said):
        exec(f"from mindspore.{module} import {last}")


def test_what_is_left_out_says_why():
    with pytest.raises(ImportError, match=r"is in MindSpore 2\.10 and left out of msjax: it belongs to servers of par"):
        exec("from msjax.ops.operations import Push")


@pytest.mark.parametrize("path", sorted({*advice.PYTORCH, *advice.GONE, *advice.LEFT_OUT}))
def test_they_are_absent(path):
    with pytest.raises((ImportError, AttributeError)):
        resolve(path)


@old
def test_arguments_of_load_checkpoint_are_checked(tmp_path):
    from msjax.train.serialization import _check_checkpoint_param

    path = str(tmp_path / "net.ckpt")
    ms.save_checkpoint(nn.Dense(2, 1), path)
    assert _check_checkpoint_param(path) == (path, None)
    assert _check_checkpoint_param(path, "adam") == (path, ("adam",))
    with pytest.raises(ValueError, match="does not exist"):
        _check_checkpoint_param(str(tmp_path / "other.ckpt"))


@old
def test_py_transforms_take_channels_in_front(mindspore):
    from mindspore.dataset.vision import py_transforms

    image = np.random.RandomState(0).randint(0, 255, (4, 5, 3)).astype(np.uint8)
    turned = py_transforms.ToTensor()(image)
    done = py_transforms.Normalize((0.5, 0.4, 0.3), (0.1, 0.2, 0.3))(turned)
    mean, std = (np.reshape(numbers, (3, 1, 1)) for numbers in ([0.5, 0.4, 0.3], [0.1, 0.2, 0.3]))
    np.testing.assert_allclose(done, (turned - mean) / std, rtol=1e-5)
    assert py_transforms.CutOut(2)(turned).shape == (3, 4, 5)
    assert py_transforms.Resize is ms.dataset.vision.Resize
    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    assert py_transforms.Decode()(np.frombuffer(file.getvalue(), np.uint8)).size == (5, 4)
