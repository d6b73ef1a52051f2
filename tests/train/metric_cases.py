"""Metrics and the batches that they are given, in words that mean the same to MindSpore and here.

scripts/record_metrics.py records MindSpore's results in golden/metrics.json.
"""

import numpy as np

_random = np.random.RandomState(5)
ARRAYS = {
    "scores": np.round(_random.rand(12), 1).astype(np.float32),
    "binary": (_random.rand(12) > 0.4).astype(np.int32),
    "square": _random.rand(4, 4).astype(np.float32),
    "each": np.array([0, 1, 2, 3], np.int32),
    "rows": _random.rand(6, 3).astype(np.float32),
    "classes": np.array([0, 2, 1, 1, 0, 2], np.int32),
    "guesses": np.array([0, 2, 1, 0, 1, 2], np.int32),
    "hits": (_random.rand(3, 4, 5) > 0.5).astype(np.int32),
    "truth": (_random.rand(3, 4, 5) > 0.3).astype(np.int32),
    "none": np.zeros((3, 4, 5), np.int32),
    "blob": np.pad(np.ones((4, 3), np.int32), ((1, 4), (2, 3))),
    "other": np.pad(2 * np.ones((5, 4), np.int32), ((3, 1), (3, 1))) - np.eye(9, 8, dtype=np.int32),
    "line": np.pad(np.ones((1, 6), np.int32), ((2, 6), (1, 1))),
    "empty": np.zeros((9, 8), np.int32),
    "image": _random.rand(1, 2, 3, 3).astype(np.float32),
}
TEXTS = [["the", "cat", "is", "on", "the", "mat"], ["one", "two", "three", "four", "five"]]
OTHERS = [
    [["there", "is", "a", "cat", "on", "the", "mat"], ["the", "cat", "on", "the", "mat", "is"]],
    [["one", "two", "three", "four", "six", "seven"]],
]

_RATES = (
    "sensitivity", "hit_rate", "specificity", "precision", "negative predictive value", "miss_rate", "fall_out",
    "false_discovery_rate", "FOR", "pt", "csi", "acc", "balanced accuracy", "f1", "mcc", "fm", "bm", "mk",
)  # fmt: skip

# The metric, and what it is given in each update.
CASES = [
    ("ROC(pos_label=1)", ["scores, binary"]),
    ("ROC()", ["scores, binary", "scores[:5], binary[:5]"]),
    ("ROC(class_num=4)", ["square, each"]),
    ("ConfusionMatrix(3)", ["guesses, classes", "classes, guesses"]),
    ("ConfusionMatrix(3, 'target')", ["rows, classes"]),
    ("ConfusionMatrix(4, 'prediction')", ["guesses, classes"]),
    ("ConfusionMatrix(2, 'all', 0.3)", ["scores, binary"]),
    *((f"ConfusionMatrixMetric(metric_name={name!r})", ["hits, truth", "truth, hits"]) for name in _RATES),
    *((f"ConfusionMatrixMetric(True, {name!r}, True)", ["hits, truth", "none, hits"]) for name in _RATES),
    ("ConfusionMatrixMetric(False, 'tpr', True, 'sum')", ["hits, truth", "none, hits"]),
    ("ConfusionMatrixMetric(False, 'tpr')", ["hits, truth"]),
    ("Dice()", ["hits, truth", "rows, rows"]),
    ("Dice(0.5)", ["scores, binary"]),
    *(
        (f"{metric}({how})", [batch])
        for metric, how in [
            ("HausdorffDistance", ""),
            ("HausdorffDistance", "'chessboard', 80.0"),
            ("HausdorffDistance", "'taxicab', None, True, False"),
            ("MeanSurfaceDistance", ""),
            ("MeanSurfaceDistance", "True, 'taxicab'"),
            ("RootMeanSquareDistance", ""),
            ("RootMeanSquareDistance", "True, 'chessboard'"),
        ]
        for batch in ("blob, other, 1", "blob, other, 2", "blob, other, 0", "blob, line, 1", "blob, empty, 1",
                      "empty, line, 1", "line, line, 1")
        if (how, batch) != ("'chessboard', 80.0", "blob, empty, 1")  # the percentile of infinities is NaN there
    ),
    ("CosineSimilarity()", ["rows"]),
    ("CosineSimilarity('dot', 'sum', False)", ["square"]),
    ("CosineSimilarity('cosine', 'mean')", ["rows"]),
    ("BleuScore()", ["TEXTS, OTHERS"]),
    ("BleuScore(2, True)", ["TEXTS, OTHERS", "TEXTS[:1], OTHERS[:1]"]),
    ("BleuScore(n_gram=1)", ["TEXTS, OTHERS"]),
    ("BleuScore()", ["[['a', 'b']], [[['a', 'c']]]"]),
    ("OcclusionSensitivity()", ["network, image, each[3]"]),
    ("OcclusionSensitivity(0.5, 1, 4)", ["network, image, each[0]"]),
    ("OcclusionSensitivity(0.0, 1, 128, [0, 1, 1, 2, 0, -1])", ["network, image, each[2]"]),
]  # fmt: skip


def result(ms, metric: str, batches: list[str]):
    """What a case gives: a number, an array, or lists of them."""
    names = {"TEXTS": TEXTS, "OTHERS": OTHERS, "network": ms.nn.Flatten()}
    names |= {name: ms.Tensor(array) for name, array in ARRAYS.items()}
    measure = eval(metric, vars(ms.train))
    for batch in batches:
        measure.update(*eval(f"({batch},)", names))
    return _plain(measure.eval())


def _plain(value):
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return np.asarray(value, float).tolist()
