"""The workloads, one file for each family."""

from benchmarks.workloads import hessian, lenet, mlp, pinn, small

WORKLOADS = {workload.name: workload for family in (small, mlp, pinn, hessian, lenet) for workload in family.WORKLOADS}
