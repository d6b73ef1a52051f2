"""Operators of mathematics: elementwise, reductions, matrices, Fourier transforms, random numbers."""
