"""Tensor, Parameter, dtypes, printing, context and random state."""
