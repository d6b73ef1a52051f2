"""`python -m fuzz --seeds 0:500`: which programs can be told apart."""

import argparse
import collections
import time
import warnings
from pathlib import Path

from fuzz.alone import write
from fuzz.check import check, settle
from fuzz.constructs import ALL
from fuzz.generate import source, spec
from fuzz.known import KNOWN
from fuzz.shrink import shrink


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz")
    parser.add_argument("--seeds", default="0:200", help="first:end")
    parser.add_argument("--whole", action="store_true", help="do not make failing programs shorter")
    parser.add_argument("--write", type=Path, help="a folder to write failing programs to, each standing alone")
    parser.add_argument("--source", action="store_true", help="print the source of failing programs")
    parser.add_argument("--known", action="store_true", help="with the constructs that are known to differ")
    options = parser.parse_args()
    constructs = [c for c in ALL if options.known or str(c) not in KNOWN]
    first, end = map(int, options.seeds.split(":"))
    warnings.simplefilter("ignore")
    start, counts, compiled = time.time(), collections.Counter(), 0
    failing: dict[str, list[int]] = {}
    for seed in range(first, end):
        outcome = check(spec(seed, constructs))
        compiled += outcome.compiled
        if seed % 100 == 0:
            settle()
        if outcome.broken:
            print(f"seed {seed}: the program itself fails: {outcome.broken}\n    {spec(seed, constructs)}", flush=True)
        if not outcome.told:
            continue
        found, outcome = (spec(seed, constructs), outcome) if options.whole else shrink(spec(seed, constructs))
        failing.setdefault(str(found), []).append(seed)
        counts.update(str(part.construct) for part in found.parts)
        print(f"seed {seed}: {found}\n    {outcome.told}", flush=True)
        if options.write and len(failing[str(found)]) == 1:
            write(found, f"Seed {seed}: {outcome.told}", options.write, f"seed_{seed}")
        if options.source:
            print(source(found))
    number = end - first
    print(f"{number} programs, {compiled} compiled, {sum(map(len, failing.values()))} can be told apart", end=" ")
    print(f"({len(failing)} when minimized), {(time.time() - start) / number:.2f} s each")
    for name, count in counts.most_common():
        print(f"    {name}: {count}")
    return 1 if failing else 0


if __name__ == "__main__":
    raise SystemExit(main())
