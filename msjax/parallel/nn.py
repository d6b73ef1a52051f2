"""Cells that take a batch in pieces, under the names of `mindspore.parallel.nn`."""

from __future__ import annotations

from msjax.nn.micro_batches import GradAccumulationCell, MicroBatchInterleaved, PipelineCell, PipelineGradReducer

__all__ = ["GradAccumulation", "MicroBatchInterleaved", "Pipeline", "PipelineCell", "PipelineGradReducer"]


class GradAccumulation(GradAccumulationCell):
    __doc__ = GradAccumulationCell.__doc__


class Pipeline(PipelineCell):
    __doc__ = PipelineCell.__doc__
