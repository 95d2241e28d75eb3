"""Writes a scalar function of PyTorch, at a point, as a scenario of stepgrad.

    from stepgrad_export import export               # stepgrad exporter torch > stepgrad_export.py
    export(lambda x, y: torch.tanh(x * y) + x**3, (2.0, -1.0), "f.json")     # then: stepgrad f.json, stepgrad test f.json

The graph is what torch.fx sees: Python's ifs and loops have happened before. All runs in float64; `expect` is what autograd says of
every value, inner ones too. More fields may be given: title="...", script=[...], ops={"softplus": {...}} for ops that stepgrad lacks.
"""
import json, math, re, torch, torch.fx
NAMES = dict(add="+", sub="-", mul="*", div="/", truediv="/", pow="**", square="**", reciprocal="**", rsqrt="**", maximum="max",
             minimum="min", subtract="-", multiply="*", divide="/", true_divide="/", negative="neg", absolute="abs")
POWERS = dict(square=[2.0], reciprocal=[-1.0], rsqrt=[-0.5])

class Run(torch.fx.Interpreter):
    """Keeps what each node makes, so that its grad can be asked for."""
    def run_node(self, node):
        made = super().run_node(node)
        if node.op in ("placeholder", "get_attr"):
            made = made.detach().double().requires_grad_()
        made.retain_grad()
        self.made[node] = made
        return made

def export(function, inputs, path, **fields):
    number = lambda x: float(x) if math.isfinite(x) else "NaN" if x != x else str(float(x))
    run, values, expect = Run(torch.fx.symbolic_trace(function)), {}, {}
    run.made = {}
    run.run(*(torch.tensor(float(x), dtype=torch.float64) for x in inputs)).backward()
    for node, made in list(run.made.items())[:-1]:  # the last is the output, which is made already
        if any(node.kwargs.values()):
            raise ValueError(f"{node.format_node()}: stepgrad has no such argument")
        op = node.target if isinstance(node.target, str) else node.target.__name__
        args = [arg.name if isinstance(arg, torch.fx.Node) else float(arg) for arg in node.args] + POWERS.get(op, [])
        values[node.name] = {"data": number(made.item())} if made.is_leaf else {"op": NAMES.get(op, op), "args": args}
        expect.update({f"{node.name}.data": number(made.item()), f"{node.name}.grad": number(made.grad or 0.0)})
    root = node.next.args[0].name
    text = json.dumps(dict(fields, values=values, root=root, expect=expect), allow_nan=False, indent=1)
    open(path, "w").write(re.sub(r"\n(   +|  (?=[}\]]))", " ", text) + "\n")
