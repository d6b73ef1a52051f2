"""`python -m autodiff.random_programs --seeds 0:500`: which programs are wrong."""

import argparse
import collections
import time
import warnings

import jax

from .check import check, settle
from .constructs import ALL
from .generate import Generator, jax_source, source
from .variations import VARIATIONS


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m autodiff.random_programs")
    parser.add_argument("--seeds", default="0:200", help="first:end")
    parser.add_argument("--source", action="store_true", help="print the sources of programs that are wrong")
    parser.add_argument("--only", help="constructs with this in their names, and few others", default="")
    parser.add_argument("--way")
    parser.add_argument("--variation", choices=list(VARIATIONS))
    options = parser.parse_args()
    first, end = map(int, options.seeds.split(":"))
    constructs = [c for c in ALL if options.only in str(c)] if options.only else None
    warnings.simplefilter("ignore")
    start, counts = time.time(), collections.Counter()
    for number, seed in enumerate(range(first, end)):
        program = Generator(seed, constructs, options.way, options.variation).make()
        outcome = check(program)
        counts["compiled"] += outcome.compiled
        counts["judged"] += program.judged
        for kind in ("told", "wrong", "failed", "broken"):
            if said := getattr(outcome, kind):
                counts[kind] += 1
                print(f"seed {seed} {kind.upper()}: {program}\n    {said[:1500]}", flush=True)
        if options.source and (outcome.told or outcome.wrong or outcome.failed or outcome.broken):
            print(source(program), jax_source(program), sep="\n# JAX\n")
        if number % 10 == 0:
            settle()
        if number % 60 == 59:  # they take memory
            jax.clear_caches()
    print(f"{end - first} programs, {dict(counts)}, {(time.time() - start) / (end - first):.2f} s each")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
