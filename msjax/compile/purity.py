"""What functions and classes of msjax may do in a function that is being compiled."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from msjax.compile.origin import module_of
from msjax.compile.refusal import Refused

# Of msjax, what changes something besides Tensors, needs a value, or calls functions that were registered before.
_ROOMS = tuple(f"msjax.{room}" for room in "ops autodiff diffops mint numpy nn core. scipy amp train.mixed".split())
_ROOMS_WITH_EFFECTS = tuple(
    f"msjax.{room}" for room in "core.context core.precision core.random log nn.initializer".split()
)
# Where the layers are that have no Parameters, so that a function may make them anew on each call.
ROOMS_WITHOUT_STATE = tuple(
    f"msjax.nn.{room}" for room in "loss wrap layer.activation layer.pooling layer.older".split()
)
_EFFECTS = set(
    "print_ Print save_checkpoint load_checkpoint set_seed manual_seed seed set_rng_state get_rng_state initial_seed "
    "register_saved_tensors_hooks saved_tensors_hooks Custom HookBackward InsertGradientOf TensorDump "
    "HookHandle".split()
)
TENSOR_EFFECTS = set(
    "register_hook requires_grad_ init_data data_sync set_const_arg flush_from_cache set_data_type backward "
    "retain_grad __reduce__ __dlpack__ data_ptr".split()
)
CELL_READERS = set(
    "trainable_params untrainable_params get_parameters parameters_and_names cells name_cells cells_and_names "
    "parameters_dict get_flags state_dict buffers named_buffers keys values items".split()
)
# Methods of msjax's layers, losses and optimizers that compute with what those keep.
LAYER_METHODS = set(
    "construct get_loss get_axis get_lr get_weight_decay decay_weight gradients_centralization scale_grad "
    "flatten_gradients _grad_sparse_indices_deduplicate broadcast_params assignadd start_overflow_check "
    "get_overflow_status process_loss_scale".split()
)


def check_library(found: Any) -> None:
    """Raises:
    Refused: if a function or class of msjax has effects, or is not known to have none."""
    function = isinstance(found, FunctionType)
    name, module = (found.__code__.co_name, module_of(found)) if function else (found.__name__, found.__module__)
    if not module.startswith(_ROOMS) or module.startswith(_ROOMS_WITH_EFFECTS) or name in _EFFECTS:
        raise Refused(f"it calls {name}, which has effects besides what it returns")
