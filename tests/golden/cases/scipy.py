"""scipy-like functions: factorizations, cosine transforms, assignments, minimization."""

from golden.cases import Table

SETUP = """
import importlib
sl, sf, so = (importlib.import_module(ms.__name__ + ".scipy." + name) for name in ("linalg", "fft", "optimize"))

def floats(*values, dtype=ms.float32):
    return Tensor(np.array(values), dtype)

a = floats([4., 2., 1.], [2., 5., 3.], [1., 3., 6.])
n = floats([1., 2., 3.], [4., 5., 6.], [7., 8., 10.])
r = floats([1., 2.], [3., 4.], [5., 7.])
v, w = floats(1., 2., 3.), floats([1., 2.], [3., 4.], [5., 6.])
batch = ops.stack([a, n])
double, half, whole = a.astype(ms.float64), a.astype(ms.float16), a.astype(ms.int32)

def spectrum(result):
    values, vectors = result
    return values, abs(vectors)
"""

LINALG = """
    sl.block_diag(floats([1., 2.], [3., 4.]), floats([5.]))
    sl.block_diag()
    sl.block_diag(floats(1., 2.))
    sl.block_diag(Tensor([[1]]), floats([2.]))
    sl.block_diag(Tensor(1.0), Tensor([1, 2]))
    sl.block_diag(floats([[1.]]))
    sl.block_diag(double, a)
    sl.inv(a)
    sl.inv(double)
    sl.inv(half)
    sl.inv(whole)
    sl.inv(r)
    sl.inv(batch)
    sl.inv([[4., 2.], [2., 5.]])
    sl.cholesky(a)
    sl.cholesky(a, lower=True)
    sl.cholesky(double)
    sl.cholesky(half)
    sl.cholesky(whole)
    sl.cholesky(r)
    sl.cholesky(n)
    sl.cholesky(a, 1)
    sl.cho_factor(a)
    sl.cho_factor(a, True)
    sl.cho_factor(r)
    sl.cho_solve(sl.cho_factor(a), v)
    sl.cho_solve(sl.cho_factor(a, True), w)
    sl.cho_solve(sl.cho_factor(a), floats(1., 2.))
    sl.cho_solve((sl.cho_factor(a)[0], 'x'), v)
    sl.cho_solve(sl.cho_factor(double), v)
    spectrum(sl.eigh(a))
    sl.eigh(a, eigvals_only=True)
    spectrum(sl.eigh(n, lower=True))
    spectrum(sl.eigh(n, lower=False))
    spectrum(sl.eigh(whole))
    sl.eigh(a.astype(ms.complex64), eigvals_only=True)
    sl.eigh(a, b=a)
    sl.eigh(a, eigvals=(0, 1))
    sl.eigh(a, lower=1)
    sl.eigh(half)
    sl.eigh(r)
    sl.lu_factor(a)
    sl.lu_factor(double)
    sl.lu_factor(whole)
    sl.lu_factor(half)
    sl.lu(a)
    sl.lu(r.T)
    sl.lu(r)
    sl.lu(batch)
    sl.lu(a, 1)
    sl.lu_solve(sl.lu_factor(n), w)
    sl.solve_triangular(a, v)
    sl.solve_triangular(a, v, lower=True)
    [sl.solve_triangular(a, v, trans=trans) for trans in (0, 1, 2, 'N', 'T', 'C')]
    sl.solve_triangular(a, v, unit_diagonal=True)
    sl.solve_triangular(a, w)
    sl.solve_triangular(batch, ops.stack([v, v]))
    sl.solve_triangular(batch, ops.stack([w, w]))
    sl.solve_triangular(half, v.astype(ms.float16))
    sl.solve_triangular(a, floats(1., 2.))
    sl.solve_triangular(r, v)
    sl.solve_triangular(double, v)
    sl.solve_triangular(a, v, trans='X')
    sl.lstsq(r, v)
    sl.lstsq(r.astype(ms.float64), w.astype(ms.float64))
    sl.lstsq(r, v, driver='gelsd')
    sl.lstsq(a, v)
    sl.det(a)
    sl.det(whole)
    sl.det(r)
    grad(lambda x: (sl.inv(x) * n).sum())(a)
    grad(lambda x, y: (sl.solve_triangular(x, y) ** 2).sum(), (0, 1))(a, v)
    grad(lambda x: sl.det(x))(a)
"""

FFT = """
    sf.dct(v)
    sf.idct(v)
    sf.dct(v, 2, 5)
    sf.idct(v, 2, 2)
    sf.dct(w, axis=0)
    sf.idct(w, axis=0)
    sf.dct(v, norm='ortho')
    sf.dct(v, norm='backward')
    sf.dct(v, 1)
    sf.dct(v, 2, 0)
    sf.dct(v, 2.0)
    sf.dct([1., 2.])
    sf.dct(v.astype(ms.float64))
    sf.dct(v.astype(ms.float16))
    sf.dct(Tensor([1, 2, 3]))
    sf.dct(v.astype(ms.complex64))
    sf.dctn(w)
    sf.idctn(w)
    sf.dctn(w, s=(2, 2))
    sf.dctn(w, axes=(0,))
    sf.dctn(w, s=(4,), axes=(0,))
    sf.idctn(w, s=(4,), axes=(0,))
    sf.dctn(w, 3)
    sf.dctn(w, s=(2, 2), axes=(0,))
    sf.dctn(Tensor([[1, 2], [3, 4]]))
"""

OPTIMIZE_SETUP = """
costs = floats([4., 1., 3.], [2., 0., 5.], [3., 2., 2.])

def rosenbrock(x):
    return (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2

def square(x):
    return ops.reduce_sum(x ** 2)

def distance(x, y):
    return ops.reduce_sum((x - y) ** 2)

def reached(found):
    return [found.x.asnumpy().round(3).tolist(), found.success, found.status, found.x.dtype]

start = floats(-1.2, 1.)
"""

OPTIMIZE = """
    so.linear_sum_assignment(costs, False)
    so.linear_sum_assignment(costs, True)
    so.linear_sum_assignment(costs, False, Tensor(2))
    so.linear_sum_assignment(r, False)
    so.linear_sum_assignment(r.T, False)
    so.linear_sum_assignment(v, False)
    so.line_search(square, floats(2., 3.), floats(-2., -3.))
    so.line_search(rosenbrock, start, floats(1., 0.5))
    so.line_search(square, floats(2., 3.), floats(1., 1.)).failed
    so.line_search(square, floats(2., 3.), floats(-2., -3.), maxiter=1)
    so.line_search(square, floats(2., 3.), floats(-2., -3.), gfk=floats(4., 6.), old_fval=Tensor(13.), old_old_fval=Tensor(20.))
    so.line_search(square, floats(2., 3.), floats(-2., -3.), jac=lambda x: 2 * x)
    so.line_search(square, floats(2., 3.), floats(-.01, -.01), c1=.1, c2=.5)
    [reached(so.minimize(rosenbrock, start, method=method)) for method in ('BFGS', 'LBFGS', 'bfgs')]
    [reached(so.minimize(rosenbrock, start.astype(ms.float64), method=method)) for method in ('BFGS', 'LBFGS')]
    [reached(so.minimize(distance, start, args=(floats(3., 4.),), method=method)) for method in ('BFGS', 'LBFGS')]
    [reached(so.minimize(rosenbrock, start, method=method, options=dict(maxiter=4))) for method in ('BFGS', 'LBFGS')]
    so.minimize(rosenbrock, start, method='LBFGS', options=dict(maxiter=4))[5]
    so.minimize(rosenbrock, start)
    so.minimize(rosenbrock, start, method='CG')
    so.minimize(rosenbrock, start, args=[1], method='BFGS')
    so.minimize(rosenbrock, start, method='BFGS', options=dict(unknown=1))
    so.minimize(square, floats([1., 2.]), method='BFGS')
"""

TABLES = [
    Table("linalg", LINALG, SETUP),
    Table("fft", FFT, SETUP),
    Table("optimize", OPTIMIZE, SETUP + OPTIMIZE_SETUP),
]
