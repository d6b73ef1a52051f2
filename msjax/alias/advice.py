"""What is said of names that are asked for, and are not here on purpose. Paths are relative to the root.

An entry holds for its path and all below it.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    "common.initializer.random_normal": "mindspore.ops.standard_normal, or the initializer Normal",
    "explainer": "explanations are in a package of their own since, MindSpore XAI",
    "model_zoo": "the networks are a repository of their own, github.com/mindspore-lab/models",
    "nn.layer.quant": "quantization is a package of its own since, MindSpore Golden Stick",
    "nn.optim.SparseAdam": "mindspore.nn.LazyAdam takes steps for the rows that have gradients",
    "ops.Upsample": "mindspore.ops.interpolate, or mindspore.nn.Upsample",
    "ops.operations.Upsample": "mindspore.ops.interpolate, or mindspore.nn.Upsample",
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
    "common._jit_fallback_utils": "mindspore.jit",
    "common.api": "mindspore.jit and mindspore.value_and_grad",
    "graph": "mindspore.jit",
    "ops._op_impl": "ops.Custom(func_type='pyfunc')",
    "ops.auto_generate.pyboost_inner_prim": "the functions of mindspore.ops",
    "ops.auto_generate.gen_ops_prim.dropout_ext_op": "mindspore.mint.nn.functional.dropout",
    "ops.auto_generate.gen_ops_prim.inplace_uniform_op": "Tensor.uniform_(generator=...)",
    "ops.auto_generate.gen_ops_prim.multinomial_ext_op": "mindspore.mint.multinomial(generator=...)",
    "ops.auto_generate.gen_ops_prim.randint_op": "mindspore.mint.randint(generator=...)",
    "parallel._parallel_serialization": "the functions of mindspore.parallel",
    "parallel._tensor": "the functions of mindspore.parallel",
    "train.mind_ir_pb2": "mindspore.export",
    "train.node_strategy_pb2": "the functions of mindspore.parallel",
}

_CHIP = "works on Ascend chips alone"
_SERVER = "belongs to servers of parameters; here processes reduce gradients"
_VIDEO = "needs FFmpeg: PyAV decodes a video, in a function of the user's that a pipeline calls"
_IN_PLACE = "is not needed: the functions of ops.communication write to the Tensors that they are given for results"
_LANDSCAPE = "draws for MindInsight; the curvature of a loss is computed by diffops.hvp"
_KERNEL = "is compiled by MindSpore's own compilers: write a function of operators, or ops.Custom(func_type='pyfunc')"

# Names that MindSpore 2.10 documents or exports, and that are left out for good. Why.
LEFT_OUT: dict[str, str] = {
    "SummaryLandscape.clean_ckpt": _LANDSCAPE,
    "SummaryLandscape.gen_landscapes_with_multi_process": _LANDSCAPE,
    "boost.AdaSum": f"{_CHIP}, eight to a machine",
    "boost.BoostTrainOneStepCell.adasum_process": f"{_CHIP}, eight to a machine",
    "boost.DimReduce": f"{_CHIP}; interop.optax.LBFGS takes steps of second order",
    "boost.GroupLossScaleManager": f"{_CHIP}; amp.DynamicLossScaler scales the loss",
    "dataset.vision.DecodeVideo": _VIDEO,
    "dataset.vision.VideoDecoder": _VIDEO,
    "dataset.vision.read_video": _VIDEO,
    "dataset.vision.read_video_timestamps": _VIDEO,
    "nn.GetNextSingleOp": "reads a queue on an Ascend chip; a pipeline is iterated, or Model.train sinks it",
    "ops.AkgAscendRegOp": _KERNEL,
    "ops.AkgGpuRegOp": _KERNEL,
    "ops.NeighborExchangeV2": f"{_CHIP}; ops.NeighborExchange sends slices of a Tensor",
    "ops.all_gather_matmul": f"{_CHIP}; it is ops.AllGather, and ops.matmul of what that gives",
    "ops.communication.set_comm_ops_inplace": _IN_PLACE,
    "ops.matmul_reduce_scatter": f"{_CHIP}; it is ops.matmul, and ops.ReduceScatter of what that gives",
    "ops.set_comm_ops_inplace": _IN_PLACE,
    "ops.CustomOpBuilder": "compiles C++ against MindSpore's headers; jax.ffi calls compiled code",
    "ops.Pull": _SERVER,
    "ops.Push": _SERVER,
    "ops.kernel": _KERNEL,
    "ops.ms_kernel": _KERNEL,
}


# Names of MindSpore 2.10 that are not served, by what is said of them.
_NOT_SERVED: dict[str, str] = {
    "it takes what another kernel has kept; differentiate its operator with mindspore.grad": """
        ops.operations._grad_ops.: AvgPoolGradGe AvgPoolGradV1 AvgPoolGradVm BNTrainingReduceGrad BNTrainingUpdateGrad
        BasicLSTMCellCStateGrad BasicLSTMCellInputGrad BasicLSTMCellWeightGrad DynamicGRUV2Grad
        DynamicRNNGrad FractionalAvgPoolGrad
        FractionalMaxPoolGrad GRUV2Grad GruGradData GruGradWeight InstanceNormGrad
        InstanceNormV2Grad LSTMGrad LSTMGradData LSTMGradWeight MaxPoolGradV1 SyncBatchNormGrad WKVGrad""",
    "differentiate its operator with mindspore.grad": """
        ops.operations._grad_ops.: DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput
        Dilation2DBackpropFilter Dilation2DBackpropInput ParallelResizeBilinearGrad PsROIPoolingGrad
        ResizeV2Grad ScaleAndTranslateGrad SparseSliceGrad""",
    "there are no processes that share the tables of embeddings": """
        ops.operations._grad_ops.: EmbeddingLookupCommGrad MapTensorGetGrad NeighborExchangeV2Grad RefToEmbed""",
    "it has no computation of its own": """
        ops.operations._grad_ops.: _ActivationGrad _PoolGrad
        ops.operations._inner_ops.: CellBackwardHook CheckBprop ErrorOnDynamicShapeInput GetGrad IsParameter
        PartitionedCall _VirtualConverterBegin _VirtualConverterEnd""",
    "MindSpore documents nothing of what it computes, and runs it on Ascend only": """
        ops.operations._inner_ops.: AntiQuant ApplyCamePart1 ApplyCamePart2 ApplyCamePart3 ApplyCamePart4
        ConfusionMulGrad DSDGrad DSDMatmul Dequant FFN KMeansCentroids Lamb MatmulDDS MatmulDDSGrad Quant TopKRouter
        TopPRouter
        ops.auto_generate.: apply_rotary_pos_emb_ ApplyRotaryPosEmb
        ops.: ApplyRotaryPosEmb""",
    "MindSpore's compiler alone can call it, in programs that it has made": """
        ops.: array_reduce array_to_scalar bool_and bool_eq bool_not bool_or dict_setitem distribute embed env_get
        environ_add environ_create environ_get environ_set hastype is_dynamic_sequence_element_unknown
        is_tensor_bool_cond iter_converter make_coo_tensor make_csr_tensor make_dict make_map_parameter make_row_tensor
        make_row_tensor_inner make_sparse_tensor merge ms_hasnext ms_next ref_to_embed row_tensor_add
        row_tensor_get_dense_shape row_tensor_get_indices row_tensor_get_values string_concat string_eq switch_layer
        tail typeof zip_operation geswitch CopyWithSlice DumpGradient DtypeToEnum GeSwitch MapCacheIdx MapUniform Merge
        PyExecute SelectView SliceGetItem UpdateState coo2csr csr2coo csr_gather""",
    "MindSpore has deprecated it, and no kernel for CPUs; the functions of ops and mint compute it": """
        ops.: BasicLSTMCell BatchToSpaceNDV2 CheckNumerics CompareAndBitpack ConfusionMatrix ConjugateTranspose
        DataFormatVecPermute DepthwiseConv2dNative Dilation2D EuclideanNorm ExtractGlimpse FractionalAvgPool ListDiff
        MatrixLogarithm MatrixSolveLs NonDeterministicInts NonMaxSuppressionV3 NthElement NuclearNorm
        ParameterizedTruncatedNormal ResizeArea SampleDistortedBoundingBoxV2 ScaleAndTranslate ScatterAddWithAxis
        SparseSlice SubAndFilter TridiagonalMatMul TruncatedNormal""",
    "MindSpore runs it on Ascend chips only, as a kernel of large language models": """
        ops.: GroupTopk PagedAttention PagedAttentionMask ReshapeAndCache add_layer_norm add_rms_norm
        all_to_all_v_c lightning_indexer moe_distribute_combine moe_distribute_dispatch moe_init_routing_v2
        multi_scale_deformable_attn_function nsa_compress nsa_compress_attention nsa_select_attention
        ring_attention_update sparse_flash_attention""",
    "MindSpore documents nothing of it, and has no kernel for CPUs; the functions of mint compute it": """
        mint.: batch_norm_elemt batch_norm_gather_stats_with_counts batch_norm_stats conv_tbc npu_gelu vdot""",
    "MindSpore 2.10 itself can not call it on a CPU as it documents": "ops.: PyFunc tensor_muls stop_gradient_",
    "it limits or recycles what JAX decides about: a device's cores, memory and graphs": """
        MemPool PluggableAllocator StreamLimitCtx flops_collection get_device_limit get_stream_limit mindio_preload
        reset_stream_limit set_device_limit set_mindio_server_info set_stream_limit use_mem_pool DeviceCtx
        TensorType""",
    "it is of the memory behind MindSpore's Tensors, which JAX's arrays do not have": """
        Tensor.: __setstate__ assign_value_cpp const_arg delete_ delta_seed getitem_index_info index index_of_parent_
        init init_finished init_flag is_init offload offload_file_path param_info parent_tensor_ remove_hook set_
        set_cast_dtype set_device_address set_init_flag set_param_info setitem_index_info symbolic_shape to_
        virtual_flag wait_pipeline""",
    "no queue of a device holds the data; iterate over the dataset, or let Model.train sink it": """
        nn.wrap.cell_wrapper.GetNextSingleOp""",
}


def _spread(text: str) -> Iterator[str]:
    """Paths, of which those before a colon are where the names after it are."""
    place = ""
    for word in text.split():
        if word.endswith(":"):
            place = word.removesuffix(":")
        else:
            yield place + word


NOT_SERVED = {path: reason for reason, text in _NOT_SERVED.items() for path in _spread(text)}
_SAID = (
    (PYTORCH, "is PyTorch's spelling; MindSpore's is"),
    (GONE, "is of an older release and not in msjax:"),
    (NOT_SERVED, "is in MindSpore 2.10, but not in msjax:"),
    (INSIDE, "is of MindSpore's inside and not in msjax: use"),
    (LEFT_OUT, "is in MindSpore 2.10 and left out of msjax: it"),
)


def of(path: str) -> str | None:
    """What to say of a name, with its path under `mindspore`, in place of the usual; None if there is nothing.

    Example:
        >>> of("mindspore.nn.Module")
        "is PyTorch's spelling; MindSpore's is mindspore.nn.Cell"
    """
    path = path.partition(".")[2]
    while path:
        for known, said in _SAID:
            if path in known:
                return f"{said} {known[path]}"
        path = path.rpartition(".")[0]
    return None
