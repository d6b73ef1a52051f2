"""The versions that scripts ask for: of MindSpore's API, which is offered, and of this package."""

__version__ = "2.10.0"
__msjax_version__ = "0.1.0"
