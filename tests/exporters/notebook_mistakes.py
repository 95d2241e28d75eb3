"""What people export by mistake: no backward(), two of them, data that moved since, the old rule."""
from notebook import Value
from stepgrad_export import export


def made(rule=Value.__add__):
    a = Value(3.0, label="a")
    b = rule(a, a)
    b.label = "b"
    o = b * Value(1.0, label="one")
    o.label = "o"
    return a, b, o


def old(self, other):
    out = Value(self.data + other.data, _children=(self, other), _op="+")

    def _backward():
        self.grad = 1.0 * out.grad
        other.grad = 1.0 * out.grad

    out._backward = _backward
    return out


a, b, o = made()
export(o, "never.json")

o.backward()
o.backward()
export(o, "two.json")

a, b, o = made()
o.backward()
a.data -= 0.1 * a.grad
export(o, "moved.json")

a, b, o = made(old)
o.backward()
export(o, "old.json")

print("never.json", "two.json", "moved.json", "old.json", sep="\n")
