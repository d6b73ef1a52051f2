"""The docstrings of faces: what operators and parameters mean, examples, and how they are put together."""
