"""Constructs that are known to differ: by name, the way, the home and the carrier that show it. To be emptied."""

KNOWN: dict[str, tuple[str, str, str]] = {
    "control_flow.match_class": ("grad", "global", "inline"),
    "classes.callable_object": ("jit", "global", "inline"),
    "containers.dataclass_state": ("aux", "global", "inline"),
    "numbers.tensor_of_list": ("aux", "global", "inline"),
    "transforms.grad_in_float64": ("aux", "global", "inline"),
}
