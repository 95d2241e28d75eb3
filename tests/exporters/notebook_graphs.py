"""Graphs of the notebook's class: its neuron, `a + a` under labels that repeat, operands in an order that counts, hostile names."""
from notebook import Value
from stepgrad_export import export


def write(root, file, **fields):
    root.backward()
    export(root, file, **fields)
    print(file)


def named(value, label):
    value.label = label
    return value


x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
w1, w2 = Value(-3.0, label="w1"), Value(1.0, label="w2")
b = Value(6.8813735870195432, label="b")
products = named(named(x1 * w1, "x1*w1") + named(x2 * w2, "x2*w2"), "x1*w1 + x2*w2")
write(named(named(products + b, "n").tanh(), "o"), "neuron.json", title="The notebook's neuron")

a = Value(3.0, label="a")
write(named(named(a + a, "b") * Value(1.0, label="b"), "a"), "twice.json")

p, q = Value(1.0), Value(4.0)
write((p - q).exp() * (q - p) - q, "order.json", names=globals())

write(named(Value(1.0, label='"a\\.grad\n\u202e') + Value(2.0, label="if") + Value(3.0, label="a`b"), "x.data"), "hostile.json")

big = Value(1e200, label="big")
write(big * big + Value(float("-inf")) * Value(0.0), "not-numbers.json")


class Listed(Value):
    """Somebody's class whose `_prev` has kept what a set loses: its closure need not be asked."""

    def __sub__(self, other):
        out = Listed(self.data - other.data, _op="-")
        out._prev = [self, other]
        grads = [(self, 1.0), (other, -1.0)]

        def _backward():
            for value, slope in grads:
                value.grad += slope * out.grad

        out._backward = _backward
        return out


c = Listed(5.0, label="c")
write(c - Listed(2.0, label="d") - c, "listed.json")
