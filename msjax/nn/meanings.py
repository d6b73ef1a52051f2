"""What arguments mean, by family of classes or functions: each once, for all the names that it has."""

from __future__ import annotations

LAYERS = {
    # sizes
    "in_channels in_features input_size": "the number of channels, or features, of the input.",
    "out_channels out_features": "the number of channels, or features, of the output.",
    "in1_channels": "the size of the first input's last axis.",
    "in2_channels": "the size of the second input's last axis.",
    "hidden_size": "the number of features of the state.",
    "num_features num_channels": "the number of channels, C.",
    "num_groups": "the number of groups that the channels are divided into.",
    "normalized_shape": "the shape of the last axes, which are normalized together.",
    "vocab_size num_embeddings": "the number of rows of the table.",
    "embedding_size embedding_dim": "the number of columns of the table.",
    "embed_dim d_model": "the number of features of queries and outputs; divisible by the number of heads.",
    "num_heads nhead": "the number of heads.",
    "num_layers": "the number of layers.",
    "dim_feedforward": "the number of features of the hidden layer.",
    # windows
    "kernel_size": "the size of the window: an int, or one for each axis.",
    "stride": "how far the window moves: an int, or one for each axis.",
    "dilation": "the distance of the elements of a window: an int, or one for each axis.",
    "padding": "how many elements are added at each border.",
    "pad_mode": (
        '"same": the input is padded so that the output has 1 / stride of its size; "valid": it is not padded; "pad": '
        "it is padded by `padding`, which must be 0 otherwise."
    ),
    "padding_mode": 'what is added at the borders: "zeros".',
    "output_padding": "how many elements are added to the output, at one end of each axis.",
    "ceil_mode": "whether a last window may reach beyond the border.",
    "count_include_pad": "whether the zeros around the input count.",
    "divisor_override": "what sums are divided by instead of the number of elements.",
    "return_indices": "whether to give where each element was, too.",
    "group groups": "the number of groups that input and output channels are split into; each is computed on its own.",
    "data_format": 'the order of the axes: "NCHW", channels first, or where it is known "NHWC", channels last.',
    # Parameters
    "has_bias bias": "whether a bias is added.",
    "weight_init": "how the weight is initialized: a Tensor, a name, an Initializer or a number.",
    "bias_init": "how the bias is initialized.",
    "gamma_init": "how the scale is initialized.",
    "beta_init": "how the shift is initialized.",
    "moving_mean_init": "how the moving mean is initialized.",
    "moving_var_init": "how the moving variance is initialized.",
    "param_init embedding_table": "how the table is initialized.",
    "affine": "whether there is a trained scale and shift for each channel.",
    "dtype": "the dtype of the Parameters.",
    "eps epsilon": "what is added to the variance, so that nothing is divided by 0.",
    "momentum": "how much of the moving moments is replaced by the batch's in each step.",
    "auto_prefix": "whether Parameters of child Cells are named after their attribute.",
    "flags": "accepted for compatibility.",
    # training
    "dropout": "the probability of dropout, in training.",
    "p": "the probability with which elements are 0.",
    "inplace": "whether to write the result into the input.",
    "activation": "the name of an activation, a Cell, or None.",
    # losses
    "reduction": 'what becomes of the losses: "mean", "sum" or "none".',
    "weight weights": "a weight for each class.",
    "logits": "the predictions.",
    "labels label target": "what should have been predicted.",
    # what layers are called with
    "x input input_x inputs": "a Tensor.",
    "hx": "the state before, (batch, hidden_size); of LSTM the pair (h, c).",
    "ids indices": "row numbers, of any shape.",
    "tgt": "the sequence to decode.",
    "src": "the sequence to encode.",
    "memory": "the output of the encoder.",
    "src_mask tgt_mask memory_mask attn_mask": (
        "what may not be attended to: bool, True hides, or float and added to the scores; (queries, keys) or "
        "(batch * heads, queries, keys)."
    ),
    "src_key_padding_mask tgt_key_padding_mask memory_key_padding_mask key_padding_mask": (
        "which entries of the keys are only padding: bool, True hides, or float; (batch, keys)."
    ),
}  # fmt: skip

OPTIMIZERS = {
    "params": (
        'Parameters, or dicts with "params" and, as wanted, "lr", "weight_decay" and "grad_centralization" of a group; '
        'a dict with "order_params" alone says in which order the gradients come.'
    ),
    "learning_rate": ("float, int, Tensor; a list or other iterable of one rate per step; or a LearningRateSchedule."),
    "weight_decay": "decay of the Parameters: float, int, or a Cell that computes it from the step.",
    "loss_scale": "what the loss was multiplied with; gradients are divided by it.",
    "beta1": "of the running mean m of the gradient; between 0 and 1.",
    "beta2": "of the running mean v of its square; between 0 and 1.",
    "eps": "greater than 0.",
    "use_locking": "accepted for compatibility.",
    "use_nesterov": "whether to move by `beta1 * m + (1 - beta1) * g` in place of m.",
    "momentum": "of the sum b; 0 for none.",
    "dampening": "how much of a gradient the sum leaves out.",
    "nesterov": "whether to move by `g + momentum * b` (Sutskever et al. 2013).",
    "rho": "of the running means; from 0 to 1.",
    "lambd": "decay of the Parameters.",
    "alpha": "power of the rate's fall.",
    "t0": "the step at which averaging begins.",
    "step_sizes": "the smallest and largest size.",
    "l1": "the weight of the l1 penalty; not negative.",
    "l2": "the weight of the l2 penalty; not negative.",
    "optimizer opt": "the Optimizer that takes the step.",
    "gradients grads": "a tuple or list of Tensors, one for each Parameter, in their order.",
}

GROUPED = OPTIMIZERS | {
    "params": 'Parameters, or dicts with "params" and options of a group, named as the arguments.',
    "lr": "the learning rate.",
    "weight_decay": "times the Parameter, added to its gradient.",
    "betas": "of the running means m and v of the gradient and of its square; in [0, 1).",
    "eps": "added to the root.",
    "amsgrad": "whether to divide by the largest v so far (Reddi et al. 2018).",
    "maximize": "whether to go up the gradient.",
}

# Of a Cell the time is counted in steps, of a list of rates in epochs.
SCHEDULES = {
    "learning_rate": "the first rate.",
    "min_lr": "the last rate; not negative.",
    "max_lr": "the first rate, greater than that.",
    "end_learning_rate": "the last rate; not negative.",
    "power": "1 for a straight line.",
    "is_stair": "whether the rate falls only after whole periods.",
    "total_step": "the number of steps.",
    "step_per_epoch": "how many of them are an epoch.",
    "decay_epoch": "epochs of a period.",
    "decay_steps": "steps of a period.",
    "global_step": "the number of steps before this one, of shape () or (1,).",
}

SCHEDULERS = {
    "optimizer": "of `experimental.optim`.",
    "gamma": "what the rate is multiplied with.",
    "total_iters": "the number of epochs.",
    "last_epoch": "the epoch that has been done, -1 to begin.",
    "lr_lambda": "a function of the epoch, or a list of one for each group.",
}
