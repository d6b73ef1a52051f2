"""What arguments must be, by kinds."""

import pytest

from msjax.core.kinds import check, each_axis, is_a


@pytest.mark.parametrize(
    ("kind", "yes", "no"),
    [
        ("int", [0, -1], [True, 1.0, "1", None]),
        ("int > 0", [1], [0, True, 1.0]),
        ("None or float [0, 1)", [None, 0.0, 0.5], [1.0, 0, "half"]),
        ("number", [1, 1.5], [True, "1"]),
        ("'mean' or 'sum'", ["mean"], ["none", None, 1]),
        ("2 int >= 0", [(0, 1)], [(0,), (0, -1), [0, 1], (0, True)]),
    ],
)
def test_kinds(kind, yes, no):
    assert all(is_a(value, kind) for value in yes)
    assert not any(is_a(value, kind) for value in no)


def test_an_int_for_each_axis():
    assert each_axis("Conv2d", "stride", 3, 2, "> 0") == (3, 3)
    assert each_axis("Conv2d", "stride", [1, 2], 2, "> 0") == (1, 2)
    for value, error in (((1, 0), ValueError), ((1, 2, 3), ValueError), ("ab", TypeError), ((1, 2.0), TypeError)):
        with pytest.raises(error, match="For 'Conv2d', the 'stride' must be int > 0 or a tuple of 2 int > 0, but got"):
            each_axis("Conv2d", "stride", value, 2, "> 0")


def test_a_wrong_type_is_a_type_error_and_a_wrong_value_a_value_error():
    with pytest.raises(TypeError, match="For 'Dropout', the 'p' must be float"):
        check("Dropout", "p", "half", "float [0, 1)")
    with pytest.raises(ValueError, match=r"but got 2\.0"):
        check("Dropout", "p", 2.0, "float [0, 1)")
