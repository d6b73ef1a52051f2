"""Tensor, Parameter, dtypes, printing, context and random state."""

__only_computes__ = True  # see core.effects
