"""What composes operators: maps, loops, functions chosen by type, printing, and marks for compilers."""
