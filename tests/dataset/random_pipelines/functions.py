"""Functions of the user's, for the operations of random pipelines."""

import numpy as np


def plus_one(x):
    if x.dtype.kind in "SU":
        raise TypeError("a text")
    return x + x.dtype.type(1)


def both(x):
    return x, plus_one(x)


def total(x):
    return np.sum(x)


def as_int(x):
    return int(np.sum(x))


def to_float32(x):
    return x.astype(np.float32)


def twice(x):
    return np.stack([x, x])


def swapped(x, y):
    return y, x


def first_of(x, y):
    return x


def upper(x):
    return np.char.upper(x)


def failing(x):
    if np.sum(x) > 3:
        raise ValueError("more than 3")
    return x


def nothing(x):
    return None


def even(x):
    return bool(np.sum(x) % 2 == 0)


def never(*columns):
    return False


def small(x, *others):
    return np.sum(x) < 6


def wrong_answer(x):
    return "yes"


def growing(info):
    return info.get_batch_num() + 1


def by_epoch(info):
    return 2 + info.get_epoch_num()


def batch_plus(x, info):
    return ([plus_one(one) * one.dtype.type(info.get_batch_num()) for one in x],)


def batch_joined(x, info):
    return (np.stack(x).reshape(len(x), -1) * (1 + info.get_epoch_num()),)


def batch_of_two(x, y, info):
    return list(y), list(x)


def batch_doubled(x, info):
    return list(x), [np.array(len(x))] * len(x)


def size_of(x):
    return len(x)
