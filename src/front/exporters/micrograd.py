"""Writes a graph of micrograd's Value, or of a class like it (the notebook's), as a scenario of stepgrad.

    from stepgrad_export import export               # stepgrad exporter micrograd > stepgrad_export.py
    loss.backward()
    export(loss, "loss.json", names=globals())       # then: stepgrad loss.json, stepgrad test loss.json

Values are called by their label, or by their variable in `names`. `expect` is what the engine holds now: export after one backward()
from zeroed grads, before the parameters move; otherwise `stepgrad test` names the numbers that are not those of one pass. More fields
of the scenario may be given: title="...", script=["o.backward()", "o.backward()"], ops={"gelu": {...}}.
"""
import json, math, re
def operands(v):
    """In order, with repeats. A set `_prev` has lost both (a + a, a - b); the closure of `_backward` still holds them."""
    if not v._prev or isinstance(v._prev, (list, tuple)):
        return list(v._prev)
    held = {name: cell.cell_contents for name, cell in zip(v._backward.__code__.co_freevars, v._backward.__closure__ or ())}
    names = sorted(held, key=lambda name: (name != "self", name))  # self, other: by name, as a closure holds more than these
    found = [held[name] for name in names if hasattr(held[name], "_prev") and held[name] is not v]
    if set(map(id, found)) != set(map(id, v._prev)):
        raise ValueError(f"{v!r}: its _backward holds {names}, which are not its operands; make _prev a tuple")
    return found

def export(root, path, names={}, **fields):
    number = lambda x: float(x) if math.isfinite(x) else "NaN" if x != x else str(float(x))
    labels = {id(v): name for name, v in names.items() if hasattr(v, "_prev") and name[0] != "_"}
    called, values, expect, stack = {}, {}, {}, [(root, None)]
    while stack:
        v, args = stack.pop()
        if args is None and id(v) not in called:
            stack += [(v, operands(v))] + [(a, None) for a in reversed(operands(v))]
        elif id(v) not in called:
            name = label = str(getattr(v, "label", "") or labels.get(id(v), "")) or f"v{len(values)}"
            while name in values: name += f"_{len(values)}"
            n = [float(v._op[2:])] if len(args) == 1 and v._op[:2] == "**" else []
            op = args and {"op": "**" if n else v._op.lower(), "args": [called[id(a)] for a in args] + n}
            called[id(v)], values[name] = name, dict(op or {"data": number(v.data)}, **{"label": label} if name != label else {})
            expect.update({f"{name}.data": number(v.data), f"{name}.grad": number(v.grad)})
    text = json.dumps(dict(fields, values=values, root=called[id(root)], expect=expect), allow_nan=False, indent=1)
    open(path, "w").write(re.sub(r"\n(   +|  (?=[}\]]))", " ", text) + "\n")
