"""Marks for MindSpore's compiler check their arguments and change nothing."""

import pytest

from msjax import nn
from msjax.compile import marks


def test_what_is_marked_stays_what_it_is():
    class Plain:
        pass

    class Block(nn.Cell):
        @marks.lazy_inline(attrs=["width"], policy="front")
        def __init__(self, width=2):
            super().__init__()
            self.width = width

    assert marks.jit_class(Plain) is Plain
    assert Block(3).width == 3
    assert marks.no_inline(abs) is abs and marks.no_inline()(abs) is abs


def test_config():
    config = marks.JitConfig("O1", more=1).jit_config_dict
    assert config == {
        "jit_level": "O1", "exc_mode": "auto", "jit_syntax_level": "", "debug_level": "RELEASE", "infer_boost": "off",
        "more": 1, "backend": "ms_backend",
    }  # fmt: skip


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: marks.jit_class(abs), TypeError, "can only be used for class type"),
        (lambda: marks.jit_class(nn.Cell), TypeError, "cannot be used for nn.Cell"),
        (lambda: marks.lazy_inline(abs), ValueError, "__init__"),
        (lambda: marks.lazy_inline(policy="back"), ValueError, "policy must be"),
        (lambda: marks.JitConfig("O7"), ValueError, "jit_level"),
        (lambda: marks.JitConfig(exc_mode="x"), ValueError, "exc_mode"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
