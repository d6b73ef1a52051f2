"""What arguments of the constructors of primitive classes must be, by kind; see `msjax.core.kinds`.

The calls check what depends on the Tensors, such as words that not every rank knows.
"""

_NAMES = {
    "'ACROSS_CHANNELS'": "LRN.norm_region",
    "'LEFT_RIGHT' or 'RIGHT_LEFT' or 'LEFT_LEFT' or 'RIGHT_RIGHT'": (
        "MatrixDiagPartV3.align MatrixDiagV3.align MatrixSetDiagV3.align"
    ),
    "'LSTM'": "DynamicRNN.cell_type",
    "'UNIDIRECTIONAL'": "DynamicGRUV2.direction DynamicRNN.direction",
    "'tanh'": "DynamicGRUV2.activation DynamicRNN.activation",
    "'NCDHW' or 'NDHWC'": (
        "AvgPool3D.data_format Conv3D.data_format Conv3DTranspose.data_format MaxPool3D.data_format "
        "MaxPool3DWithArgmax.data_format MaxUnpool3D.data_format"
    ),
    "'NCHW' or 'NHWC'": (
        "AvgPool.data_format Conv2D.data_format Conv2DTranspose.data_format MaxPool.data_format MaxUnpool2D.data_format"
    ),
    "'NCHW' or 'NHWC' or 'NCDHW'": "BiasAdd.data_format",
    "'REFLECT' or 'SYMMETRIC'": "MirrorPad.mode",
    "'bilinear' or 'nearest' or 'bicubic'": "GridSampler2D.interpolation_mode GridSampler3D.interpolation_mode",
    "'sum' or 'max' or 'min' or 'prod' or 'avg'": "AllReduce.op Reduce.op ReduceScatter.op ReduceScatterV.op",
    "str": (
        "AllGather.group AllGatherV.group AllReduce.group AlltoAll.group AlltoAllV.group AlltoAllVC.group "
        "Broadcast.group CollectiveGather.group CollectiveScatter.group Receive.group Reduce.group "
        "ReduceScatter.group ReduceScatterV.group Send.group"
    ),
    "'none' or 'mean' or 'sum'": (
        "BCEWithLogitsLoss.reduction BinaryCrossEntropy.reduction MultiMarginLoss.reduction NLLLoss.reduction "
        "SmoothL1Loss.reduction"
    ),
    "'none' or 'mean' or 'sum' or 'batchmean'": "KLDivLoss.reduction",
    "'valid' or 'same' or 'pad' or 'VALID' or 'SAME' or 'PAD' or 'Valid' or 'Same' or 'Pad'": (
        "AvgPool.pad_mode AvgPool3D.pad_mode Conv2D.pad_mode Conv2DTranspose.pad_mode Conv3D.pad_mode "
        "Conv3DTranspose.pad_mode MaxPool.pad_mode MaxPool3D.pad_mode"
    ),
    "'xy' or 'ij'": "Meshgrid.indexing",
    "'zeros' or 'border' or 'reflection'": "GridSampler2D.padding_mode GridSampler3D.padding_mode",
    "None or dtype": "Argmax.output_type Argmin.output_type RandpermV2.dtype SearchSorted.dtype",
    "None or int": "Unstack.num",
    "None or real": (
        "HShrink.lambd IsClose.atol IsClose.rtol NanToNum.nan NanToNum.neginf NanToNum.posinf "
        "SmoothL1Loss.beta SoftShrink.lambd"
    ),
    "bool": (
        "Adam.use_locking Adam.use_nesterov ApplyAdagrad.update_slots ApplyMomentum.use_locking "
        "ApplyMomentum.use_nesterov ApplyRMSProp.use_locking AvgPool3D.ceil_mode AvgPool3D.count_include_pad "
        "BartlettWindow.periodic BlackmanWindow.periodic DynamicGRUV2.is_training "
        "DynamicRNN.is_training FillDiagonal.wrap HammingWindow.periodic "
        "LpNorm.keep_dims LuUnpack.unpack_data LuUnpack.unpack_pivots MatrixInverse.adjoint "
        "MatrixSolve.adjoint MaxPool3DWithArgmax.ceil_mode Median.global_median Median.ignore_nan "
        "Median.keep_dims MultinomialWithReplacement.replacement ScatterAdd.use_locking "
        "ScatterDiv.use_locking ScatterMax.use_locking ScatterMin.use_locking ScatterMul.use_locking "
        "ScatterNdAdd.use_locking ScatterNdDiv.use_locking ScatterNdMax.use_locking ScatterNdMin.use_locking "
        "ScatterNdMul.use_locking ScatterNdSub.use_locking ScatterNdUpdate.use_locking ScatterSub.use_locking "
        "ScatterUpdate.use_locking Sort.descending SparseSoftmaxCrossEntropyWithLogits.is_grad "
        "SparseTensorDenseMatmul.adjoint_dt SparseTensorDenseMatmul.adjoint_st TopK.sorted"
    ),
    "bool [0, 0]": "DynamicRNN.use_peephole",
    "bool [1, 1]": "DynamicGRUV2.time_major DynamicRNN.time_major",
    "dtype": (
        "BartlettWindow.dtype BlackmanWindow.dtype HammingWindow.dtype LogSpace.dtype "
        "MaxPool3DWithArgmax.argmax_type Multinomial.dtype RandomCategorical.dtype RandomPoisson.dtype "
        "TrilIndices.dtype TriuIndices.dtype"
    ),
    "float": (
        "ApplyMomentum.gradient_scale ApproximateEqual.tolerance FillDiagonal.fill_value HammingWindow.alpha "
        "HammingWindow.beta LRN.alpha LRN.beta LRN.bias MultiMarginLoss.margin Renorm.maxnorm"
    ),
    "float >= 0": "LpNorm.epsilon Pdist.p",
    "float <= 0": "DynamicGRUV2.cell_clip",
    "float [1, 1]": "DynamicGRUV2.keep_prob DynamicRNN.keep_prob",
    "float [0, 1]": "LSTM.dropout Dropout2D.keep_prob Dropout3D.keep_prob",
    "int": (
        "AlltoAll.concat_dim AlltoAll.split_count AlltoAll.split_dim Broadcast.root_rank "
        "CollectiveGather.dest_rank CollectiveScatter.src_rank Receive.src_rank Reduce.dest_rank Send.dest_rank "
        "Bernoulli.seed InTopK.k IndexAdd.axis IndexPut.accumulate InplaceIndexAdd.axis Median.axis "
        "RandomChoiceWithMask.seed RandomChoiceWithMask.seed2 RandomPoisson.seed RandomPoisson.seed2 "
        "Renorm.dim ReverseSequence.batch_dim ReverseSequence.seq_dim Sort.axis Stack.axis Tril.diagonal "
        "TrilIndices.offset TriuIndices.offset Unstack.axis"
    ),
    "int > 1": "DepthToSpace.block_size SpaceToDepth.block_size",
    "int > 0": (
        "Conv2D.group Conv2D.out_channel Conv2DTranspose.group Conv2DTranspose.out_channel Conv3D.group "
        "Conv3D.out_channel Conv3DTranspose.group Conv3DTranspose.in_channel Conv3DTranspose.out_channel "
        "Mvlgamma.p Padding.pad_dim_size RandomChoiceWithMask.count Renorm.p "
        ""
    ),
    "int > 0 or 2 int > 0": (
        "Conv2D.dilation Conv2D.kernel_size Conv2D.stride Conv2DTranspose.dilation "
        "Conv2DTranspose.kernel_size Conv2DTranspose.stride MaxPool.kernel_size MaxPool.strides "
        "MaxUnpool2D.ksize"
    ),
    "int > 0 or 3 int > 0": (
        "AvgPool3D.kernel_size AvgPool3D.strides Conv3D.dilation Conv3D.kernel_size Conv3D.stride "
        "Conv3DTranspose.dilation Conv3DTranspose.kernel_size Conv3DTranspose.stride MaxPool3D.kernel_size "
        "MaxPool3D.strides MaxPool3DWithArgmax.dilation MaxPool3DWithArgmax.ksize MaxPool3DWithArgmax.strides "
        "MaxUnpool3D.ksize"
    ),
    "int >= 0": (
        "AvgPool3D.divisor_override LRN.depth_radius LogSpace.base LogSpace.steps LpNorm.p Multinomial.seed "
        "Multinomial.seed2 MultinomialWithReplacement.numsamples RandomGamma.seed RandomGamma.seed2 "
        "RandomShuffle.seed RandomShuffle.seed2 StandardLaplace.seed StandardLaplace.seed2 "
        "StandardNormal.seed StandardNormal.seed2 TrilIndices.col TrilIndices.row TriuIndices.col "
        "TriuIndices.row UniformInt.seed UniformInt.seed2 UniformReal.seed UniformReal.seed2"
    ),
    "int >= 0 or 2 int >= 0": "MaxUnpool2D.pads",
    "int >= 0 or 2 size >= 0": "AdaptiveAvgPool2D.output_size",
    "int >= 0 or 3 int >= 0": "MaxPool3DWithArgmax.pads MaxUnpool3D.pads",
    "int >= 0 or tuple": "AdaptiveAvgPool3D.output_size",
    "int [0, 0]": "DynamicGRUV2.num_proj DynamicRNN.num_proj",
    "int [1, 1]": (
        "Conv2D.mode Conv2DTranspose.mode Conv3D.mode Conv3DTranspose.mode DynamicGRUV2.cell_depth "
        "DynamicRNN.cell_depth LSTM.num_layers"
    ),
    "int [1, 2]": "MultiMarginLoss.p",
    "int or tuple": "InplaceAdd.indices InplaceSub.indices",
    "int or tuple or list": "LpNorm.axis",
    "number": "L2Normalize.epsilon",
    "tuple": "MaxUnpool2D.output_shape MaxUnpool3D.output_shape Pad.paddings",
}
CONSTRUCTED = {name: kind for kind, names in _NAMES.items() for name in names.split()}
