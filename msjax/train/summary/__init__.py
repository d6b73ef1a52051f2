"""Records of a run for TensorBoard."""

from msjax.train.summary.record import SummaryRecord
