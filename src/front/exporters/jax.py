"""Writes a scalar function of JAX, at a point, as a scenario of stepgrad. After `stepgrad exporter jax > stepgrad_export.py`:

    stepgrad_export.export(lambda x, y: jnp.tanh(x * y) + x**3, (2.0, -1.0), "f.json")  # then: stepgrad f.json, stepgrad test f.json

The graph is the function's jaxpr, calls written out. All runs in float64, which this switches on; `expect` is what jax.grad says of all
values, inner ones too. More fields may be given: title="...", script=[...], ops={"log1p": {...}} for ops that stepgrad lacks.
"""
import functools, inspect, json, math, re, jax
jax.config.update("jax_enable_x64", True)
NAMES = dict(add="+", sub="-", mul="*", div="/", pow="**", integer_pow="**", square="**", logistic="sigmoid")

def walk(closed, inputs, known, nodes, nudges):
    """Runs a jaxpr on the numbers in `known`, and adds its values to both; gives the names of its results. Nudges are for jax.grad."""
    env = dict(zip(closed.jaxpr.invars + closed.jaxpr.constvars, inputs + [float(x) for x in closed.consts]))
    read = lambda v: float(v.val) if hasattr(v, "val") else env[v]
    for eqn in closed.jaxpr.eqns:
        args, op = [read(v) for v in eqn.invars], "relu" if eqn.params.get("name") == "relu" else eqn.primitive.name
        inner = None if op in ("relu", "scan") else eqn.params.get("jaxpr") or eqn.params.get("call_jaxpr")
        if inner or op in ("convert_element_type", "copy"):
            env.update(zip(eqn.outvars, walk(inner, args, known, nodes, nudges) if inner else args))
            continue
        assert [(v.aval.shape, v.aval.dtype.kind) for v in eqn.outvars] == [((), "f")], f"stepgrad has no op like this one: {eqn}"
        name, run = f"{op}_{len(nodes)}", jax.nn.relu if op == "relu" else functools.partial(eqn.primitive.bind, **eqn.params)
        env[eqn.outvars[0]], known[name] = name, run(*(known.get(arg, arg) for arg in args)) + nudges.get(name, 0.0)
        powers = [float(eqn.params["y"])] if op == "integer_pow" else [2.0] * (op == "square")
        nodes[name] = {"op": NAMES.get(op, op), "args": args + powers}
    return [read(v) for v in closed.jaxpr.outvars]

def export(function, inputs, path, **fields):
    number = lambda x: float(x) if math.isfinite(x) else "NaN" if x != x else str(float(x))
    leaves, nodes = dict(zip(inspect.signature(function).parameters, map(float, inputs))), {}
    jaxpr, known = jax.make_jaxpr(function)(*leaves.values()), dict(leaves)
    [root] = walk(jaxpr, list(leaves), known, nodes, {})
    run = lambda at, nudges: walk(jaxpr, list(leaves), known := dict(at), {}, nudges) and known[root]  # a pytree sorts its keys
    grads = jax.grad(run, (0, 1))(leaves, dict.fromkeys(nodes, 0.0))
    values = dict({name: {"data": number(data)} for name, data in leaves.items()}, **nodes)
    expect = {f"{v}.{of}": number(x) for of, part in zip(("data", "grad", "grad"), (known, *grads)) for v, x in part.items()}
    text = json.dumps(dict(fields, values=values, root=root, expect=expect), allow_nan=False, indent=1)
    open(path, "w").write(re.sub(r"\n(   +|  (?=[}\]]))", " ", text) + "\n")
