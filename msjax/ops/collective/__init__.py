"""Operators between the processes of a program."""
