"""Random programs that are differentiated, each from a seed.

A program is Python source, composed by `generate`: a function of one to three Tensors whose statements are drawn from
`constructs`, and a way to differentiate it (`ways`). Each construct and each way stands beside its counterpart in plain
JAX, so that JAX gives the right answer (`twin`): values, structure and what becomes of Parameters. `check` runs the
program compiled and eagerly, three calls each, and compares all three. `variations` are further kinds of programs.

    python -m autodiff.random_programs --seeds 0:500        # with tests/, tests/compile and the root on PYTHONPATH
    python -m autodiff.random_programs --seeds 0:200 --variation narrow
"""
