"""`mindspore._checkparam`: which exception each check raises, as MindSpore 2.10 does."""

import pytest

from msjax import _checkparam as c
from msjax import float32, float64, int32
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
    (c.check_and_canonicalize_axes, ((0, -1), 3), (0, 2)),
    (c.check_astype_dtype, (float,), float64),
    (c.check_astype_dtype, ("float32",), float32),
    (c.check_axis_type, ((1, 2),), True),
    (c.check_element_type_of_dict, ("d", {"a": 1}, [str], [int], "op"), None),
    (c.check_coo_tensor_shape, ((2, 2), (2,), (3, 4)), None),
    (c.check_csr_tensor_shape, ((3,), (2,), (2,), (2, 4)), None),
    (c.check_file_name_by_regular, ("/tmp/x-1.ckpt",), True),
    (c.check_pad_value_by_mode, ("pad", 1, "op"), 1),
    (c.check_reduce_shape, ((2, 3), (2,), (1,), "op", "a", "b"), None),
    (c.check_reshape_shp, (([2, 3],),), (2, 3)),
    (c.check_size_and_element_type_of_tuple, ("a", (1, 2), 2, int, "op"), None),
    (c.check_swapaxes_axis, ((0, -1), 3), (0, 2)),
    (c.check_transpose_axis, ((), 2), (1, 0)),
    (c.check_transpose_axis, (([1, 0],), 2), (1, 0)),
    (c.check_types_same_and_valid, ({"a": float32, "b": float32}, [float32], "op"), None),
    (c.check_type_support, (float32, "Ascend", [int32]), True),
    (c.expanded_shape, (3, 4, 1), (1, 4, 1)),
    (c.infer_out_shape, ((2, 1), (3,)), (2, 3)),
    (c.prepare_shape_for_squeeze, ((1, 2, 1), (0, -1)), (2,)),
    (c.tuple_slice, ((1, 2, 3), 1, 3), (2, 3)),
    (c._check_3d_int_or_tuple, ("k", 3, "op", False, True), (1, 1, 3, 3, 3)),
    (c._check_3d_int_or_tuple, ("k", (1, 1, 2, 3, 4), "op", True), (2, 3, 4)),
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
    (c.check_and_canonicalize_axes, ("a", 3), TypeError),
    (c.check_astype_dtype, (3,), TypeError),
    (c.check_axis_type, ((1.0,),), TypeError),
    (c.check_element_type_of_dict, ("d", {"a": 1}, [str], [str], "op"), TypeError),
    (c.check_coo_tensor_shape, ((2, 2), (3,), (3, 4)), ValueError),
    (c.check_coo_tensor_dtype, (float32,), TypeError),
    (c.check_coo_tensor_input, (3, 3, (1,)), TypeError),
    (c.check_csr_tensor_shape, ((4,), (2,), (2,), (2, 4)), ValueError),
    (c.check_file_name_by_regular, ("a?b",), ValueError),
    (c.check_flatten_order, ("Z",), ValueError),
    (c.check_hook_fn, (3,), TypeError),
    (c.check_output_data, (None,), RuntimeError),
    (c.check_pad_value_by_mode, ("same", 1, "op"), ValueError),
    (c.check_reduce_shape, ((2, 3), (3,), (1,), "op", "a", "b"), ValueError),
    (c.check_reshape_shp, ((2.0,),), TypeError),
    (c.check_size_and_element_type_of_tuple, ("a", (1, 2), 3, int, "op"), ValueError),
    (c.check_transpose_axis, ((1,), 2), ValueError),
    (c.check_types_same_and_valid, ({"a": float32, "b": int32}, [float32, int32], "op"), TypeError),
    (c.check_valid_input, ("a", None, "op"), ValueError),
    (c.infer_out_shape, ((2, 2), (3,)), ValueError),
    (c.prepare_shape_for_squeeze, ((1, 2, 1), 1), ValueError),
    (c._check_3d_int_or_tuple, ("k", (1, 2), "op"), ValueError),
]


@pytest.mark.parametrize(("check", "arguments", "result"), PASS)
def test_passes(check, arguments, result):
    assert check(*arguments) == result


@pytest.mark.parametrize(("check", "arguments", "error"), FAIL)
def test_fails(check, arguments, error):
    with pytest.raises(error):
        check(*arguments)


def test_objects_and_functions():
    c.check_input_data([1, {"a": 2}], data_class=int)
    with pytest.raises(TypeError, match="str"):
        c.check_input_data(["a"], data_class=int)
    assert c.check_input_dataset(1, 2, dataset_type=int) and not c.check_input_dataset(dataset_type=int)

    @c.args_type_check(a=int, b=(str, type(None)))
    def function(a, b=None):
        return a

    assert function(1, b="x") == 1
    with pytest.raises(TypeError, match="The parameter 'a' must be <class 'int'>"):
        function("z")


def test_errors_name_the_argument_and_its_owner():
    with pytest.raises(ValueError, match="For 'Net', the 'size' must be > 0, but got 0"):
        c.check_positive_int(0, "size", "Net")
