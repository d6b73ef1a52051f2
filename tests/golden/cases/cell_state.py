"""States of Cells as dictionaries, with hooks and extra states; notes on Cells and Parameters; bytes of Tensors."""

from golden.cases import Table

SETUP = """
class Net(nn.Cell):
    def __init__(self, extra=False):
        super().__init__()
        self.a = Parameter(Tensor([1.0, 2.0]))
        self.sub = nn.Dense(2, 1)
        self.register_buffer("buffer", Tensor([1, 2]))
        self.extra = 3

class Extra(Net):
    def get_extra_state(self):
        return {"extra": self.extra}

    def set_extra_state(self, state):
        self.extra = state["extra"] + 1

net, extra, seen = Net(), Extra(), []
state = net.state_dict()
fewer = {k: v for k, v in state.items() if k != "a"}
more = dict(state, other=Tensor([1]))
"""

ROWS = """
    list(net.state_dict())
    list(net.state_dict(prefix="x."))
    list(extra.state_dict())
    extra.state_dict()["_extra_state"]
    (extra.load_state_dict(extra.state_dict()), extra.extra)
    list(map(list, net.load_state_dict(fewer, strict=False)))
    list(map(list, net.load_state_dict(more, strict=False)))
    repr(net.load_state_dict(state))
    repr(net.load_state_dict(more, strict=False))
    str(net.load_state_dict(more, strict=False))
    net.load_state_dict(fewer)
    net.load_state_dict(more)
    net.load_state_dict(dict(state, a=Tensor([1.0])))
    net.load_state_dict(dict(state, a=Tensor([1.0])), strict=False)
    net.load_state_dict(dict(state, _extra_state=3))
    extra.load_state_dict(state)
    net.load_state_dict([1])
    net.get_extra_state()
    net.set_extra_state(1)
    nn.Dense(1, 1).bprop_debug
    nn.Dense(1, 1).parameter_layout_dict
    hasattr(nn.Dense(1, 1), "pipeline_stage")
    nn.Dense(1, 1).set_data_parallel()
    nn.Dense(1, 1).remove_redundant_parameters()
    nn.Dense(1, 1).get_func_graph_proto()
    nn.Dense(1, 1).offload()
    nn.Dense(1, 1).offload("x")
    net.set_broadcast_flag() is net
    net.sub.compile_and_run(Tensor(np.ones((1, 2)), ms.float32)).shape
    net.get_scope()
    net.a.key
    net.a.cache_shape
    net.a.add_pipeline_stage(1)
    net.a.add_pipeline_stage(-1)
    net.a.add_pipeline_stage("a")
    setattr(net.a, "key", "a")
    setattr(net, "bprop_debug", 1)
    setattr(net, "pipeline_stage", -1)
    setattr(net, "pipeline_stage", True)
    setattr(net, "parameter_layout_dict", 1)
"""

STATEMENTS = {
    "shared cells have all their paths": "net.other = net.sub\nlist(net.state_dict())",
    "hook before": """
        net.register_state_dict_pre_hook(lambda c, p, k: seen.append((type(c).__name__, p, k)))
        net.sub.register_state_dict_pre_hook(lambda c, p, k: seen.append((type(c).__name__, p, k)))
        net.state_dict(prefix="x.", keep_vars=True)
        seen
    """,
    "hook after": """
        net.sub.register_state_dict_post_hook(lambda c, s, p, m: s.__setitem__(p + "x", 1))
        net.register_state_dict_post_hook(lambda c, s, p, m: seen.append((type(c).__name__, list(s), p, m)))
        list(net.state_dict()), seen
    """,
    "hook that is taken away": """
        handle = net.register_state_dict_post_hook(lambda c, s, p, m: seen.append(1))
        handle.remove()
        net.state_dict()
        seen
    """,
    "hook that returns": "net.register_state_dict_post_hook(lambda c, s, p, m: 1)\nnet.state_dict()",
    "hook before loading": """
        def hook(c, s, p, m, strict, missing, unexpected, errors):
            seen.append((type(c).__name__, list(s), p, m, strict, missing, unexpected, errors))

        net.register_load_state_dict_pre_hook(hook)
        net.sub.register_load_state_dict_pre_hook(hook)
        net.load_state_dict(state)
        seen
    """,
    "hook before loading that finds an error": """
        net.register_load_state_dict_pre_hook(lambda *a: a[-1].append("boom"))
        net.load_state_dict(state, strict=False)
    """,
    "hook before loading that gives what is missing": """
        net.register_load_state_dict_pre_hook(lambda c, s, *a: s.__setitem__("a", Tensor([5.0, 6.0])))
        net.load_state_dict(fewer), net.a
    """,
    "hook after loading": """
        net.register_load_state_dict_post_hook(lambda c, k: seen.append((type(c).__name__, list(map(list, k)), c.a)))
        net.load_state_dict(dict(state, a=Tensor([5.0, 6.0])))
        seen
    """,
    "hooks after loading, from below": """
        net.register_load_state_dict_post_hook(lambda c, k: seen.append(type(c).__name__))
        net.sub.register_load_state_dict_post_hook(lambda c, k: seen.append(type(c).__name__))
        net.load_state_dict(state)
        seen
    """,
    "hook after loading that forgives": """
        net.register_load_state_dict_post_hook(lambda c, k: k.missing_keys.clear())
        list(map(list, net.load_state_dict(fewer)))
    """,
    "hook after loading that does not": """
        net.register_load_state_dict_post_hook(lambda c, k: None)
        net.load_state_dict(fewer)
    """,
    "hook after loading that returns": """
        net.register_load_state_dict_post_hook(lambda c, k: 3)
        net.load_state_dict(state)
    """,
    "metadata": """
        net.register_load_state_dict_pre_hook(lambda c, s, p, m, *a: seen.append((p, m)))
        given = collections.OrderedDict(state)
        given._metadata = {"": {"version": 3}}
        net.load_state_dict(given)
        seen, dict(state._metadata)
    """,
    "extra state that is missing": """
        try:
            extra.load_state_dict(state)
        except RuntimeError:
            pass
        extra.extra
    """,
    "scopes": """
        outer = nn.SequentialCell(nn.Dense(2, 2), nn.SequentialCell(nn.ReLU()))
        outer.generate_scope()
        [(n, c.get_scope()) for n, c in outer.cells_and_names()]
    """,
    "notes": """
        net.bprop_debug, net.pipeline_stage, net.parameter_layout_dict = True, 1, {"a": 1}
        net.a.key, net.a.cache_shape = 2, [1, 2]
        net.bprop_debug, net.pipeline_stage, net.parameter_layout_dict, net.a.key, net.a.cache_shape
    """,
    "bytes": """
        x = Tensor([[1.0, 2.0], [3.0, 4.0]])
        s = x.untyped_storage()
        s.nbytes(), s.size(), len(s), s.element_size(), s.is_shared(), s.dtype, s.device, x.storage() == s
    """,
    "bytes that are copied": """
        x = Tensor([[1.0, 2.0], [3.0, 4.0]])
        x.untyped_storage().copy_(Tensor([5.0, 6.0, 7.0, 8.0]).untyped_storage())
        x
    """,
    "bytes, one of them": "Tensor([1.0]).storage()[0]",
    "bytes, too few": "Tensor([1.0]).storage().copy_(Tensor([1.0, 2.0]).storage())",
    "bytes that are made": "ms.UntypedStorage()",
    "parameters from the start": "type(net.init_parameters_data()).__name__",
    "labels of one sequence": """
        scores = Tensor(np.arange(10).reshape(5, 2), ms.float32)
        of = scores, Tensor([1, 1], ms.int32), Tensor([5], ms.int32), Tensor([2], ms.int32)
        nn.CTCLoss(0, "none")(*of), nn.CTCLoss(0, "mean")(*of)
    """,
    "largest of all, and a place": """
        x = Tensor([[1.0, 5.0], [3.0, 2.0]])
        x.argmax_with_value(None), x.argmin_with_value(None, True)
    """,
    "suffix without a dot": """
        import os, tempfile
        path = os.path.join(tempfile.mkdtemp(), "net_ckpt")
        ms.save_checkpoint(net.sub, path)
        os.path.exists(path), list(ms.load_checkpoint(path))
    """,
    "col2im": "Tensor(np.arange(16), ms.float32).reshape(1, 1, 4, 4).col2im(Tensor([4, 4], ms.int32), [2, 2], [1, 1], [0, 0], [2, 2])",
}

TABLES = [Table("state", ROWS, SETUP), Table("state", STATEMENTS, SETUP)]
