"""Tables of the documentation that scripts write."""

from pathlib import Path


def write_table(page: Path, script: str, lines: list[str]) -> None:
    """Write the lines of a table between the two marks that a page has for a script of this name."""
    begin, end = f"<!-- by scripts/{script}: -->\n", "<!-- to here -->\n"
    before, _, rest = page.read_text().partition(begin)
    page.write_text(before + begin + "\n".join(["", *lines, "", ""]) + end + rest.partition(end)[2])
