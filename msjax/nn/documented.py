"""Docstrings of layers that are written out: what an argument means stands once, and each layer shows all of its own.

The docstring in the text of a layer says what it computes and gives, and shows an example. `documented` adds

- what the docstring of its nearest private base class says, if its own is only a sentence;
- under "Args" all arguments of the constructor with their defaults, under "Inputs" those of `construct`: as the class
  or a private base class describes them, else as `MEANINGS` does.
"""

from __future__ import annotations

import functools
import inspect
import textwrap
from collections.abc import Iterator
from typing import TypeVar

from msjax.nn.cell import Cell

_Layer = TypeVar("_Layer", bound=type[Cell])
_NOTE = "Differs from MindSpore"
_TITLES = ("Args", "Inputs", "Returns", "Raises", "Example")

_MEANINGS = {
    # sizes
    "in_channels in_features input_size": "the number of channels, or features, of the input.",
    "out_channels out_features": "the number of channels, or features, of the output.",
    "in1_channels": "the size of the first input's last axis.",
    "in2_channels": "the size of the second input's last axis.",
    "hidden_size": "the number of features of the state.",
    "num_features num_channels": "the number of channels, C.",
    "num_groups": "the number of groups that the channels are divided into.",
    "normalized_shape": "the shape of the last axes, which are normalized together.",
    "vocab_size num_embeddings": "the number of rows of the table.",
    "embedding_size embedding_dim": "the number of columns of the table.",
    "embed_dim d_model": "the number of features of queries and outputs; divisible by the number of heads.",
    "num_heads nhead": "the number of heads.",
    "num_layers": "the number of layers.",
    "dim_feedforward": "the number of features of the hidden layer.",
    # windows
    "kernel_size": "the size of the window: an int, or one for each axis.",
    "stride": "how far the window moves: an int, or one for each axis.",
    "dilation": "the distance of the elements of a window: an int, or one for each axis.",
    "padding": "how many elements are added at each border.",
    "pad_mode": (
        '"same": the input is padded so that the output has 1 / stride of its size; "valid": it is not padded; "pad": '
        "it is padded by `padding`, which must be 0 otherwise."
    ),
    "padding_mode": 'what is added at the borders: "zeros".',
    "output_padding": "how many elements are added to the output, at one end of each axis.",
    "ceil_mode": "whether a last window may reach beyond the border.",
    "count_include_pad": "whether the zeros around the input count.",
    "divisor_override": "what sums are divided by instead of the number of elements.",
    "return_indices": "whether to give where each element was, too.",
    "group groups": "the number of groups that input and output channels are split into; each is computed on its own.",
    "data_format": 'the order of the axes: "NCHW", channels first, or where it is known "NHWC", channels last.',
    # Parameters
    "has_bias bias": "whether a bias is added.",
    "weight_init": "how the weight is initialized: a Tensor, a name, an Initializer or a number.",
    "bias_init": "how the bias is initialized.",
    "gamma_init": "how the scale is initialized.",
    "beta_init": "how the shift is initialized.",
    "moving_mean_init": "how the moving mean is initialized.",
    "moving_var_init": "how the moving variance is initialized.",
    "param_init embedding_table": "how the table is initialized.",
    "affine": "whether there is a trained scale and shift for each channel.",
    "dtype": "the dtype of the Parameters.",
    "eps epsilon": "what is added to the variance, so that nothing is divided by 0.",
    "momentum": "how much of the moving moments is replaced by the batch's in each step.",
    "auto_prefix": "whether Parameters of child Cells are named after their attribute.",
    "flags": "accepted for compatibility.",
    # training
    "dropout": "the probability of dropout, in training.",
    "p": "the probability with which elements are 0.",
    "inplace": "whether to write the result into the input.",
    "activation": "the name of an activation, a Cell, or None.",
    # losses
    "reduction": 'what becomes of the losses: "mean", "sum" or "none".',
    "weight weights": "a weight for each class.",
    "logits": "the predictions.",
    "labels label target": "what should have been predicted.",
    # what layers are called with
    "x input input_x inputs": "a Tensor.",
    "hx": "the state before, (batch, hidden_size); of LSTM the pair (h, c).",
    "ids indices": "row numbers, of any shape.",
    "tgt": "the sequence to decode.",
    "src": "the sequence to encode.",
    "memory": "the output of the encoder.",
    "src_mask tgt_mask memory_mask attn_mask": (
        "what may not be attended to: bool, True hides, or float and added to the scores; (queries, keys) or "
        "(batch * heads, queries, keys)."
    ),
    "src_key_padding_mask tgt_key_padding_mask memory_key_padding_mask key_padding_mask": (
        "which entries of the keys are only padding: bool, True hides, or float; (batch, keys)."
    ),
}  # fmt: skip
MEANINGS = {name: meaning for names, meaning in _MEANINGS.items() for name in names.split()}


def documented(layer: _Layer) -> _Layer:
    """Complete the docstring of a layer, see above."""
    if layer.__doc__ is None:  # python -OO
        return layer
    own = _own_sections(layer)
    bases = [_own_sections(base) for base in layer.__mro__[1:] if base.__name__[0] == "_" and "__doc__" in vars(base)]
    known = _entries(own, *bases)
    sections = {title: own.get(title) or next((b[title] for b in bases if title in b), []) for title in _TITLES}
    sections["Args"] = list(_described(layer.__init__, known, defaults=True))
    sections["Inputs"] = list(_described(layer.construct, known))
    body = own[""] if len(own[""]) > 1 else [*own[""], *next((base[""] for base in bases if base[""]), [])]
    notes = [paragraph for paragraph in body if paragraph.startswith(_NOTE)]
    parts = [paragraph for paragraph in body if paragraph not in notes]
    parts += [f"{title}:\n{_indented(lines)}" for title, lines in sections.items() if lines]
    layer.__doc__ = "\n\n".join([*parts, *notes])
    return layer


def _indented(lines: list[str]) -> str:
    return textwrap.indent("\n".join(lines), "    ")


@functools.cache
def _own_sections(layer: type) -> dict[str, list[str]]:
    """The sections of the docstring in a class's text, and under "" its paragraphs."""
    sections: dict[str, list[str]] = {"": []}
    for paragraph in inspect.cleandoc(vars(layer).get("__doc__") or "").split("\n\n"):
        head, *lines = paragraph.split("\n")
        title = head.removesuffix(":")
        if title in _TITLES:
            sections[title] = [line.removeprefix("    ") for line in lines]
        elif paragraph:
            sections[""].append(paragraph)
    return sections


def _entries(*sections: dict[str, list[str]]) -> dict[str, str]:
    """What arguments mean, by name; the first of some sections counts."""
    known: dict[str, str] = {}
    lines = [line for said in sections for title in ("Args", "Inputs") for line in said.get(title, ())]
    names: list[str] = []
    for line in lines:
        if line.startswith(" "):
            known |= {name: f"{known[name]} {line.strip()}" for name in names}
        else:
            head, _, meaning = line.partition(": ")
            names = [name for name in head.split(", ") if name not in known]
            known |= dict.fromkeys(names, meaning)
    return known


def _described(method, known: dict[str, str], defaults: bool = False) -> Iterator[str]:
    """A line for each argument of a method."""
    for p in list(inspect.signature(method).parameters.values())[1:]:
        star = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
        default = f" Default: {_shown(p.default)}." if defaults and p.default is not p.empty else ""
        line = f"{star}{p.name}: {known.get(p.name) or MEANINGS[p.name]}{default}"
        yield textwrap.fill(line, 116, subsequent_indent="    ")


def _shown(default: object) -> str:
    return repr(default).replace("mindspore.", "ms.").replace("'", '"')
