"""How a Cell finds and names what it owns: Parameters, buffers and child Cells, in MindSpore's order."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator

from msjax.core import watching
from msjax.core.effects import is_base, reads_parts
from msjax.core.parameter import Parameter, check_unique
from msjax.core.tensor import Tensor

_PREFIX = re.compile(r"^[a-zA-Z_0-9\-.]*$")


@is_base
class Naming:
    """The part of `Cell` that walks over its Parameters and children."""

    _params: OrderedDict[str, Parameter | None]
    _cells: OrderedDict
    _buffers: OrderedDict[str, Tensor | None]
    _transient: set[str]  # names of buffers that are not saved

    # -- Parameters -----------------------------------------------------------------------------------------------

    @reads_parts
    def parameters_and_names(self, name_prefix: str = "", expand: bool = True) -> Iterator[tuple[str, Parameter]]:
        """The Parameters with their paths of attribute names, own ones first, each once.

        Args:
            name_prefix: put before each path.
            expand: whether to go into child Cells.

        Returns:
            An iterator of (path, Parameter).

        Example:
            >>> [name for name, _ in nn.SequentialCell(nn.Dense(1, 1)).parameters_and_names()]
            ['0.weight', '0.bias']
        """
        seen: set[int] = set()
        cells = self.cells_and_names(name_prefix=name_prefix) if expand else [(name_prefix, self)]
        for path, cell in cells:
            for name, parameter in cell._params.items():
                if parameter is not None and id(parameter) not in seen:
                    seen.add(id(parameter))
                    yield (f"{path}.{name}" if path else name), parameter

    @reads_parts
    def get_parameters(self, expand: bool = True) -> Iterator[Parameter]:
        """The Parameters, each once.

        Args:
            expand: whether those of Cells below count, too.

        Returns:
            An iterator of Parameters.
        """
        return (parameter for _, parameter in self.parameters_and_names(expand=expand))

    @reads_parts
    def trainable_params(self, recurse: bool = True) -> list[Parameter]:
        """The Parameters that are trained, those whose `requires_grad` is True.

        Args:
            recurse: whether those of Cells below count, too.

        Returns:
            A list of Parameters.

        Example:
            >>> [p.name for p in nn.Dense(2, 1).trainable_params()]
            ['weight', 'bias']
        """
        return [p for p in self.get_parameters(recurse) if p.requires_grad]

    @reads_parts
    def untrainable_params(self, recurse: bool = True) -> list[Parameter]:
        """The Parameters that are not trained, such as moving moments.

        Args:
            recurse: whether those of Cells below count, too.

        Returns:
            A list of Parameters.
        """
        return [p for p in self.get_parameters(recurse) if not p.requires_grad]

    @reads_parts
    def parameters_dict(self, recurse: bool = True) -> OrderedDict[str, Parameter]:
        """The Parameters by name.

        Args:
            recurse: whether those of Cells below count, too.

        Returns:
            An OrderedDict of name -> Parameter.
        """
        return OrderedDict((p.name, p) for p in self.get_parameters(recurse))

    def init_parameters_data(self, auto_parallel_mode: bool = False) -> dict:
        """The Parameters; they have their values from the start.

        Args:
            auto_parallel_mode: accepted for compatibility.

        Returns:
            A dict of Parameter -> Parameter.
        """
        return {p: p for p in self.get_parameters()}

    def parameters_broadcast_dict(self, recurse: bool = True):
        """The Parameters that are not layer-wise parallel.

        Args:
            recurse: whether those of Cells below count, too.

        Returns:
            An OrderedDict of name -> Parameter; None if there is none.
        """
        shared = OrderedDict((p.name, p) for p in self.get_parameters(recurse) if not p.layerwise_parallel)
        return shared or None

    def update_parameters_name(self, prefix: str = "", recurse: bool = True) -> None:
        """Name every Parameter by a prefix and its path of attribute names.

        Args:
            prefix: what stands before the paths.
            recurse: whether those of Cells below are named, too.

        Raises:
            TypeError: if `prefix` is not a str.
            ValueError: if it contains other than letters, digits, "_", "-" and ".".
        """
        if not isinstance(prefix, str):
            raise TypeError(f"For 'update_parameters_name', 'prefix' must be a str, but got {type(prefix).__name__}.")
        if not _PREFIX.match(prefix):
            raise ValueError(
                f"For 'update_parameters_name', the prefix {prefix!r} is illegal, it must match {_PREFIX.pattern!r}."
            )
        for path, parameter in self.parameters_and_names(expand=recurse):
            parameter.name = prefix + path

    def check_names(self) -> None:
        """Make sure that no two Parameters have the same name.

        Raises:
            ValueError: if two have.
        """
        names: dict[str, Parameter] = {}
        for parameter in self.get_parameters():
            check_unique(names, parameter)

    def check_names_and_refresh_name(self) -> None:
        """Rename all Parameters to their paths if two have the same name."""
        parameters = list(self.get_parameters())
        if len({p._name for p in parameters}) < len(parameters):
            if (watch := watching.current()) is not None:
                watch.refuse("it gives Parameters names of their own, once")
            self.update_parameters_name()

    # -- Cells ----------------------------------------------------------------------------------------------------

    @reads_parts
    def name_cells(self) -> OrderedDict:
        """The direct children, each once under its first name.

        Returns:
            An OrderedDict of name -> Cell.
        """
        seen: set[int] = set()
        children = OrderedDict()
        for name, cell in self._cells.items():
            if cell is not None and id(cell) not in seen:
                seen.add(id(cell))
                children[name] = cell
        return children

    @reads_parts
    def cells(self):
        """The direct children.

        Returns:
            The Cells, each once.
        """
        return self.name_cells().values()

    @reads_parts
    def cells_and_names(self, cells: set | None = None, name_prefix: str = "") -> Iterator[tuple]:
        """This Cell, with path "", and all below it, each once, parents first.

        Args:
            cells: a set of the ids of Cells to leave out, to which all are added; None for none.
            name_prefix: put before each path.

        Returns:
            An iterator of (path, Cell).

        Example:
            >>> [name for name, _ in nn.SequentialCell(nn.ReLU(), nn.Tanh()).cells_and_names()]
            ['', '0', '1']
        """
        seen = set() if cells is None else cells
        if id(self) in seen:
            return
        seen.add(id(self))
        yield name_prefix, self
        for name, cell in self._cells.items():
            if cell is not None:
                yield from cell.cells_and_names(seen, f"{name_prefix}.{name}" if name_prefix else name)

    def get_sub_cell(self, target: str):
        """The Cell at a path.

        Args:
            target: the path, such as "layers.0"; "" for this Cell.

        Returns:
            The Cell.

        Raises:
            AttributeError: if there is none.
        """
        cell = self
        for name in target.split(".") if target else ():
            if name not in cell._cells:
                raise AttributeError(f"The '{type(cell).__name__}' object has no sub cell {name!r}.")
            cell = cell._cells[name]
        return cell

    def apply(self, fn):
        """Call a function with every Cell below and then with this one.

        Args:
            fn: a function of a Cell.

        Returns:
            This Cell.

        Example:
            >>> names = []
            >>> net = nn.SequentialCell(nn.ReLU()).apply(lambda cell: names.append(cell.cls_name))
            >>> names
            ['ReLU', 'SequentialCell']
        """
        for cell in self.cells():
            cell.apply(fn)
        fn(self)
        return self

    # -- buffers --------------------------------------------------------------------------------------------------

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Own a Tensor that is state but not trained.

        Args:
            name: the name of the attribute.
            tensor: the Tensor, or None to keep the name free for one.
            persistent: whether `state_dict` holds it.

        Raises:
            TypeError, KeyError: if the name or the value is not possible.
        """
        if not isinstance(name, str):
            raise TypeError(f"For 'register_buffer', the buffer name must be str, but got {type(name).__name__}.")
        if "." in name or not name:
            raise KeyError(f"The buffer name {name!r} can not be empty or contain '.'.")
        if hasattr(self, name) and name not in self._buffers:
            raise KeyError(f"attribute {name!r} already exists")
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{type(tensor).__name__}' object to buffer {name!r}: a Tensor or None is required."
            )
        self._buffers[name] = tensor
        self.__dict__[name] = tensor
        (self._transient.discard if persistent else self._transient.add)(name)

    @reads_parts
    def named_buffers(self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True) -> Iterator[tuple]:
        """The buffers with their paths of attribute names.

        Args:
            prefix: put before each path.
            recurse: whether those of Cells below count, too.
            remove_duplicate: whether a buffer of several names comes once.

        Returns:
            An iterator of (path, buffer).
        """
        seen: set[int] = set()
        for path, cell in self.cells_and_names(name_prefix=prefix) if recurse else [(prefix, self)]:
            for name, buffer in cell._buffers.items():
                if buffer is not None and not (remove_duplicate and id(buffer) in seen):
                    seen.add(id(buffer))
                    yield (f"{path}.{name}" if path else name), buffer

    @reads_parts
    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The buffers, each once.

        Args:
            recurse: whether those of Cells below count, too.

        Returns:
            An iterator of Tensors.
        """
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def get_buffer(self, target: str) -> Tensor | None:
        """The buffer at a path.

        Args:
            target: the path, such as "layers.0.mean".

        Returns:
            The Tensor, or None.

        Raises:
            AttributeError: if there is none.
        """
        path, _, name = target.rpartition(".")
        cell = self.get_sub_cell(path)
        if name not in cell._buffers:
            raise AttributeError(f"The '{type(cell).__name__}' object has no buffer {name!r}.")
        return cell._buffers[name]
