"""Constructs that are known to differ: by name, the way, the home and the carrier that show it. To be emptied."""

KNOWN: dict[str, tuple[str, str, str]] = {
    "state.delay": ("grad", "global", "inline"),
    "state.delay_of_parameters": ("grad", "global", "inline"),
    "state.long_delay": ("grad", "global", "inline"),
    "state.contents_swapped": ("grad", "global", "inline"),
    "state.swap_by_delay": ("grad", "global", "inline"),
    "exceptions.gather_out_of_range": ("grad", "global", "inline"),
    "aliases.replaced_by_alias_of_argument": ("jit", "box", "inline"),
}
