"""The order in which MindSpore lists columns that it keeps in a hash map of C++.

`batch` does so, where `per_batch_map` gives more or fewer columns than it takes. The map is that of GCC: a list of
entries; one whose bucket is empty comes first of all, another first in its bucket. There are 13 buckets, or the next
prime of a list if there are more entries. https://gcc.gnu.org/git/gcc.git, libstdc++-v3/libsupc++/hash_bytes.cc
"""

from __future__ import annotations

from collections.abc import Iterable

_BUCKETS = (13, 29, 59, 127, 257, 541, 1109)
_SEED, _FACTOR, _WORD = 0xC70F6907, 0xC6A4A7935BD1E995, 2**64


def listed(names: Iterable[str]) -> list[str]:
    """The names, entered in their order, as the map lists them."""
    entries: list[str] = []
    buckets = _BUCKETS[0]
    for name in names:
        if len(entries) == buckets:  # all are entered anew, in the order of the list
            buckets, again, entries = _buckets(2 * buckets), entries, []
            for entry in again:
                _enter(entries, entry, buckets)
        _enter(entries, name, buckets)
    return entries


def exchanged(entries: list[str], inputs: list[str], outputs: list[str]) -> list[str]:
    """What becomes of a list of columns when some are computed from others."""
    rest = [name for name in entries if name not in inputs]
    if len(inputs) != len(outputs):
        return listed(outputs + [name for name in rest if name not in outputs])
    for name in outputs:
        if name not in rest:
            _enter(rest, name, _buckets(len(rest) + 1))
    return rest


def _buckets(count: int) -> int:
    """How many buckets a map of so many entries has."""
    return next((size for size in _BUCKETS if size >= count), 2 * count + 1)


def _enter(entries: list[str], name: str, buckets: int) -> None:
    own = _hash(name) % buckets
    place = next((i for i, entry in enumerate(entries) if _hash(entry) % buckets == own), 0)
    entries.insert(place, name)


def _hash(name: str) -> int:
    """MurmurHash64A of the text, as `std::hash` computes it."""
    content = name.encode()
    whole = len(content) & ~7
    result = _SEED ^ len(content) * _FACTOR % _WORD
    for start in range(0, whole, 8):
        word = _shifted(int.from_bytes(content[start : start + 8], "little") * _FACTOR % _WORD)
        result = (result ^ word * _FACTOR % _WORD) * _FACTOR % _WORD
    if whole < len(content):
        result = (result ^ int.from_bytes(content[whole:], "little")) * _FACTOR % _WORD
    return _shifted(_shifted(result) * _FACTOR % _WORD)


def _shifted(word: int) -> int:
    return word ^ word >> 47
