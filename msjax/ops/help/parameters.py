"""What the parameters of operators mean: written once for each name, and once more where a topic means another thing.

A line of `parameters.txt` holds all names of one meaning. "random.p" is the `p` of operators defined in the topic
`random` (`msjax/ops/maths/random.py`), "dist.p" that of the definition `dist`; where a definition's own docstring has
an entry, that is taken instead. The texts name no other parameter, since the next face may call it otherwise.
"""

from __future__ import annotations

from pathlib import Path

_LINES = Path(__file__).with_suffix(".txt").read_text("utf-8").splitlines()
_MEANINGS = [line.split(": ", 1) for line in _LINES if line and line[0] != "#"]
PARAMETERS = {name: meaning for names, meaning in _MEANINGS for name in names.split()}
IGNORED = "accepted for compatibility, without effect."
