#!/usr/bin/env python3
"""Write msjax/core/names.txt: the public names of MindSpore 2.10, by module.

    scripts/make_api_names.py FOLDER

FOLDER holds the inventory of the API as *.tsv files with the columns `qualified_name`, `kind` and `in_2.10`. Only names
are taken. Methods and properties are left out but for Tensor's, and so are names that are documented but absent from
2.10.
"""

import argparse
import csv
import sys
import textwrap
from collections import defaultdict
from pathlib import Path

OUTPUT = Path(__file__).resolve().parent.parent / "msjax" / "core" / "names.txt"
KINDS = {"function", "class", "constant", "module"}
# In an `__all__` of MindSpore, but documented as methods only.
EXPORTED = {"mindspore.dataset": {"zip"}}


def read_names(folder: Path) -> dict[str, set[str]]:
    modules = defaultdict(set)
    for module, names in EXPORTED.items():
        modules[module] |= names
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if not {"in_2.10", "kind"} <= {*(rows.fieldnames or ())}:
                continue  # another kind of table
            for row in rows:
                module, _, name = row["qualified_name"].rpartition(".")
                if row["in_2.10"] != "no" and (row["kind"] in KINDS or module == "mindspore.Tensor"):
                    modules[module].add(name)
    return modules


def render(modules: dict[str, set[str]]) -> str:
    lines = ["# Public names of MindSpore 2.10, written by scripts/make_api_names.py."]
    for module, names in sorted(modules.items()):
        lines.append(module)
        lines += textwrap.wrap(
            " ".join(sorted(names)), 118, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False
        )
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="%(prog)s FOLDER"
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    modules = read_names(parser.parse_args().folder)
    if not modules:
        print("make_api_names.py: no inventory found in that folder", file=sys.stderr)
        return 2
    OUTPUT.write_text(render(modules), encoding="utf-8")
    print(f"{OUTPUT}: {sum(map(len, modules.values()))} names in {len(modules)} modules")
    return 0


if __name__ == "__main__":
    sys.exit(main())
