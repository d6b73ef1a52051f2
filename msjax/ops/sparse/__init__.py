"""Sparse arrays as tuples of Tensors, and the operators on them."""
