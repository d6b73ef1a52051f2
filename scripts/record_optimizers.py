"""Record six steps of MindSpore's optimizers in tests/nn/optimizers.json.

Run it with a Python that has MindSpore:

    python scripts/record_optimizers.py
"""

import json
from pathlib import Path

import numpy as np

WHERE = Path(__file__).parent.parent / "tests" / "nn" / "optimizers.json"
STEPS, SHAPES = 6, {"weight": (3, 2), "bias": (4,)}

# Left out, because MindSpore's CPU kernels contradict their documentation: Momentum's use_nesterov and Adagrad's
# update_slots=False (both ignored), FTRL's l1 (of the wrong sign for negative sums); and Lamb, which has no CPU kernel.
CASES = [
    ("SGD", {}),
    ("SGD", {"momentum": 0.9}),
    ("SGD", {"momentum": 0.9, "dampening": 0.3}),
    ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("SGD", {"momentum": 0.9, "weight_decay": 0.1, "loss_scale": 4.0}),
    ("Momentum", {"momentum": 0.9}),
    ("Momentum", {"momentum": 0.9, "weight_decay": 0.1, "loss_scale": 2.0}),
    ("Momentum", {"momentum": 0.9, "learning_rate": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]}),
    ("Adam", {}),
    ("Adam", {"weight_decay": 0.1, "loss_scale": 2.0}),
    ("Adam", {"eps": 0.1, "beta1": 0.8, "beta2": 0.9}),
    ("Adam", {"use_nesterov": True}),
    ("Adam", {"use_amsgrad": True}),
    ("Adam", {"use_amsgrad": True, "use_nesterov": True}),
    ("Adam", {"use_lazy": True}),
    ("AdamWeightDecay", {}),
    ("AdamWeightDecay", {"weight_decay": 0.1}),
    ("AdamOffload", {}),
    ("LazyAdam", {"weight_decay": 0.1}),
    ("LazyAdam", {"use_nesterov": True}),
    ("AdaMax", {"weight_decay": 0.1}),
    ("RMSProp", {}),
    ("RMSProp", {"momentum": 0.9, "weight_decay": 0.1, "epsilon": 0.01}),
    ("RMSProp", {"centered": True, "momentum": 0.5, "epsilon": 0.01}),
    ("Adagrad", {"weight_decay": 0.1}),
    ("Adadelta", {"learning_rate": 1.0, "weight_decay": 0.1}),
    ("Rprop", {}),
    ("Rprop", {"weight_decay": 0.1, "etas": [0.4, 1.5], "step_sizes": [0.01, 0.2]}),
    ("ASGD", {"weight_decay": 0.1}),
    ("ASGD", {"t0": 2.0, "lambd": 0.1, "alpha": 0.5}),
    ("ProximalAdagrad", {}),
    ("ProximalAdagrad", {"l1": 0.1, "l2": 0.2, "weight_decay": 0.1}),
    ("FTRL", {"l2": 0.2, "weight_decay": 0.1}),
    ("FTRL", {"lr_power": -0.3}),
    ("AdaFactor", {"learning_rate": None}),
    ("AdaFactor", {"learning_rate": None, "warmup_init": True, "weight_decay": 0.1}),
    ("AdaFactor", {"relative_step": False, "clip_threshold": 0.5, "decay_rate": 0.5}),
    ("AdaFactor", {"relative_step": False, "scale_parameter": False}),
]


def data():
    """Start and gradients, the same here and in the test."""
    generator = np.random.default_rng(0)
    draw = lambda: [generator.standard_normal(shape).astype(np.float32) for shape in SHAPES.values()]  # noqa: E731
    return draw(), [draw() for _ in range(STEPS)]


def figures(array) -> list:
    return [float(f"{x:.7g}") for x in np.asarray(array, np.float64).ravel()]


def record(name: str, arguments: dict) -> dict:
    import mindspore as ms

    start, gradients = data()
    parameters = [ms.Parameter(ms.Tensor(a), name=n) for n, a in zip(SHAPES, start, strict=True)]
    kwargs = {k: tuple(v) if k in ("etas", "step_sizes") else v for k, v in arguments.items()}
    optimizer = getattr(ms.nn, name)(parameters, **kwargs)
    steps = []
    for gradient in gradients:
        optimizer(tuple(ms.Tensor(g) for g in gradient))
        steps.append([figures(p.asnumpy()) for p in parameters])
    state = {p.name: figures(p.asnumpy()) for p in optimizer.get_parameters() if p.name not in SHAPES}
    return {"optimizer": name, "arguments": arguments, "steps": steps, "state": state}


def main() -> None:
    import mindspore as ms

    ms.runtime.launch_blocking()
    cases = [record(name, {"learning_rate": 0.1, **arguments}) for name, arguments in CASES]
    lines = ",\n".join(json.dumps(case) for case in cases)
    WHERE.write_text(f'{{"mindspore": "{ms.__version__}", "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
