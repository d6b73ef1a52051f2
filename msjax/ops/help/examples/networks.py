"""Operators of networks: activations, convolution, pooling, normalization, losses."""

EXAMPLES = {
    "x=[-1.0, 0.0, 2.0]": {
        "activation.silu": (
            "Tensor(shape=[3], dtype=Float32, value= [-2.68941432e-01,  0.00000000e+00,  1.76159406e+00])"
        ),
        "activation.mish": (
            "Tensor(shape=[3], dtype=Float32, value= [-3.03401440e-01,  0.00000000e+00,  1.94395900e+00])"
        ),
        "activation.relu6": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  0.00000000e+00,  2.00000000e+00])"
        ),
        "activation.selu": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.11133075e+00,  0.00000000e+00,  2.10140204e+00])"
        ),
        "activation.logsigmoid": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.31326175e+00, -6.93147182e-01, -1.26928002e-01])"
        ),
        "activation.softsign": (
            "Tensor(shape=[3], dtype=Float32, value= [-5.00000000e-01,  0.00000000e+00,  6.66666687e-01])"
        ),
        "activation.fast_gelu": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.54204234e-01,  0.00000000e+00,  1.93565857e+00])"
        ),
        "activation.GeLU": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.58807963e-01,  0.00000000e+00,  1.95459771e+00])"
        ),
        "activation.Softplus": (
            "Tensor(shape=[3], dtype=Float32, value= [ 3.13261688e-01,  6.93147182e-01,  2.12692809e+00])"
        ),
        "activation.relu": (
            "Tensor(shape=[3], dtype=Float32, value= [ 0.00000000e+00,  0.00000000e+00,  2.00000000e+00])"
        ),
        "activation.hardswish": (
            "Tensor(shape=[3], dtype=Float32, value= [-3.33333343e-01,  0.00000000e+00,  1.66666675e+00])"
        ),
        "activation.hardsigmoid": (
            "Tensor(shape=[3], dtype=Float32, value= [ 3.33333343e-01,  5.00000000e-01,  8.33333373e-01])"
        ),
        "activation.gelu": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.58655271e-01,  0.00000000e+00,  1.95449972e+00])"
        ),
        "activation.elu": (
            "Tensor(shape=[3], dtype=Float32, value= [-6.32120550e-01,  0.00000000e+00,  2.00000000e+00])"
        ),
        "activation.celu": (
            "Tensor(shape=[3], dtype=Float32, value= [-6.32120550e-01,  0.00000000e+00,  2.00000000e+00])"
        ),
        "activation.leaky_relu": (
            "Tensor(shape=[3], dtype=Float32, value= [-2.00000003e-01,  0.00000000e+00,  2.00000000e+00])"
        ),
        "activation.hardtanh": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.00000000e+00,  0.00000000e+00,  1.00000000e+00])"
        ),
        "activation.hardshrink": (
            "Tensor(shape=[3], dtype=Float32, value= [-1.00000000e+00,  0.00000000e+00,  2.00000000e+00])"
        ),
        "activation.softshrink": (
            "Tensor(shape=[3], dtype=Float32, value= [-5.00000000e-01,  0.00000000e+00,  1.50000000e+00])"
        ),
        "activation.softplus": (
            "Tensor(shape=[3], dtype=Float32, value= [ 3.13261688e-01,  6.93147182e-01,  2.12692809e+00])"
        ),
        "activation.leaky_relu_mint": (
            "Tensor(shape=[3], dtype=Float32, value= [-9.99999978e-03,  0.00000000e+00,  2.00000000e+00])"
        ),
    },
    "x=[-1.0, 2.0]; weight=[0.25]": {
        "activation.prelu": "Tensor(shape=[2], dtype=Float32, value= [-2.50000000e-01,  2.00000000e+00])",
    },
    "x=[0.5, 2.0]; thr=1; value=0": {
        "activation.threshold": "Tensor(shape=[2], dtype=Float32, value= [ 0.00000000e+00,  2.00000000e+00])",
    },
    "x=[1.0, 2.0, 0.0, 3.0]; axis=0": {
        "activation.glu": "Tensor(shape=[2], dtype=Float32, value= [ 5.00000000e-01,  1.90514827e+00])",
        "activation.swiglu": "Tensor(shape=[2], dtype=Float32, value= [ 0.00000000e+00,  5.28478241e+00])",
    },
    "x=[1.0, 2.0, 3.0]; axis=0": {
        "activation.softmax": (
            "Tensor(shape=[3], dtype=Float32, value= [ 9.00305733e-02,  2.44728476e-01,  6.65240943e-01])"
        ),
        "activation.log_softmax": (
            "Tensor(shape=[3], dtype=Float32, value= [-2.40760589e+00, -1.40760589e+00, -4.07605946e-01])"
        ),
        "activation.softmin": (
            "Tensor(shape=[3], dtype=Float32, value= [ 6.65240943e-01,  2.44728476e-01,  9.00305733e-02])"
        ),
        "activation.softmax_mint": (
            "Tensor(shape=[3], dtype=Float32, value= [ 9.00305733e-02,  2.44728476e-01,  6.65240943e-01])"
        ),
        "activation.log_softmax_mint": (
            "Tensor(shape=[3], dtype=Float32, value= [-2.40760589e+00, -1.40760589e+00, -4.07605946e-01])"
        ),
    },
    "x=[[1.0, 2.0]]; bias=[10.0, 20.0]": {
        "convolution.bias_add": "Tensor(shape=[1, 2], dtype=Float32, value=\n[[ 1.10000000e+01,  2.20000000e+01]])",
    },
    "x=[[1.0, 2.0]]; weight=[[3.0, 4.0]]; bias=[1.0]": {
        "convolution.dense": "Tensor(shape=[1, 1], dtype=Float32, value=\n[[ 1.20000000e+01]])",
    },
    "x=[[[1.0, 2.0, 3.0]]]; weight=[[[1.0, 1.0]]]": {
        "convolution.conv1d": "Tensor(shape=[1, 1, 2], dtype=Float32, value=\n[[[ 3.00000000e+00,  5.00000000e+00]]])",
    },
    "x=[[[[1.0, 2.0], [3.0, 4.0]]]]; weight=[[[[1.0, 1.0]]]]": {
        "convolution.conv2d": (
            "Tensor(shape=[1, 1, 2, 1], dtype=Float32, value=\n[[[[ 3.00000000e+00],\n   [ 7.00000000e+00]]]])"
        ),
    },
    "x=[[[1.0, 2.0, 3.0, 4.0]]]; output_size=2": {
        "adaptive_pooling.adaptive_avg_pool1d": (
            "Tensor(shape=[1, 1, 2], dtype=Float32, value=\n[[[ 1.50000000e+00,  3.50000000e+00]]])"
        ),
        "adaptive_pooling.adaptive_max_pool1d": (
            "Tensor(shape=[1, 1, 2], dtype=Float32, value=\n[[[ 2.00000000e+00,  4.00000000e+00]]])"
        ),
    },
    "x=[1.0, 2.0]; target=[1.0, 4.0]": {
        "loss.mse_loss": "Tensor(shape=[], dtype=Float32, value= 2)",
        "loss.l1_loss": "Tensor(shape=[], dtype=Float32, value= 1)",
        "loss.smooth_l1_loss": "Tensor(shape=[2], dtype=Float32, value= [ 0.00000000e+00,  1.50000000e+00])",
        "loss.huber_loss": "Tensor(shape=[], dtype=Float32, value= 0.75)",
        "loss.soft_margin_loss": "Tensor(shape=[], dtype=Float32, value= 0.156799)",
        "mint.nn.functional.smooth_l1_loss": "Tensor(shape=[], dtype=Float32, value= 0.75)",
    },
    "x=[3.0, 4.0]": {
        "loss.l2_loss": "Tensor(shape=[], dtype=Float32, value= 12.5)",
        "normalization.l2_normalize": "Tensor(shape=[2], dtype=Float32, value= [ 6.00000024e-01,  8.00000012e-01])",
    },
    "x=[-1.0, -2.0]; target=[0.5, 0.5]": {
        "loss.kl_div": "Tensor(shape=[], dtype=Float32, value= 0.403426)",
    },
    "x=[1.0, 2.0]; y=[2.0, 1.0]; target=[1.0, 1.0]": {
        "loss.margin_ranking_loss": "Tensor(shape=[], dtype=Float32, value= 0.5)",
    },
    "x=[1.0, 2.0]; target=[1.0, -1.0]": {
        "loss.hinge_embedding_loss": "Tensor(shape=[], dtype=Float32, value= 0.5)",
    },
    "x=[[1.0, 2.0, 3.0]]; target=[2]": {
        "classification.cross_entropy": "Tensor(shape=[], dtype=Float32, value= 0.407606)",
    },
    "x=[[-1.0, -2.0, -3.0]]; target=[2]": {
        "classification.nll_loss": "Tensor(shape=[], dtype=Float32, value= 3)",
        "classification.nll_loss_ext": "Tensor(shape=[], dtype=Float32, value= 3)",
    },
    "x=[0.9, 0.2]; target=[1.0, 0.0]": {
        "classification.binary_cross_entropy": "Tensor(shape=[], dtype=Float32, value= 0.164252)",
    },
    "x=[2.0, -1.0]; target=[1.0, 0.0]": {
        "classification.binary_cross_entropy_with_logits": "Tensor(shape=[], dtype=Float32, value= 0.220095)",
        "classification.sigmoid_cross_entropy_with_logits": (
            "Tensor(shape=[2], dtype=Float32, value= [ 1.26928002e-01,  3.13261688e-01])"
        ),
    },
    "x=[1, 0]; weight=[[1.0, 2.0], [3.0, 4.0]]": {
        "embeddings.embedding": (
            "Tensor(shape=[2, 2], dtype=Float32, value=\n[[ 3.00000000e+00,  4.00000000e+00],\n [ "
            "1.00000000e+00,  2.00000000e+00]])"
        ),
    },
    "x=[1.0, 3.0]; normalized_shape=(2,)": {
        "normalization.layer_norm": "Tensor(shape=[2], dtype=Float32, value= [-9.99994993e-01,  9.99994993e-01])",
    },
    "x=[3.0, 4.0]; gamma=[1.0, 1.0]": {
        "normalization.rms_norm": (
            "(Tensor(shape=[2], dtype=Float32, value= [ 8.48528087e-01,  1.13137078e+00]), Tensor(shape=[1], "
            "dtype=Float32, value= [ 2.82842696e-01]))"
        ),
    },
    "x=(Tensor([1, 2]), Tensor([3, 4]))": {
        "older.addn": "Tensor(shape=[2], dtype=Int64, value= [4, 6])",
    },
    "x=[7, -7]; y=[2, 2]": {
        "older.truncate_div": "Tensor(shape=[2], dtype=Int64, value= [ 3, -3])",
        "older.truncate_mod": "Tensor(shape=[2], dtype=Int64, value= [ 1, -1])",
    },
    "x=[1.0, 2.0]; y=[0.0, 1.0]": {
        "older.polar": "Tensor(shape=[2], dtype=Complex64, value= [1+0j, 1.0806+1.68294j])",
        "older.complex_": "Tensor(shape=[2], dtype=Complex64, value= [1+0j, 2+1j])",
    },
    "x=[0.5, 0.9]": {
        "older.logit": "Tensor(shape=[2], dtype=Float32, value= [ 0.00000000e+00,  2.19722438e+00])",
    },
    "x=[3.0]; p=2": {
        "older.mvlgamma": "Tensor(shape=[1], dtype=Float32, value= [ 1.55019546e+00])",
    },
    "x=[[1.0, 0.0]]; y=[[1.0, 1.0]]": {
        "older.cosine_similarity": "Tensor(shape=[1], dtype=Float32, value= [ 7.07106769e-01])",
    },
    "x=[3 + 4j]": {
        "older.complex_abs": "Tensor(shape=[1], dtype=Float64, value= [ 5.00000000e+00])",
    },
    "x=[1.0, 2.0]; y=[3.0, 4.0]": {
        "older.square_sum_all": (
            "(Tensor(shape=[], dtype=Float32, value= 5), Tensor(shape=[], dtype=Float32, value= 25))"
        ),
    },
    "x=[[[[1.0, 2.0], [3.0, 4.0]]]]; kernel_size=2": {
        "pooling.max_pool2d": "Tensor(shape=[1, 1, 1, 1], dtype=Float32, value=\n[[[[ 4.00000000e+00]]]])",
    },
    "x=[[[1.0, 2.0, 3.0, 4.0]]]; kernel_size=2; stride=2": {
        "pooling.avg_pool1d": "Tensor(shape=[1, 1, 2], dtype=Float32, value=\n[[[ 1.50000000e+00,  3.50000000e+00]]])",
    },
    "x=[[[[1.0, 2.0], [3.0, 4.0]]]]; kernel_size=2; stride=2": {
        "pooling.avg_pool2d": "Tensor(shape=[1, 1, 1, 1], dtype=Float32, value=\n[[[[ 2.50000000e+00]]]])",
    },
    "x=[[3.0, 4.0]]": {
        "normalization.normalize": "Tensor(shape=[1, 2], dtype=Float32, value=\n[[ 6.00000024e-01,  8.00000012e-01]])",
    },
    "x=[[[1.0, 2.0], [3.0, 4.0]]]; output_size=1": {
        "adaptive_pooling.adaptive_avg_pool2d": (
            "Tensor(shape=[1, 1, 1], dtype=Float32, value=\n[[[ 2.50000000e+00]]])"
        ),
    },
    "x=[[[[1.0, 2.0], [3.0, 4.0]]]]; output_size=1": {
        "adaptive_pooling.adaptive_avg_pool3d": (
            "Tensor(shape=[1, 1, 1, 1], dtype=Float32, value=\n[[[[ 2.50000000e+00]]]])"
        ),
        "adaptive_pooling.adaptive_max_pool3d": (
            "Tensor(shape=[1, 1, 1, 1], dtype=Float32, value=\n[[[[ 4.00000000e+00]]]])"
        ),
    },
    "x=[[[4.0]]]; indices=[[[1]]]; kernel_size=2": {
        "adaptive_pooling.max_unpool1d": (
            "Tensor(shape=[1, 1, 2], dtype=Float32, value=\n[[[ 0.00000000e+00,  4.00000000e+00]]])"
        ),
    },
    "x=[[[[4.0]]]]; indices=[[[[1]]]]; kernel_size=(1, 2)": {
        "adaptive_pooling.max_unpool2d": (
            "Tensor(shape=[1, 1, 1, 2], dtype=Float32, value=\n[[[[ 0.00000000e+00,  4.00000000e+00]]]])"
        ),
    },
    "x=[[[[[4.0]]]]]; indices=[[[[[1]]]]]; kernel_size=(1, 1, 2)": {
        "adaptive_pooling.max_unpool3d": (
            "Tensor(shape=[1, 1, 1, 1, 2], dtype=Float32, value=\n[[[[[ 0.00000000e+00,  4.00000000e+00]]]]])"
        ),
    },
    "x=[[[1.0, 2.0]]]; size=(4,)": {
        "resize.interpolate": (
            "Tensor(shape=[1, 1, 4], dtype=Float32, value=\n"
            "[[[ 1.00000000e+00,  1.00000000e+00,  2.00000000e+00,  2.00000000e+00]]])"
        ),
    },
    "x=[[[[1.0]], [[2.0]]]]": {
        "normalization.lrn": (
            "Tensor(shape=[1, 2, 1, 1], dtype=Float32, value=\n[[[[ 4.08248305e-01]],\n  [[ 8.16496611e-01]]]])"
        ),
    },
    "x=[1.0, 2.0]; target=[1.0, 3.0]; var=[1.0, 1.0]": {
        "loss.gaussian_nll_loss": "Tensor(shape=[], dtype=Float32, value= 0.25)",
    },
    "x=[[3.0, 4.0]]; y=[[4.0, 3.0]]; target=[1]": {
        "loss.cosine_embedding_loss": "Tensor(shape=[], dtype=Float32, value= 0.04)",
    },
    "x=[[0.1, 0.2, 0.4, 0.8]]; target=[[3, 0, -1, 1]]": {
        "classification.multilabel_margin_loss": "Tensor(shape=[], dtype=Float32, value= 0.85)",
    },
    "x=[[1.0, -1.0]]; target=[[1.0, 0.0]]": {
        "classification.multilabel_soft_margin_loss": "Tensor(shape=[], dtype=Float32, value= 0.313262)",
    },
    "x=[[[3.0, 4.0]]]; norm_type=2; kernel_size=2": {
        "ops.lp_pool1d": "Tensor(shape=[1, 1, 1], dtype=Float32, value=\n[[[ 5.00000000e+00]]])",
    },
    "x=[[[[3.0, 4.0]]]]; norm_type=2; kernel_size=(1, 2)": {
        "ops.lp_pool2d": "Tensor(shape=[1, 1, 1, 1], dtype=Float32, value=\n[[[[ 5.00000000e+00]]]])",
    },
}
