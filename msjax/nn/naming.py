"""How a Cell finds and names what it owns: Parameters, buffers and child Cells, in MindSpore's order."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator

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
        """(path of attribute names, Parameter), own ones first, each Parameter once.

        Args:
            name_prefix: put before each path.
            expand: whether to go into child Cells.
        """
        seen: set[int] = set()
        cells = self.cells_and_names(name_prefix) if expand else [(name_prefix, self)]
        for path, cell in cells:
            for name, parameter in cell._params.items():
                if parameter is not None and id(parameter) not in seen:
                    seen.add(id(parameter))
                    yield (f"{path}.{name}" if path else name), parameter

    @reads_parts
    def get_parameters(self, expand: bool = True) -> Iterator[Parameter]:
        """The Parameters, in the order of `parameters_and_names`."""
        return (parameter for _, parameter in self.parameters_and_names(expand=expand))

    @reads_parts
    def trainable_params(self, recurse: bool = True) -> list[Parameter]:
        """The Parameters with `requires_grad`."""
        return [p for p in self.get_parameters(recurse) if p.requires_grad]

    @reads_parts
    def untrainable_params(self, recurse: bool = True) -> list[Parameter]:
        """The Parameters without `requires_grad`."""
        return [p for p in self.get_parameters(recurse) if not p.requires_grad]

    @reads_parts
    def parameters_dict(self, recurse: bool = True) -> OrderedDict[str, Parameter]:
        """name -> Parameter."""
        return OrderedDict((p.name, p) for p in self.get_parameters(recurse))

    def init_parameters_data(self, auto_parallel_mode: bool = False) -> OrderedDict:
        """{Parameter: Parameter}; initializers are drawn when Parameters are made, so nothing is left to do."""
        return OrderedDict((p, p) for p in self.get_parameters())

    def parameters_broadcast_dict(self, recurse: bool = True):
        """name -> Parameter of those that are not layer-wise parallel; None if there is none."""
        found = OrderedDict((p.name, p) for p in self.get_parameters(recurse) if not p.layerwise_parallel)
        return found or None

    def update_parameters_name(self, prefix: str = "", recurse: bool = True) -> None:
        """Name every Parameter by `prefix` and its path of attribute names.

        Raises:
            TypeError: if `prefix` is not a str.
            ValueError: if it contains other than letters, digits, "_", "-" and ".".
        """
        if not isinstance(prefix, str):
            raise TypeError(f"For 'update_parameters_name', 'prefix' must be a str, but got {type(prefix).__name__}.")
        if not _PREFIX.match(prefix):
            raise ValueError(
                f"For 'update_parameters_name', the prefix {prefix!r} is illegal, "
                f"it must be match regular {_PREFIX.pattern!r}."
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
        if len({p._name for p in parameters}) < len(parameters):  # once for each Cell: no watch need see it
            self.update_parameters_name()

    # -- Cells ----------------------------------------------------------------------------------------------------

    @reads_parts
    def name_cells(self) -> OrderedDict:
        """name -> direct child, each child once under its first name."""
        seen: set[int] = set()
        found = OrderedDict()
        for name, cell in self._cells.items():
            if cell is not None and id(cell) not in seen:
                seen.add(id(cell))
                found[name] = cell
        return found

    @reads_parts
    def cells(self):
        """The direct children."""
        return self.name_cells().values()

    @reads_parts
    def cells_and_names(self, name_prefix: str = "", cells: set | None = None) -> Iterator[tuple]:
        """(path, Cell) of this Cell, path "", and of all below it, each once, parents first."""
        seen = set() if cells is None else cells
        if id(self) in seen:
            return
        seen.add(id(self))
        yield name_prefix, self
        for name, cell in self._cells.items():
            if cell is not None:
                yield from cell.cells_and_names(f"{name_prefix}.{name}" if name_prefix else name, seen)

    def get_sub_cell(self, target: str):
        """The Cell at a path such as "layers.0".

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
        """Call `fn` with every Cell below and then with this one; gives this Cell."""
        for cell in self.cells():
            cell.apply(fn)
        fn(self)
        return self

    # -- buffers --------------------------------------------------------------------------------------------------

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Own a Tensor that is state but not trained.

        Args:
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
        """(path, buffer)."""
        seen: set[int] = set()
        for path, cell in self.cells_and_names(prefix) if recurse else [(prefix, self)]:
            for name, buffer in cell._buffers.items():
                if buffer is not None and not (remove_duplicate and id(buffer) in seen):
                    seen.add(id(buffer))
                    yield (f"{path}.{name}" if path else name), buffer

    @reads_parts
    def buffers(self, recurse: bool = True) -> Iterator[Tensor]:
        """The buffers."""
        return (buffer for _, buffer in self.named_buffers(recurse=recurse))

    def get_buffer(self, target: str) -> Tensor | None:
        """The buffer at a path.

        Raises:
            AttributeError: if there is none.
        """
        path, _, name = target.rpartition(".")
        cell = self.get_sub_cell(path)
        if name not in cell._buffers:
            raise AttributeError(f"The '{type(cell).__name__}' object has no buffer {name!r}.")
        return cell._buffers[name]
