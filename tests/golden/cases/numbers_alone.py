"""Operators of numbers alone: windows, ranges, indices of triangles. And Fourier transforms of rows that say it all."""

from golden.cases import Table

WINDOWS = """
    ops.hann_window(0)
    ops.hann_window(1)
    ops.hann_window(5)
    ops.hann_window(5, False)
    ops.hann_window(5, dtype=ms.float16)
    ops.hamming_window(0)
    ops.hamming_window(1)
    ops.hamming_window(5)
    ops.hamming_window(5, False)
    ops.hamming_window(5, True, 0.5, 0.3)
    ops.kaiser_window(1)
    ops.kaiser_window(5)
    ops.kaiser_window(5, False)
    ops.kaiser_window(5, True, 3.0)
    ops.kaiser_window(4, dtype=ms.float32)
    ops.bartlett_window(Tensor(1))
    ops.bartlett_window(Tensor(5))
    ops.BartlettWindow(False)(Tensor(4))
    ops.blackman_window(Tensor(5))
    ops.BlackmanWindow()(Tensor(5, ms.int32))
    ops.HammingWindow()(Tensor([5]))
    mnp.hanning(0)
    mnp.hanning(1)
    mnp.hanning(5)
    mnp.hamming(4)
    mnp.bartlett(5)
    mnp.blackman(6)
"""

RANGES = """
    mnp.zeros(3, ms.int32)
    mnp.zeros((0, 2), "float16")
    mnp.ones(())
    mnp.eye(2, 3, 1)
    mnp.eye(3, k=-1, dtype=ms.int32)
    mnp.eye(2, 3, -5)
    mnp.identity(0)
    mnp.arange(0, 1, 0.25)
    mnp.arange(5, 0, -2)
    mnp.arange(3, dtype=ms.float16)
    mint.arange(3.5)
    mint.arange(0, 5, 2, dtype=ms.float64)
    mint.ones([2, 2], dtype=ms.float16)
    ops.Zeros()((), ms.bool_)
    ops.Ones()((2, 2), ms.complex64)
    ops.Eye()(0, 2, ms.float32)
    ops.Eye()(2, 2, ms.bool_)
    ops.range(0, 10, 3)
    ops.range(10, 0, -4)
    ops.range(0.0, 1.0, 0.25)
    ops.range(Tensor(0), Tensor(5), Tensor(2))
    ops.range(0, 5, 0)
    ops.Range(10)(0, 4, 1)
    ops.tuple_to_array((1.5, 2.5))
    ops.TupleToArray()((1, 2.5))
    ops.InvertPermutation()((3, 4, 0, 2, 1))
    ops.InvertPermutation()((0, 0))
"""

INDICES = """
    mnp.tri(3, 4, 1)
    mnp.tri(3, 2, -1, ms.int32)
    mnp.tril_indices(3, -1, 4)
    mnp.triu_indices(3, 1, 4)
    mnp.diag_indices(2, 3)
    mnp.indices((2, 3))
    mnp.indices((2, 3), sparse=True)
    ops.tril_indices(3, 4, -1)
    ops.tril_indices(3, 2, 1, dtype=ms.int32)
    ops.TriuIndices(3, 4, offset=-1)()
    ops.TriuIndices(2, 2, dtype=ms.int64)()
    ops.view_as_real(Tensor([1+2j, 3-1j]))
    mnp.gradient(Tensor([1.0, 4.0, 9.0, 16.0]), 2)
    mnp.gradient(Tensor([[1.0, 4.0, 9.0], [2.0, 3.0, 7.0]]))
    mnp.gradient(Tensor([[1.0, 4.0, 9.0], [2.0, 3.0, 7.0]]), 0.5, axis=(0, 1))
    mnp.gradient(Tensor([1, 4, 9, 16]))
"""

FOURIER = """
    ops.fftfreq(4, 0.5)
    ops.rfftfreq(6)
    mnp.fft.fftfreq(5)
    mnp.fft.rfftfreq(4, 2.0)
    mnp.fft.fft(Tensor([1, 2, 4]))
    mnp.fft.fft(Tensor([1.0, 2.0, 4.0]), 4)
    mnp.fft.fft(Tensor([[1.0, 2.0], [3.0, 5.0]]), 2, 0, "ortho")
    mnp.fft.ifft(Tensor([1.0, 2.0, 4.0]), 2, -1, "forward")
    mnp.fft.rfft(Tensor([1.0, 2.0, 4.0]), 5)
    mnp.fft.irfft(Tensor([1.0, 2.0, 4.0]), 5)
    mnp.fft.hfft(Tensor([1+0j, 2j, 4+1j]))
    mnp.fft.ihfft(Tensor([1.0, 2.0, 4.0]), 4)
    mnp.fft.fftn(Tensor([[1.0, 2.0], [3.0, 5.0]]), (3,), (0,))
    mnp.fft.irfftn(Tensor([[1+1j, 2.0], [3.0, 5.0]]), (2, 3))
    mnp.fft.ifft2(Tensor([[1.0, 2.0], [3.0, 5.0]]), norm="forward")
    mnp.fft.rfft2(Tensor([[1.0, 2.0, 1.0], [3.0, 5.0, 0.0]]))
    mnp.fft.fftshift(Tensor([1.0, 2.0, 3.0, 4.0, 5.0]))
    mnp.fft.ifftshift(Tensor([[1.0, 2.0], [3.0, 5.0]]), (0, 1))
"""

MATRICES = """
    mint.linalg.inv(Tensor([[2.0, 1.0], [1.0, 3.0]]))
    mint.linalg.norm(Tensor([[3.0, 4.0], [0.0, 1.0]]), "nuc")
    mint.linalg.norm(Tensor([[3.0, 4.0], [0.0, 1.0]]), 2, 1, True)
    mint.linalg.vector_norm(Tensor([3.0, 4.0]), 3)
    mint.linalg.vector_norm(Tensor([3.0, 4.0]), dtype=ms.float64)
    mint.linalg.matrix_norm(Tensor([[3.0, 4.0], [0.0, 1.0]]), -1, (0, 1), True)
    mint.special.erfc(Tensor([0, 1]))
    mint.special.round(Tensor([1.25, 2.5, -1.75]))
    mint.special.log_softmax(Tensor([[1.0, 2.0], [3.0, 5.0]]), dim=-1, dtype=ms.float16)
"""

TABLES = [
    Table("windows", WINDOWS),
    Table("ranges", RANGES),
    Table("indices", INDICES),
    Table("fourier", FOURIER),
    Table("matrices", MATRICES),
]
