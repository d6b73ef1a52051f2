"""Layers: Cells that are made of operators, with MindSpore's parameters, names and defaults."""
