"""What a pipeline gives, in JSON: its rows, a value, or the type of its error."""

import numpy as np

from . import EPOCHS, SEED, cases


def outcome(ds, folder, topic: str, name: str) -> dict:
    """Runs one case."""
    ds.config.set_seed(SEED)
    try:
        made = cases(topic)[name](ds, folder)
        if not isinstance(made, ds.Dataset):
            return {"value": plain(made)}
        iterator = made.create_dict_iterator(num_epochs=EPOCHS, output_numpy=True)
        epochs = [[{key: part(column) for key, column in row.items()} for row in iterator] for _ in range(EPOCHS)]
        return {"rows": epochs[:1] if epochs.count(epochs[0]) == EPOCHS else epochs}
    except Exception as error:
        return {"error": type(error).__name__}


def part(column) -> list:
    """A column of a row: its dtype and what it holds."""
    if not isinstance(column, np.ndarray):
        return ["object", plain(column)]
    return [column.dtype.str, plain(column.tolist())]


def plain(value):
    """A value as JSON has it."""
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, np.ndarray):
        return part(value)
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, bytes):
        return value.decode("latin1")
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)
