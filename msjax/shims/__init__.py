"""What depends on the version or on private parts of JAX, Flax and Python: a module per library.

Nothing else in the package names such a part. Each entry says why it is needed, and tests/shims has a test that it
holds; `scripts/test_versions` runs these with the oldest and the newest versions.
"""
