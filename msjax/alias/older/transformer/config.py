"""How the work of a transformer is divided, as old programs say it: checked, kept, and without effect."""

from __future__ import annotations

from typing import Any, ClassVar

from msjax.alias.internals.parallel import _get_device_num
from msjax.core import context
from msjax.core.kinds import check

_PARTS, _SWITCH, _ANY = "int > 0", "bool", ""


class _Config:
    """Options, each an attribute that is checked when it is set; they are given in their order, or by name."""

    options: ClassVar[dict[str, tuple[str, Any]]]  # the kind and the default of each

    def __init__(self, *args: Any, **kwargs: Any):
        given = dict(zip(self.options, args, strict=False)) | kwargs
        if len(args) > len(self.options) or not given.keys() <= self.options.keys():
            raise TypeError(f"{type(self).__name__} takes {list(self.options)}, but got {args} and {list(kwargs)}.")
        for name, (_, default) in self.options.items():
            setattr(self, name, given.get(name, default))

    def __setattr__(self, name: str, value: Any) -> None:
        kind = self.options[name][0]
        if kind != _ANY:
            check(type(self).__name__, name, value, kind)
        super().__setattr__(name, value)

    def _as(self, kind: type[_Config]) -> Any:
        """Another kind's options, from those of the same names here."""
        return kind(**{name: value for name, value in vars(self).items() if name in kind.options})


class OpParallelConfig(_Config):
    """Into how many parts a batch and a layer are divided."""

    options: ClassVar = {
        "data_parallel": (_PARTS, 1),
        "model_parallel": (_PARTS, 1),
        "use_seq_parallel": (_SWITCH, False),
        "select_recompute": (_SWITCH, False),
    }


class MoEParallelConfig(_Config):
    """Into how many parts a batch, a layer and the experts are divided."""

    options: ClassVar = {
        "data_parallel": (_PARTS, 1),
        "model_parallel": (_PARTS, 1),
        "expert_parallel": (_PARTS, 1),
        "use_seq_parallel": (_SWITCH, False),
        "select_recompute": (_SWITCH, False),
    }


class EmbeddingOpParallelConfig(_Config):
    """Into how many parts a batch and a table are divided, and whether the table is whole everywhere."""

    options: ClassVar = {
        "data_parallel": (_PARTS, 1),
        "model_parallel": (_PARTS, 1),
        "use_seq_parallel": (_SWITCH, False),
        "vocab_emb_dp": (_SWITCH, True),
    }


class TransformerRecomputeConfig(_Config):
    """What is computed again on the way back."""

    options: ClassVar = {
        "recompute": (_SWITCH, False),
        "parallel_optimizer_comm_recompute": (_SWITCH, False),
        "mp_comm_recompute": (_SWITCH, True),
        "recompute_slice_activation": (_SWITCH, False),
    }


class TransformerOpParallelConfig(_Config):
    """How all of a transformer is divided. Stages of a pipeline are noted in the auto-parallel context, too."""

    options: ClassVar = {
        "data_parallel": (_PARTS, 1),
        "model_parallel": (_PARTS, 1),
        "expert_parallel": (_PARTS, 1),
        "pipeline_stage": (_PARTS, 1),
        "micro_batch_num": (_PARTS, 1),
        "recompute": (_ANY, False),
        "use_seq_parallel": (_SWITCH, False),
        "optimizer_shard": ("None or bool", None),
        "gradient_aggregation_group": (_PARTS, 4),
        "vocab_emb_dp": (_SWITCH, True),
    }

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if isinstance(self.recompute, bool):
            self.recompute = TransformerRecomputeConfig(self.recompute)
        if not isinstance(self.recompute, TransformerRecomputeConfig):
            raise TypeError(f"'recompute' must be a bool or a TransformerRecomputeConfig, but got {self.recompute!r}.")
        if self.pipeline_stage > 1:
            context.set_auto_parallel_context(pipeline_stages=self.pipeline_stage)
        if self.optimizer_shard is not None:
            context.set_auto_parallel_context(enable_parallel_optimizer=self.optimizer_shard)

    recompute: Any
    pipeline_stage: int
    optimizer_shard: bool | None

    @property
    def dp_mp_config(self) -> OpParallelConfig:
        """What layers need of it."""
        return self._as(OpParallelConfig)

    @property
    def embedding_dp_mp_config(self) -> EmbeddingOpParallelConfig:
        """What tables need of it."""
        return self._as(EmbeddingOpParallelConfig)

    @property
    def moe_parallel_config(self) -> MoEParallelConfig:
        """What experts need of it."""
        return self._as(MoEParallelConfig)


default_dpmp_config = OpParallelConfig()
default_moeparallel_config = MoEParallelConfig()
default_embedding_parallel_config = EmbeddingOpParallelConfig()
default_transformer_recompute_config = TransformerRecomputeConfig()
default_transformer_config = TransformerOpParallelConfig()


def _check_config(config: Any) -> None:
    """There are at least as many devices as parts; alone, any number of parts is fine."""
    alone = context.get_auto_parallel_context("parallel_mode") == context.ParallelMode.STAND_ALONE
    parts = config.data_parallel * config.model_parallel
    if not alone and parts > _get_device_num():
        raise ValueError(
            f"data_parallel times model_parallel must not exceed the {_get_device_num()} devices, but got {parts}."
        )
