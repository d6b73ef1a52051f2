"""The formulas of optimizers, which those of `nn`, `experimental.optim` and `mint.optim` share."""
