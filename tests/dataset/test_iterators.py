"""Iterators: epochs, what rows are, several at once, errors, and what is left behind when one is dropped."""

import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import msjax as ms
import msjax.dataset as ds


def numbers(count=10, **arguments):
    return ds.NumpySlicesDataset({"x": np.arange(count)}, shuffle=False, **arguments)


def values(iterator):
    return [int(row["x"]) for row in iterator]


def rows_of(dataset):
    return values(dataset.create_dict_iterator(num_epochs=1, output_numpy=True))


def eventually(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def test_a_loop_is_an_epoch_and_rows_end_with_the_last():
    iterator = numbers(3).create_dict_iterator(num_epochs=2, output_numpy=True)
    assert values(iterator) == values(iterator) == [0, 1, 2]
    with pytest.raises(RuntimeError, match="num_epochs"):
        next(iterator)


def test_without_end():
    iterator = numbers(2).create_dict_iterator(output_numpy=True)
    assert [values(iterator) for _ in range(20)] == [[0, 1]] * 20
    endless = numbers(2).repeat().create_dict_iterator(num_epochs=1, output_numpy=True)
    assert [int(next(endless)["x"]) for _ in range(5)] == [0, 1, 0, 1, 0]


@pytest.mark.parametrize("epochs, error", [(0, RuntimeError), (-2, ValueError), ("1", TypeError)])
def test_epochs_are_checked(epochs, error):
    with pytest.raises(error, match="num_epochs"):
        numbers().create_dict_iterator(num_epochs=epochs)


def test_rows_are_tensors_unless_asked_and_strings_are_arrays():
    rows = ds.NumpySlicesDataset({"x": np.ones((1, 2), np.float32), "s": ["ab"]}, shuffle=False)
    (row,) = rows.create_dict_iterator(num_epochs=1)
    assert isinstance(row["x"], ms.Tensor) and row["x"].dtype == ms.float32 and row["x"].shape == (2,)
    assert isinstance(row["s"], np.ndarray) and row["s"].item() == "ab"
    ((x, s),) = rows.create_tuple_iterator(num_epochs=1, output_numpy=True)
    assert type(x) is type(s) is np.ndarray
    ((s, x),) = rows.create_tuple_iterator(columns=["s", "x"], num_epochs=1, output_numpy=True)
    assert s.item() == "ab"
    assert [len(row) for row in rows] == [2]


def test_one_pipeline_iterated_twice_and_at_once():
    rows = numbers().map(lambda x: x + 1, num_parallel_workers=2).batch(3)
    first, second = (rows.create_dict_iterator(num_epochs=1, output_numpy=True) for _ in range(2))
    for _ in range(4):
        assert next(first)["x"].tolist() == next(second)["x"].tolist()
    assert rows.get_dataset_size() == 4


def test_a_pipeline_is_run_once_to_be_counted():
    runs = []

    def source():
        runs.append(1)
        yield from ((i,) for i in range(5))

    rows = ds.GeneratorDataset(source, ["x"]).batch(2)
    assert [rows.get_dataset_size() for _ in range(3)] == [3, 3, 3] and len(runs) == 1


def test_iterators_in_threads():
    rows, results = numbers(200).shuffle(50).batch(7), []
    ds.config.set_seed(3)
    try:
        threads = [
            threading.Thread(
                target=lambda: results.append(
                    [row["x"].tolist() for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True)]
                )
            )
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        ds.config.set_seed(ds.config.UNSEEDED)
    assert len(results) == 8 and results.count(results[0]) == 8


def test_one_iterator_shared_by_threads():
    iterator, got = numbers(500).create_dict_iterator(num_epochs=1, output_numpy=True), []

    def take():
        with contextlib.suppress(StopIteration, RuntimeError):  # the first at the end, and those after it
            while True:
                got.append(int(next(iterator)["x"]))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(got) == list(range(500))


@pytest.mark.parametrize("workers", [None, 1, 2, 5])
def test_order_does_not_depend_on_workers(workers):
    def late(x):
        time.sleep(0.002 * (x % 3 == 0))
        return x

    assert rows_of(numbers(40).map(late, num_parallel_workers=workers)) == list(range(40))


@pytest.mark.parametrize("workers, processes", [(None, False), (2, False), (2, True)])
def test_the_users_exception_arrives_with_its_traceback(workers, processes):
    def fails_at_seven(x):
        if x == 7:
            raise KeyError("seven")
        return x

    rows = numbers(20).map(fails_at_seven, num_parallel_workers=workers, python_multiprocessing=processes)
    iterator = rows.create_dict_iterator(num_epochs=1, output_numpy=True)
    got = []
    with pytest.raises(RuntimeError, match="fails_at_seven") as raised:
        for row in iterator:
            got.append(int(row["x"]))
    assert got == list(range(7)) and "KeyError" in str(raised.value) and "seven" in str(raised.value)
    if not processes:
        assert isinstance(raised.value.__cause__, KeyError)
        assert any(frame.name == "fails_at_seven" for frame in _frames(raised.value.__cause__))
    with pytest.raises(RuntimeError, match="fails_at_seven"):  # and not rows as if nothing had been
        next(iterator)
    assert rows_of(numbers(3)) == [0, 1, 2]


def _frames(error):
    import traceback

    return traceback.extract_tb(error.__traceback__)


def test_processes_run_closures_and_leave_their_prints_alone():
    offset = 5
    rows = numbers(50).map(lambda x: x + offset, num_parallel_workers=2, python_multiprocessing=True)
    assert rows_of(rows) == list(range(5, 55))


def pids():
    """A source whose rows say which process they are from. Local, so that workers need not import this module."""

    class Pids:
        def __len__(self):
            return 100

        def __getitem__(self, index):
            time.sleep(0.01)
            return np.array(os.getpid())

    return ds.GeneratorDataset(Pids(), ["x"], num_parallel_workers=2, python_multiprocessing=True, shuffle=False)


def test_a_killed_worker_is_an_error():
    iterator = pids().create_dict_iterator(num_epochs=1, output_numpy=True)
    pid = int(next(iterator)["x"])
    assert pid != os.getpid()
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(RuntimeError, match="killed by signal 9"):
        list(iterator)
    assert eventually(lambda: not alive(pid))


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_dropped_iterators_leave_no_thread():
    before = threading.active_count()
    for _ in range(50):
        rows = numbers(1000).map(lambda x: x, num_parallel_workers=2).shuffle(10).batch(2)
        iterator = rows.create_dict_iterator(num_epochs=-1, output_numpy=True)
        next(iterator)
        del iterator
    gc.collect()
    assert eventually(lambda: threading.active_count() <= before)


def test_dropped_iterators_leave_no_process():
    iterator = pids().create_dict_iterator(output_numpy=True)
    workers = {int(next(iterator)["x"]) for _ in range(6)}
    del iterator
    gc.collect()
    assert eventually(lambda: not any(map(alive, workers)))


def test_stopped_by_hand():
    iterator = numbers(1000).create_dict_iterator(num_epochs=1, output_numpy=True)
    next(iterator)
    iterator.stop()
    iterator.stop()
    with pytest.raises(RuntimeError, match="end"):
        next(iterator)


PROGRAM = """
import time
import numpy as np
import msjax.dataset as ds

class Slow:
    def __len__(self):
        return 10**6
    def __getitem__(self, index):
        time.sleep(0.001)
        return np.array(index)

for processes in (False, True):
    rows = ds.GeneratorDataset(Slow(), ["x"], num_parallel_workers=2, python_multiprocessing=processes, shuffle=False)
    iterator = rows.map(lambda x: x + 1, num_parallel_workers=2).create_dict_iterator(output_numpy=True)
    print(int(next(iterator)["x"]))
    globals()[f"kept{processes}"] = iterator
"""


def test_a_program_ends_with_iterators_half_way(tmp_path):
    """... though it has no `if __name__ == "__main__"`, and says nothing about it."""
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, env=os.environ | path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n1\n", "")


def test_memory_is_flat():
    def peak(count):
        import tracemalloc

        tracemalloc.start()
        rows = ds.GeneratorDataset(lambda: ((np.ones(500),) for _ in range(count)), ["x"]).batch(10)
        for _ in rows.create_tuple_iterator(num_epochs=1, output_numpy=True):
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    assert peak(4000) < 1.5 * peak(1000)


def test_rows_share_no_memory_with_the_source_or_each_other():
    data = np.zeros((4, 2))

    def spoil(x):
        x += 1
        return x

    rows = ds.NumpySlicesDataset({"x": data}, shuffle=False).map(spoil)
    list(rows.create_tuple_iterator(num_epochs=1))
    assert not data.any()

    def reuses():
        buffer = np.zeros(1)
        for i in range(5):
            buffer[:] = i
            yield (buffer,)

    rows = ds.GeneratorDataset(reuses, ["x"])
    assert [x.item() for (x,) in rows.create_tuple_iterator(num_epochs=1, output_numpy=True)] == [0, 1, 2, 3, 4]


def test_little_is_ready_of_large_rows():
    made = []

    def large():
        for i in range(12):
            made.append(i)
            yield (np.zeros(2**22),)

    iterator = ds.GeneratorDataset(large, ["x"]).create_tuple_iterator(num_epochs=1, output_numpy=True)
    next(iterator)
    time.sleep(0.3)
    assert len(made) <= 5


def test_a_seed_makes_runs_the_same():
    def noisy(x):
        return x + np.random.rand()

    def run():
        ds.config.set_seed(11)
        rows = ds.NumpySlicesDataset({"x": np.arange(20.0)}).map(noisy, num_parallel_workers=2).shuffle(5)
        return [float(row["x"]) for row in rows.create_dict_iterator(num_epochs=2, output_numpy=True)]

    def run_in_processes():
        ds.config.set_seed(11)
        rows = numbers().map(noisy, num_parallel_workers=2, python_multiprocessing=True)
        return [float(row["x"]) for row in rows.create_dict_iterator(num_epochs=1, output_numpy=True)]

    try:
        assert run() == run()
        assert run_in_processes() == run_in_processes()
    finally:
        ds.config.set_seed(ds.config.UNSEEDED)
    orders = {tuple(rows_of(ds.NumpySlicesDataset({"x": np.arange(20)}))) for _ in range(3)}
    assert len(orders) > 1


def test_the_seed_of_the_top_level_counts():
    before = ds.config.get_seed()
    try:
        ms.set_seed(5)
        assert ds.config.get_seed() == 5
        assert rows_of(ds.NumpySlicesDataset({"x": np.arange(10)})) == [3, 8, 5, 2, 4, 6, 7, 1, 9, 0]
    finally:
        ds.config.set_seed(before)


def test_debug_mode_runs_in_the_thread_that_iterates():
    threads = set()
    ds.config.set_debug_mode(True)
    try:
        rows_of(numbers().map(lambda x: threads.add(threading.get_ident()) or x, num_parallel_workers=2))
    finally:
        ds.config.set_debug_mode(False)
    assert threads == {threading.get_ident()}


@pytest.mark.parametrize("mode, expected", [("SKIP", [0, 1, 3]), ("REPLACE", [0, 1, 1, 3])])
def test_rows_that_fail_can_be_left_out_or_replaced(mode, expected):
    def fails(x):
        if x == 2:
            raise ValueError
        return x

    ds.config.set_error_samples_mode(ds.config.ErrorSamplesMode[mode])
    try:
        assert rows_of(numbers(4).map(fails)) == expected
        assert rows_of(numbers(4).map(fails, num_parallel_workers=2)) == expected
    finally:
        ds.config.set_error_samples_mode(ds.config.ErrorSamplesMode.RETURN)


def test_a_sampler_of_the_users_is_asked_for_one_epoch_ahead():
    class Drawn(ds.Sampler):
        def __iter__(self):
            asked.append(len(asked))
            yield from range(4)

    for epochs, expected in ((-1, 3), (1, 2), (3, 4)):  # once more to begin with, as in MindSpore
        asked: list[int] = []
        rows = ds.GeneratorDataset(list(range(4)), ["x"], sampler=Drawn()).batch(2)
        iterator = rows.create_tuple_iterator(num_epochs=epochs, output_numpy=True)
        for _ in iterator:
            time.sleep(0.02)
        assert len(asked) == expected
        if epochs < 0:
            for more in (1, 2):
                for _ in iterator:
                    time.sleep(0.02)
                assert len(asked) == expected + more
