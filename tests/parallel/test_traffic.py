"""What is read in XLA's text of programs."""

import pytest

from msjax.parallel.traffic import Exchange, Traffic, read

TEXT = """
  %a = (f32[256,64]{1,0}, f32[]) all-reduce(%x, %y), channel_id=1, replica_groups=mesh['axis_0'=8,'axis_1'=1] {'axis_0'}
  %b = f32[16]{0} all-reduce(%x), replica_groups={{0,1,2,3},{4,5,6,7}}, use_global_device_ids=true
  %c = bf16[64,32]{1,0} all-gather-start(%x), replica_groups=[2,4]<=[8], dimensions={0}
  %d = f64[8]{0} reduce-scatter(%x), replica_groups=mesh['a'=2,'b'=4] {'b'}, dimensions={0}
  %e = pred[10]{0} collective-permute(%x), source_target_pairs={{0,1},{1,0}}
  %f = s8[64]{0} all-to-all(%x), replica_groups=mesh['a'=8] {'a':(2)4}
  %g = f32[256,64]{1,0} get-tuple-element(%a), index=0
"""


def test_exchanges_are_counted():
    assert read(TEXT, TEXT).exchanges == (
        Exchange("all-gather", 4, 2 * 64 * 32 * 2, 2),
        Exchange("all-reduce", 4, 2 * 16 * 4, 2),
        Exchange("all-reduce", 8, 2 * (256 * 64 + 1) * 4, 2),
        Exchange("all-to-all", 4, 2 * 64, 2),
        Exchange("collective-permute", 2, 2 * 10, 2),
        Exchange("reduce-scatter", 4, 2 * 4 * 8 * 8, 2),
    )


def test_bytes_in_a_ring():
    assert Exchange("all-reduce", 4, 400, 1).sent == 600
    assert Exchange("all-gather", 4, 400, 1).sent == Exchange("reduce-scatter", 4, 400, 1).sent == 300
    assert Exchange("collective-permute", 2, 400, 1).sent == 400
    traffic = Traffic((Exchange("all-reduce", 8, 800, 1),))
    assert traffic.at(1000).sent == pytest.approx(2 * 999 / 1000 * 800)
    assert traffic.seconds(1400) == 1.0
    assert str(traffic).splitlines()[1].split() == ["all-reduce", "1", "8", "800", "1400"]


PROGRAM = """
import jax
jax.config.update("jax_num_cpu_devices", 1000)
import jax.numpy as jnp, numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from msjax.parallel import traffic

mesh = Mesh(np.array(jax.devices()), ("data",))
whole, rows = NamedSharding(mesh, PartitionSpec()), NamedSharding(mesh, PartitionSpec("data"))

def step(weights, x, y):
    def loss(weights):
        a, b, c, d = weights
        return ((jax.nn.relu(x @ a.T + b) @ c.T + d - y) ** 2).mean()
    value, gradients = jax.value_and_grad(loss)(weights)
    return [w - 0.01 * g for w, g in zip(weights, gradients)], value

kind = lambda sharding: lambda *shape: jax.ShapeDtypeStruct(shape, jnp.float32, sharding=sharding)
weights = [kind(whole)(*shape) for shape in ((1024, 256), (1024,), (16, 1024), (16,))]
jitted = jax.jit(step, out_shardings=(whole, None))
print(traffic.read(jitted.lower(weights, kind(rows)(8000, 256), kind(rows)(8000, 16)).compile().as_text()))
"""


@pytest.mark.slow
def test_a_thousand_devices_exchange_what_eight_do(run_python):
    """As docs/distributed.md says of this network."""
    assert run_python(PROGRAM).splitlines()[1].split()[:4] == ["all-reduce", "1", "1000", "1118276"]
