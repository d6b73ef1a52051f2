"""Newton's method with a full Hessian, built of nothing but nested `grad`.

Fits the three parameters of a damped oscillation y = a exp(-b t) cos(c t) to noisy measurements. Near the solution
each step squares the error: the number of correct digits doubles until rounding stops it.

    python -m msjax examples/hessian.py    # on JAX
    python examples/hessian.py             # on MindSpore itself
"""

import argparse

import mindspore as ms
import numpy as np
from mindspore import Tensor, ops

rng = np.random.default_rng(0)
times = np.linspace(0.0, 4.0, 50)
measured = 1.5 * np.exp(-0.4 * times) * np.cos(3.0 * times) + 0.05 * rng.standard_normal(50)
t = Tensor(times, ms.float64)
y = Tensor(measured, ms.float64)


def loss(p):
    a, b, c = p[0:1], p[1:2], p[2:3]
    residual = a * ops.exp(-b * t) * ops.cos(c * t) - y
    return 0.5 * (residual * residual).sum()


gradient = ms.grad(loss)
unit_vectors = [Tensor(row, ms.float64) for row in np.eye(3)]


def hessian(p):
    """Row i is the gradient of the i-th component of the gradient."""
    rows = [ms.grad(lambda q, e=e: (gradient(q) * e).sum())(p) for e in unit_vectors]
    return ops.stack(rows)


def numpy_solution(p):
    """The same minimum by Gauss-Newton in NumPy, with derivatives written by hand: the check."""
    for _ in range(100):
        a, b, c = p
        decay, cosine, sine = np.exp(-b * times), np.cos(c * times), np.sin(c * times)
        jacobian = np.stack([decay * cosine, -a * times * decay * cosine, -a * times * decay * sine], axis=1)
        p = p - np.linalg.lstsq(jacobian, a * decay * cosine - measured, rcond=None)[0]
    return p


def main():
    parser = argparse.ArgumentParser(description="Newton's method with a full Hessian by nested grad.")
    parser.add_argument("--steps", type=int, default=6, help="Newton steps (default: 6)")
    args = parser.parse_args()

    start = np.array([1.2, 0.3, 2.9])
    expected = numpy_solution(start)
    p = Tensor(start, ms.float64)
    print("step  loss          |gradient|  |p - p_numpy|")
    for step in range(args.steps + 1):
        g = gradient(p).asnumpy()
        error = np.abs(p.asnumpy() - expected).max()
        print(f"{step:4d}  {float(loss(p)):.10f}  {np.abs(g).max():.3e}   {error:.3e}")
        if step < args.steps:
            p = p - Tensor(np.linalg.solve(hessian(p).asnumpy(), g), ms.float64)

    print("Hessian at the minimum:")
    print(hessian(p))
    print("a, b, c by Newton:", p)
    print("a, b, c by NumPy: ", expected)


main()
