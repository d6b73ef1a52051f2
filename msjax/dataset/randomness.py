"""The random numbers of MindSpore's samplers and shuffles, which its C++ code draws from Mersenne Twisters.

A seed gives the same order here as there. What the C++ standard leaves open is as in libstdc++ (before GCC 11, in its
bits/uniform_int_dist.h and bits/stl_algo.h): `below` is its uniform_int_distribution, `shuffle` its std::shuffle.

Sources: M. Matsumoto, T. Nishimura, "Mersenne Twister" (1998); T. Nishimura, "Tables of 64-bit Mersenne Twisters"
(2000).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_BLOCK = 1024


class Twister:
    """C++'s `std::mt19937`."""

    _RANGE = 2**32 - 1  # the largest number that `draw` gives

    def __init__(self, seed: int):
        bits = np.random.MT19937()
        bits._legacy_seeding(seed % 2**32)
        self.draw = self._numbers(bits).__next__  # an integer below 2**32

    @staticmethod
    def _numbers(bits) -> Iterator[int]:
        while True:
            yield from bits.random_raw(_BLOCK).tolist()

    def below(self, count: int) -> int:
        """An integer from 0 to `count` - 1, all equally likely."""
        width = self._RANGE // count
        number = self.draw()
        while number >= width * count:
            number = self.draw()
        return number // width

    def unit(self) -> float:
        """A float64 in [0, 1)."""
        low = self.draw()
        return (low + self.draw() * 2.0**32) / 2.0**64

    def shuffle(self, items: list) -> None:
        """Shuffle a list in place: two exchanges for each number drawn, as long as one number is enough for both."""
        count = len(items)
        if count * count > self._RANGE:
            for i in range(1, count):
                j = self.below(i + 1)
                items[i], items[j] = items[j], items[i]
            return
        first = 1
        if count and count % 2 == 0:
            j = self.below(2)
            items[1], items[j] = items[j], items[1]
            first = 2
        draw = self.draw
        for i in range(first, count, 2):
            choices = (i + 1) * (i + 2)
            width = self._RANGE // choices
            number = draw()
            while number >= width * choices:
                number = draw()
            j, k = divmod(number // width, i + 2)
            items[i], items[j] = items[j], items[i]
            items[i + 1], items[k] = items[k], items[i + 1]


class Minimal(Twister):
    """C++'s `std::default_random_engine`, the "minimal standard" generator of S. K. Park and K. W. Miller (1988)."""

    _RANGE = 2**31 - 3

    def __init__(self, seed: int):
        self.draw = self._multiples(seed % (2**31 - 1) or 1).__next__

    @staticmethod
    def _multiples(value: int) -> Iterator[int]:
        while True:
            value = 16807 * value % (2**31 - 1)
            yield value - 1


class Twister64:
    """C++'s `std::mt19937_64`: calling it gives an integer below 2**64."""

    _WORDS, _MIDDLE = 312, 156
    _UPPER, _LOWER = np.uint64(0xFFFFFFFF80000000), np.uint64(0x7FFFFFFF)
    _MATRIX = np.uint64(0xB5026F5AA96619E9)

    def __init__(self, seed: int):
        words = [seed]
        for i in range(1, self._WORDS):
            words.append((6364136223846793005 * (words[-1] ^ (words[-1] >> 62)) + i) % 2**64)
        self._words = np.array(words, np.uint64)
        self._draw = self._numbers().__next__

    def __call__(self) -> int:
        return self._draw()

    def _numbers(self) -> Iterator[int]:
        while True:
            self._renew()
            yield from self._tempered().tolist()

    def _renew(self) -> None:
        words, middle, count = self._words, self._MIDDLE, self._WORDS
        # Each word is made of those 1 and 156 further on, which for the second half are new ones.
        for start, stop in ((0, middle), (middle, count - 1), (count - 1, count)):
            following = words[[0]] if stop == count else words[start + 1 : stop + 1]
            mixed = (words[start:stop] & self._UPPER) | (following & self._LOWER)
            apart = words[(np.arange(start, stop) + middle) % count]
            odd = (mixed & np.uint64(1)).astype(bool)
            words[start:stop] = apart ^ (mixed >> np.uint64(1)) ^ np.where(odd, self._MATRIX, np.uint64(0))

    def _tempered(self) -> np.ndarray:
        x = self._words.copy()
        x ^= (x >> np.uint64(29)) & np.uint64(0x5555555555555555)
        x ^= (x << np.uint64(17)) & np.uint64(0x71D67FFFEDA60000)
        x ^= (x << np.uint64(37)) & np.uint64(0xFFF7EEE000000000)
        return x ^ (x >> np.uint64(43))
