"""Record the results of MindSpore's metrics in tests/train/golden/metrics.json.

The cases are in tests/train/metric_cases.py. Run it with a Python that has MindSpore:

    python scripts/record_metrics.py
"""

import json
import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
WHERE = TESTS / "train" / "golden" / "metrics.json"
sys.path.insert(0, str(TESTS / "train"))


def main() -> None:
    import mindspore as ms
    from metric_cases import CASES, result

    ms.runtime.launch_blocking()
    lines = [json.dumps([metric, batches, result(ms, metric, batches)]) for metric, batches in CASES]
    text = ",\n".join(lines)
    WHERE.write_text(f'{{"mindspore": "{ms.__version__}", "cases": [\n{text}\n]}}\n')


if __name__ == "__main__":
    main()
