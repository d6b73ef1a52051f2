"""Constructs by topic."""

from . import flow, indexing, maths, networks, rules, shapes, state, transforms

ALL = [
    c for topic in (maths, shapes, indexing, networks, flow, rules, state, transforms) for c in topic.table.constructs
]
BY_NAME = {str(c): c for c in ALL}
