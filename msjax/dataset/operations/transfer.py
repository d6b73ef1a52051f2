"""A pipeline whose rows go to the device by themselves, for training in sink mode."""

from __future__ import annotations

from msjax.dataset.execution import Pass, Run
from msjax.dataset.pipeline import Dataset


class TransferDataset(Dataset):
    """The rows of a dataset; `Dataset.device_que` makes it.

    Args:
        input_dataset (Dataset): where rows come from.
        send_epoch_end (bool): accepted for compatibility.
        create_data_info_queue (bool): accepted for compatibility.
        queue_name (str): the name by which training knows it.

    Differs from MindSpore: there is no queue on the device. Rows are made ready by the iterator that takes them.
    """

    def __init__(self, input_dataset, send_epoch_end=True, create_data_info_queue=False, queue_name=""):
        super().__init__(input_dataset)
        self._send_epoch_end, self._create_data_info_queue = send_epoch_end, create_data_info_queue
        self.queue_name = queue_name or f"queue_{id(self):x}"

    def _open(self, run: Run) -> Pass:
        return self.children[0]._open(run)

    def send(self, num_epochs: int = -1) -> None:
        """Nothing to do: rows are made when they are taken."""

    def stop_send(self) -> None:
        """Nothing to do."""

    def continue_send(self) -> None:
        """Nothing to do."""

    def get_data_info(self) -> tuple[list, list]:
        """The dtypes and the shapes of the columns."""
        return self.output_types(), self.output_shapes()
