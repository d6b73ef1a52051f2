"""`mindspore._checkparam`: which exception each check raises, as MindSpore 2.10 does."""

import pytest

from msjax import float32, int32
from msjax.alias import checkparam as c
from msjax.core import dtype

PASS = [
    (c.check_positive_int, (3,), 3),
    (c.check_int_range, (7, 5, 7, c.INC_BOTH), 7),
    (c.check_number_range, (1.5, 1, 2, c.INC_RIGHT, float), 1.5),
    (c.check_string, ("b", ["b", "c"]), "b"),
    (c.check_value_type, ("n", 1, int), 1),
    (c.check_value_type, ("n", True, [int, bool]), True),
    (c.check_axis_in_range, (-1, 2), 1),
    (c.check_axis_valid, (None, 2), (0, 1)),
    (c.check, ("n", 2, "m", 2), 2),
    (c.check_subclass, ("n", float32, dtype.number, "Net"), None),
    (c.check_type_name, ("n", float32, [float32], "Net"), float32),
    (c.twice, (3,), (3, 3)),
    (c.triple, ((1, 2, 3),), (1, 2, 3)),
]

FAIL = [
    (c.check_positive_int, (0,), ValueError),
    (c.check_positive_int, (True,), TypeError),
    (c.check_positive_int, (2.0,), TypeError),
    (c.check_non_negative_int, (-1,), ValueError),
    (c.check_positive_float, (1,), TypeError),
    (c.check_positive_float, (float("nan"),), ValueError),
    (c.check_int_range, (3, 5, 7, c.INC_LEFT), ValueError),
    (c.check_positive_int_sequence, ([1, 0],), ValueError),
    (c.check_bool, (1,), TypeError),
    (c.check_string, ("a", ["b"]), ValueError),
    (c.check_value_type, ("n", True, [int]), TypeError),
    (c.check_value_type, ("n", [1], (tuple,)), TypeError),
    (c.check_isinstance, ("n", 1, float), ValueError),
    (c.check_subclass, ("n", float32, int32, "Net"), TypeError),
    (c.check_type_name, ("n", float32, [int32], "Net"), TypeError),
    (c.check_axis_in_range, (3, 2), ValueError),
    (c.check_axis_valid, ((1, 1), 2), ValueError),
    (c.twice, ((1,),), TypeError),
]


@pytest.mark.parametrize(("check", "arguments", "result"), PASS)
def test_passes(check, arguments, result):
    assert check(*arguments) == result


@pytest.mark.parametrize(("check", "arguments", "error"), FAIL)
def test_fails(check, arguments, error):
    with pytest.raises(error):
        check(*arguments)


def test_errors_name_the_argument_and_its_owner():
    with pytest.raises(ValueError, match="For 'Net', the 'size' must be > 0, but got 0"):
        c.check_positive_int(0, "size", "Net")
