"""Data sets in other formats, written as MindRecord files."""
