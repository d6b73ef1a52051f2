#!/usr/bin/env python
"""Write the coefficients of msjax/ops/maths/bessel_series.py; needs mpmath.

    scripts/make_bessel.py > msjax/ops/maths/bessel_series.py

Each is the Chebyshev series of a smooth function, on which Bessel functions are built: Clenshaw, Chebyshev series for
mathematical functions (1962); Abramowitz and Stegun, Handbook of mathematical functions (1964), chapter 9. Coefficients
are those of the interpolation at Chebyshev's points, computed with 60 digits, as far as float64 sees them.
"""

import mpmath as mp

mp.mp.dps = 60
NEAR, FAR = 8, 2  # where the series of J and Y, and those of K, end


def coefficients(function, count=60):
    """Of the series of a function on [-1, 1]."""
    points = [mp.cos(mp.pi * (mp.mpf(k) + mp.mpf(1) / 2) / count) for k in range(count)]
    values = [function(t) for t in points]
    found = []
    for n in range(count):
        total = mp.fsum(v * mp.cos(n * mp.pi * (mp.mpf(k) + mp.mpf(1) / 2) / count) for k, v in enumerate(values))
        found.append(total * 2 / count)
    found[0] /= 2
    size = max(map(abs, found))
    last = max(n for n, c in enumerate(found) if abs(c) > size * mp.mpf(10) ** -17.5)
    return [float(c) for c in found[: last + 1]]


def of_square(function):
    """A function of x in [0, NEAR] as one of t in [-1, 1], where (x / NEAR) ** 2 = (t + 1) / 2."""
    return lambda t: function(NEAR * mp.sqrt((t + 1) / 2))


def waves(order):
    """P and Q of z = NEAR / x: J = sqrt(2 / (pi x)) (P cos(c) - z Q sin(c)), and Y with sin and cos; as functions of
    t, where z ** 2 = (t + 1) / 2."""

    def parts(t):
        z = mp.sqrt((t + 1) / 2)
        x = NEAR / z
        angle, size = x - (2 * order + 1) * mp.pi / 4, mp.sqrt(mp.pi * x / 2)
        j, y = mp.besselj(order, x) * size, mp.bessely(order, x) * size
        return j * mp.cos(angle) + y * mp.sin(angle), (y * mp.cos(angle) - j * mp.sin(angle)) / z

    return (lambda t: parts(t)[0]), (lambda t: parts(t)[1])


def small_k(order):
    """K0 + log(x / 2) I0, or x K1 - x log(x / 2) I1, of x in [0, FAR]."""
    sign = 1 if order == 0 else -1

    def smooth(t):
        x = FAR * mp.sqrt((t + 1) / 2)
        return (mp.besselk(order, x) + sign * mp.log(x / 2) * mp.besseli(order, x)) * x**order

    return smooth


def large_k(order):
    """exp(x) sqrt(x) K(x) of FAR / x = (t + 1) / 2."""

    def smooth(t):
        x = 2 * FAR / (t + 1)
        return mp.exp(x) * mp.sqrt(x) * mp.besselk(order, x)

    return smooth


FUNCTIONS = {
    "J0": of_square(lambda x: mp.besselj(0, x)),
    "J1": of_square(lambda x: mp.besselj(1, x) / x),
    "Y0": of_square(lambda x: mp.bessely(0, x) - 2 / mp.pi * mp.log(x / 2) * mp.besselj(0, x)),
    "Y1": of_square(lambda x: (mp.bessely(1, x) - 2 / mp.pi * (mp.log(x / 2) * mp.besselj(1, x) - 1 / x)) / x),
    "P0": waves(0)[0],
    "Q0": waves(0)[1],
    "P1": waves(1)[0],
    "Q1": waves(1)[1],
    "K0": small_k(0),
    "K1": small_k(1),
    "K0_FAR": large_k(0),
    "K1_FAR": large_k(1),
}


def main() -> None:
    print('"""Chebyshev series of what Bessel functions are built on, as scripts/make_bessel.py writes them."""\n')
    print(f"NEAR, FAR = {NEAR}, {FAR}")
    for name, function in FUNCTIONS.items():
        rows = coefficients(function)
        print(f"{name} = (")
        for k in range(0, len(rows), 4):
            print(f"    {', '.join(map(repr, rows[k : k + 4]))},")
        print(")")


if __name__ == "__main__":
    main()
