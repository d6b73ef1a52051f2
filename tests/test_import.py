"""What `import msjax` leaves for later: only JAX itself is loaded, no backend is started and no operator is made."""

HEAVY = (
    "flax", "optax", "orbax", "scipy", "matplotlib", "tensorstore", "PIL", "safetensors", "jax.experimental.jet",
    "jax.experimental.sparse", "jax.experimental.shard_map", "msjax.nn", "msjax.train", "msjax.mint", "msjax.numpy",
    "msjax.amp", "msjax.runtime", "msjax.hal", "msjax.communication", "msjax.alias.check", "msjax.alias.launcher",
)  # fmt: skip


def test_heavy_modules_load_when_they_are_used(run_python):
    loaded = set(run_python("import msjax, sys; print(*sys.modules)").split())
    assert "msjax.ops" in loaded
    assert not loaded & set(HEAVY)


def test_no_backend_and_no_face(run_python):
    code = (
        "import msjax\n"
        "from jax._src import xla_bridge\n"
        "from msjax.ops.table import rooms\n"
        "functions = [n for n in rooms['ops'].rows if n in rooms['ops'].made]\n"
        "print(xla_bridge.backends_are_initialized(), len(rooms['ops'].rows) > 500, len(functions))"
    )
    initialized, many, made = run_python(code).split()
    assert (initialized, many) == ("False", "True")
    assert int(made) == 0
