"""A module of the user's beside the program: executed anew for each run, like the program itself."""

import functools

CALLS = []
SCALE = 2.0
TOTAL = 0


def note(text):
    CALLS.append(text)


def bump():
    global TOTAL
    TOTAL += 1


def scaled(x):
    return x * SCALE


def logged(fn):
    """A decorator that counts on the function it makes."""

    @functools.wraps(fn)
    def inner(*args):
        inner.calls += 1
        return fn(*args)

    inner.calls = 0
    return inner


def plain(fn):
    """A decorator without effects."""

    @functools.wraps(fn)
    def inner(*args, **kwargs):
        return fn(*args, **kwargs)

    return inner
