"""A fuzzer of the contract of automatic compilation: random programs that must do the same compiled as eagerly.

A program is Python source, composed from a seed (`fuzz.generate`): a host (a Cell, an object, a function, a closure), a
way to call it (`fuzz.ways`), options, and a few constructs (`fuzz.constructs`). Each construct has a home for its state
and a carrier: the form of Python in which its statements stand, as they are, in a function, in a loop, under `try`.
`fuzz.check` runs the source in two modes with the observer of `contract.run`, and `fuzz.shrink` makes a program that
can be told apart as short as it gets.

    python -m fuzz --seeds 0:500        # in tests/compile, with tests/ and the root on PYTHONPATH
"""
