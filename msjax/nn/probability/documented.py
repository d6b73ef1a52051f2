"""Docstrings of distributions and bijectors: what an argument means stands once."""

from msjax.nn.documented import Family

documented = Family(
    {
        "probs": "the probability of 1, between 0 and 1.",
        "loc": "the place of the distribution.",
        "scale": "how wide it is, above 0.",
        "rate": "the rate, above 0.",
        "seed": "where samples begin, an int that is not negative; None or 0 for the global generator.",
        "dtype": "the dtype of samples.",
        "name": "what errors call it. In a call: which of its methods is meant.",
        "args": "the method's arguments.",
        "kwargs": "the method's arguments by name.",
    },
    Returns="What the method gives: a Tensor.",
    Raises="TypeError, ValueError: for parameters of the wrong type, or out of their bounds.\n"
    "NotImplementedError: where it can not answer.",
)
