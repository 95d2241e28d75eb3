"""Scalar functions of JAX, with every op that stepgrad has. Run beside `stepgrad exporter jax > stepgrad_export.py`."""
import jax
from jax import numpy as jnp
from stepgrad_export import export

rate = jnp.array(0.25)


@jax.jit
def inner(x, y):
    return x * y + rate * x


def every_op(x, y):
    a = jnp.tanh(x * y + 2) + jax.nn.sigmoid(x - y) / y
    b = jax.nn.relu(x) ** 2 + jax.nn.relu(-y) + jnp.abs(-x)
    c = jnp.maximum(x, y) * jnp.minimum(x, 3 * y) - jnp.maximum(a, b)
    d = jnp.log(jnp.exp(-x)) + jnp.cos(jnp.sin(jnp.sqrt(y))) + jnp.square(x)
    return a + b + c + d + x**y + 2.0**x + 1 / (x + 1) + x**3 + (x + x) + inner(x, y) * inner(y, x)


def neuron(x1, x2, w1, w2, b):
    return jnp.tanh(x1 * w1 + x2 * w2 + b)


def kinks(x):
    return jax.nn.relu(x) + jnp.maximum(x, -x)


export(every_op, (1.3, 2.0), "every_op.json", title="Every op, by JAX")
export(neuron, (2.0, 0.0, -3.0, 1.0, 6.8813735870195432), "neuron.json", title="The neuron, by JAX")
export(kinks, (0.0,), "kinks.json", title="At a corner, by JAX")
print("every_op.json", "neuron.json", "kinks.json", sep="\n")
