"""Operators that make, pick, move and order elements."""
