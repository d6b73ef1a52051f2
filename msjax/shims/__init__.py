"""What depends on the version or on private parts of JAX, Flax and Python: modules for each library.

    jax, programs, primitives   JAX: single functions and types; how programs are read and run; what each primitive is
    flax                        flax.nnx: what Cells need to be nodes of its graphs
    python                      CPython's bytecode and import machinery

Nothing else in the package names such a part. Each entry says why it is needed, and tests/shims has a test that it
holds; `scripts/test_versions` runs these with the oldest and the newest versions.
"""
