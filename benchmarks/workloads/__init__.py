"""The workloads, one file for each family."""

from benchmarks.workloads import classic, hessian, lenet, mlp, physics, pinn, plate, small

_FAMILIES = (small, mlp, classic, pinn, physics, plate, hessian, lenet)
WORKLOADS = {workload.name: workload for family in _FAMILIES for workload in family.WORKLOADS}
