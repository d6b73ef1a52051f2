"""What a collective does with an array on each process, as XLA has it. All of these are linear."""

from __future__ import annotations

from dataclasses import dataclass

from jax import lax


@dataclass(frozen=True)
class Sum:
    """The sum over the processes."""

    def __call__(self, x, axis: str):
        return lax.psum(x, axis)

    def __str__(self) -> str:
        return "the sum"

    def back(self) -> Sum:
        """The transposed one, which cotangents go through."""
        return self

    def behind(self) -> Sum:
        """The same for arrays with another axis in front."""
        return self

    def shape(self, shape: tuple[int, ...], size: int) -> tuple[int, ...]:
        """Of the result, for an array of that shape and as many processes."""
        return shape


@dataclass(frozen=True)
class Extreme:
    """The greatest or the least over the processes: not linear, so never differentiated."""

    greatest: bool

    def __call__(self, x, axis: str):
        return lax.pmax(x, axis) if self.greatest else lax.pmin(x, axis)

    def __str__(self) -> str:
        return "the greatest" if self.greatest else "the least"

    def back(self):
        raise NotImplementedError

    def behind(self) -> Extreme:
        return self

    def shape(self, shape, size):
        return shape


@dataclass(frozen=True)
class Gather:
    """The arrays of all processes one after the other, along an axis."""

    at: int = 0

    def __call__(self, x, axis: str):
        return lax.all_gather(x, axis, axis=self.at, tiled=True)

    def __str__(self) -> str:
        return f"all arrays along axis {self.at}"

    def back(self) -> Scatter:
        return Scatter(self.at)

    def behind(self) -> Gather:
        return Gather(self.at + 1)

    def shape(self, shape, size):
        return (*shape[: self.at], shape[self.at] * size, *shape[self.at + 1 :])


@dataclass(frozen=True)
class Scatter:
    """The sum over the processes, of which each gets its part along an axis."""

    at: int = 0

    def __call__(self, x, axis: str):
        return lax.psum_scatter(x, axis, scatter_dimension=self.at, tiled=True)

    def __str__(self) -> str:
        return f"parts of the sum along axis {self.at}"

    def back(self) -> Gather:
        return Gather(self.at)

    def behind(self) -> Scatter:
        return Scatter(self.at + 1)

    def shape(self, shape, size):
        return (*shape[: self.at], shape[self.at] // size, *shape[self.at + 1 :])


@dataclass(frozen=True)
class Exchange:
    """To each process its part along an axis; what comes is put together along another."""

    split: int
    concat: int

    def __call__(self, x, axis: str):
        return lax.all_to_all(x, axis, self.split, self.concat, tiled=True)

    def __str__(self) -> str:
        return f"an exchange of parts along axis {self.split}, put together along {self.concat},"

    def back(self) -> Exchange:
        return Exchange(self.concat, self.split)

    def behind(self) -> Exchange:
        return Exchange(self.split + 1, self.concat + 1)

    def shape(self, shape, size):
        new = [*shape]
        new[self.split] //= size
        new[self.concat] *= size
        return tuple(new)


@dataclass(frozen=True)
class Permute:
    """From one process to another, for pairs of them; who gets nothing has zeros."""

    pairs: tuple[tuple[int, int], ...]

    def __call__(self, x, axis: str):
        return lax.ppermute(x, axis, self.pairs)

    def __str__(self) -> str:
        return f"sending, {', '.join(f'{of} to {to}' for of, to in self.pairs)},"

    def back(self) -> Permute:
        return Permute(tuple((to, of) for of, to in self.pairs))

    def behind(self) -> Permute:
        return self

    def shape(self, shape, size):
        return shape
