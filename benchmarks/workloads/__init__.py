"""The workloads, one file for each family."""

from benchmarks.workloads import hessian, lenet, mlp, physics, pinn, small

_FAMILIES = (small, mlp, pinn, physics, hessian, lenet)
WORKLOADS = {workload.name: workload for family in _FAMILIES for workload in family.WORKLOADS}
