"""Record again in tests/refusals/refusals.json which of its calls MindSpore refuses.

A new call is added there with the expressions of valid arguments as its "base", and a "" for each parameter to try. Run
it with a Python that has MindSpore:

    python scripts/record_refusals.py
"""

import json
import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent / "tests"
WHERE = TESTS / "refusals" / "refusals.json"
sys.path.insert(0, str(TESTS))


def main() -> None:
    import mindspore as ms
    from refusals import sweep

    ms.runtime.launch_blocking()
    names = sweep.namespace(ms)
    cases = json.loads(WHERE.read_text())["calls"]
    for case in cases:
        call, method = sweep.find(ms, case["call"]), int(case["call"].startswith("Tensor."))
        case["answers"] = {
            parameter: sweep.answers(call, names, case["base"], parameter, sweep.VALUES, method)
            for parameter in case["answers"]
        }
    lines = ",\n".join(map(json.dumps, cases))
    WHERE.write_text(f'{{"mindspore": "{ms.__version__}", "calls": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
