"""Small pipelines whose rows MindSpore was asked for: `scripts/record_dataset.py` stores what it gives.

Each module is a topic and has `CASES`: by name, a function of the module `dataset` (MindSpore's or msjax's) and a
folder with the files of `files.py`, which gives a dataset, or anything that can be written in JSON. Add a case, and
record.
All run under the seed `SEED`, a dataset for `EPOCHS` epochs.
"""

import importlib
import pkgutil

SEED, EPOCHS = 5, 2


def topics() -> list[str]:
    """The names of the modules here, apart from what they share."""
    return sorted(
        module.name
        for module in pkgutil.iter_modules(__path__)
        if module.name not in ("outcome", "files", "layout_files", "collection_files")
    )


def cases(topic: str) -> dict:
    """The cases of a topic, by name."""
    return importlib.import_module(f"{__name__}.{topic}").CASES
