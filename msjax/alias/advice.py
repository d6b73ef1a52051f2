"""What is said of names that are asked for, and are not here on purpose. Paths are relative to the root.

An entry holds for its path and all below it.
"""

from __future__ import annotations

# Spellings of PyTorch's, which no release of MindSpore had, and MindSpore's.
PYTORCH: dict[str, str] = {
    "FloatTensor": "mindspore.Tensor(data, mindspore.float32)",
    "LongTensor": "mindspore.Tensor(data, mindspore.int64)",
    "autograd": "mindspore.grad or mindspore.value_and_grad",
    "cuda": "mindspore.runtime",
    "nn.ConvTranspose1d": "mindspore.nn.Conv1dTranspose",
    "nn.ConvTranspose2d": "mindspore.nn.Conv2dTranspose",
    "nn.ConvTranspose3d": "mindspore.nn.Conv3dTranspose",
    "nn.DataParallel": "mindspore.set_auto_parallel_context(parallel_mode='data_parallel')",
    "nn.Module": "mindspore.nn.Cell",
    "nn.ModuleDict": "mindspore.nn.CellDict",
    "nn.ModuleList": "mindspore.nn.CellList",
    "nn.Sequential": "mindspore.nn.SequentialCell",
    "nn.UpsamplingBilinear2d": "mindspore.nn.Upsample(mode='bilinear', align_corners=True)",
    "nn.UpsamplingNearest2d": "mindspore.nn.Upsample(mode='nearest')",
    "nn.functional": "mindspore.mint.nn.functional or mindspore.ops",
    "nn.init": "mindspore.common.initializer",
    "nn.utils.clip_grad_norm": "mindspore.ops.clip_by_global_norm",
    "nn.utils.clip_grad_norm_": "mindspore.ops.clip_by_global_norm",
    "no_grad": "mindspore.ops.stop_gradient",
    "optim": "mindspore.nn or mindspore.experimental.optim",
    "save": "mindspore.save_checkpoint",
    "utils.data": "mindspore.dataset",
}

# Names of older releases that are not served (those that are: `alias/older`).
GONE: dict[str, str] = {
    "compression": "quantization is a package of its own since, MindSpore Golden Stick",
    "dataset.GraphData": "graphs are in a package of their own since, MindSpore Graph Learning",
    "explainer": "explanations are in a package of their own since, MindSpore XAI",
    "model_zoo": "the networks are a repository of their own, github.com/mindspore-lab/models",
    "nn.layer.flash_attention": "use mindspore.ops.flash_attention_score",
    "nn.layer.quant": "quantization is a package of its own since, MindSpore Golden Stick",
    "ops.operations._inner_ops.DecoderKVCache": "write to the cache by index: cache[:, :, length] = update",
    "ops.operations._inner_ops.PromptKVCache": "write to the cache by index: cache[:, :, :length] = update",
    "train.quant": "quantization is a package of its own since, MindSpore Golden Stick",
}

# MindSpore's inside that is not served; what is, docs/internals.md says. What to use.
INSIDE: dict[str, str] = {
    "_akg": "the operators of mindspore.ops, which XLA fuses",
    "_c_dataengine": "mindspore.dataset",
    "_c_expression": "the names of mindspore, mindspore.ops and mindspore.nn",
    "_c_expression.init_exec_dataset": "Model.train(dataset_sink_mode=True)",
    "_c_mindrecord": "mindspore.mindrecord",
    "_extends": "mindspore.jit",
    "common.api": "mindspore.jit and mindspore.value_and_grad",
    "graph": "mindspore.jit",
    "ops.CustomOpBuilder": "ops.Custom(func_type='pyfunc') or jax.ffi: it compiles C++ against MindSpore's own headers",
    "ops.auto_generate.pyboost_inner_prim": "the functions of mindspore.ops",
    "ops.kernel": "a function of mindspore.ops operators, or ops.Custom(func_type='pyfunc')",
    "ops.ms_kernel": "a function of mindspore.ops operators, or ops.Custom(func_type='pyfunc')",
    "train.serialization.Checkpoint": "mindspore.load_checkpoint and mindspore.save_checkpoint",
    "utils.dryrun.set_simulation": "the program itself, on a CPU: nothing is simulated here",
}


def of(path: str) -> str | None:
    """What to say of a name, with its path under `mindspore`, in place of the usual; None if there is nothing.

    Example:
        >>> of("mindspore.nn.Module")
        "is PyTorch's spelling; MindSpore's is mindspore.nn.Cell"
    """
    path = path.partition(".")[2]
    while path:
        if path in PYTORCH:
            return f"is PyTorch's spelling; MindSpore's is {PYTORCH[path]}"
        if path in GONE:
            return f"is of an older release and not in msjax: {GONE[path]}"
        if path in INSIDE:
            return f"is of MindSpore's inside and not in msjax: use {INSIDE[path]}"
        path = path.rpartition(".")[0]
    return None
