"""Parts of transformers of older releases: `nn.transformer`, and later `parallel._transformer`.

The layers compute what they did there. Layouts are accepted and kept: XLA divides the work.
"""

__only_computes__ = True  # see core.effects
