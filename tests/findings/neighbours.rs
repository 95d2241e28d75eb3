//! Each kind of fault, beside a run that is almost the same and has none.

use stepgrad::scenario::Kind;

use crate::{debugger, kinds};

/// A kind, a run that has that fault, and one that is almost the same and has none.
const NEIGHBOURS: [(Kind, &[&str], &[&str]); 10] = [
    (
        Kind::Unseeded,
        &["a = 2", "d = a * 2", "c = a * 3", "c.grad = 1", "c._backward()", "d._backward()"],
        &["a = 2", "d = a * 2", "c = a * 3", "c.grad = 1", "c._backward()", "d.grad = 1", "d._backward()"],
    ),
    (
        Kind::Unseeded,
        &["a = 3", "b = a + a", "b._backward()"],
        &["a = 3", "b = a + a", "b.grad = 1.0", "b._backward()"],
    ),
    (
        Kind::OddSeed,
        &["a = 3", "b = a + a", "b.grad = 2.0", "b._backward()"],
        &["a = 3", "b = a + a", "b.grad = 1", "b._backward()"],
    ),
    (
        Kind::Twice,
        &["a = 3", "b = a * a", "c = b + a", "c.grad = 1", "c._backward()", "b._backward()", "b._backward()"],
        &["a = 3", "b = a * a", "c = b + a", "c.grad = 1", "c._backward()", "b._backward()"],
    ),
    (
        Kind::Twice,
        &["a = 3", "b = a * a", "b.grad = 1", "b._backward()", "b._backward()"],
        &["a = 3", "b = a * a", "b.grad = 1", "b._backward()", "zero_grad()", "b.grad = 1", "b._backward()"],
    ),
    (
        Kind::Twice,
        &[
            "a = 3",
            "b = a * a",
            "c = b + 1",
            "d = c + b",
            "d.grad = 1",
            "d._backward()",
            "b._backward()",
            "c._backward()",
            "b._backward()",
        ],
        &["a = 3", "b = a * a", "c = b + 1", "d = c + b", "d.backward()"],
    ),
    (
        Kind::LeftOver,
        &["a = 3", "b = a * a", "c = b + a", "c.backward()", "c.backward()"],
        &["a = 3", "b = a * a", "c = b + a", "c.backward()", "zero_grad()", "c.backward()"],
    ),
    (
        Kind::NeverRan,
        &["a = 3", "b = a * a", "c = b + a", "c.grad = 1", "c._backward()"],
        &["a = 3", "b = a * a", "c = b + a", "c.grad = 1", "c._backward()", "b._backward()"],
    ),
    (
        Kind::Stale,
        &["a = 3", "b = a * a", "a.data = 4", "b.backward()"],
        &["a = 3", "b = a * a", "a.data = 4", "forward()", "b.backward()"],
    ),
    (Kind::NonFinite, &["a = 0", "b = log(a)", "b.backward()"], &["a = 1", "b = log(a)", "b.backward()"]),
];

#[test]
fn a_fault_is_told_and_its_neighbour_is_not() {
    for (kind, faulty, clean) in NEIGHBOURS {
        let of = |lines: &[&str]| kinds(lines).into_iter().map(|(kind, _)| kind).collect::<Vec<Kind>>();
        assert!(of(faulty).contains(&kind), "{} in {faulty:?}: {:?}", kind.name(), of(faulty));
        assert!(of(clean).is_empty(), "{clean:?}: {:?}", of(clean));
    }
}

/// The kinds of the findings of a scenario's file.
fn told(text: &str) -> Vec<Kind> {
    debugger(text).findings().iter().map(|finding| finding.kind).collect()
}

/// A sum whose rule has `=` or `+=`.
fn plus(sign: &str) -> String {
    let lines = format!(r#"["self.grad {sign} out.grad", "other.grad {sign} out.grad"]"#);
    format!(
        r#"{{"values": {{"a": 3, "b": "a + a"}}, "ops": {{"+": {{"forward": "self + other", "backward": {lines}}}}}}}"#
    )
}

/// However large the share is that the second line adds, the first one's is kept.
fn spelled_out(first: &str) -> String {
    format!(
        r#"{{"values": {{"a": 3, "b": "a + a", "c": "b * 1e12"}}, "ops": {{"+": {{"forward": "self + other", "backward":
    ["self.grad = self.grad + out.grad", "other.grad = {first} * other.grad + out.grad"]}}}}}}"#
    )
}

/// The same for the kinds that take a rule of one's own, a long graph or a certain number: the second file differs from
/// the first in the one thing that matters.
#[test]
fn every_other_kind_is_told_and_its_neighbour_is_not() {
    let deep = |op: &str, number: &str| {
        let links = [1, 2, 3, 4, 5, 6, 7].map(|at| format!(r#", "h{at}": "{op}(h{}) * w""#, at - 1)).concat();
        format!(r#"{{"values": {{"w": {number}, "h0": 0.1{links}}}}}"#)
    };
    let exp = |line: &str| {
        format!(
            r#"{{"values": {{"x": 2, "y": "exp(x)"}}, "ops": {{"exp": {{"forward": "exp(self)", "backward": ["{line}"]}}}}}}"#
        )
    };
    let calls = |values: &str, calls: &[&str]| {
        let calls: Vec<String> = calls.iter().map(|v| format!(r#""{v}._backward()""#)).collect();
        format!(r#"{{"values": {{{values}, "s": "r + q"}}, "script": ["s.grad = 1", {}]}}"#, calls.join(", "))
    };
    let zeroed = |text: String| text.replace("p._backward()\"", "p._backward()\", \"zero_grad()\"");
    let (zero, one) = (
        r#""a": 2, "z": 0, "p": "a*z", "q": "3*a", "r": "p*q""#,
        r#""a": 2, "z": 1, "p": "a*z", "q": "3*a", "r": "p*q""#,
    );
    let of = |op: &str, x: &str| format!(r#"{{"values": {{"x": {x}, "y": "{op}(x)"}}}}"#);
    let tie = |z: &str| format!(r#"{{"values": {{"x": 1, "z": {z}, "y": "max(x, z)"}}}}"#);
    let one_line = |forward: &str| {
        format!(
            r#"{{"values": {{"x": 1, "z": 1, "y": "my(x, z)"}}, "ops": {{"my": {{"forward": "{forward}", "backward":
            ["self.grad += out.grad"]}}}}}}"#
        )
    };
    let cases = [
        (Kind::Overwritten, plus("="), plus("+=")),
        (Kind::Overwritten, spelled_out("0"), spelled_out("1")),
        (Kind::WrongRule, exp("self.grad += self * out.grad"), exp("self.grad += out.data * out.grad")),
        (Kind::TooEarly, calls(one, &["s", "q", "r", "p"]), calls(one, &["s", "r", "q", "p"])),
        (Kind::ByLuck, calls(zero, &["s", "q", "r", "p"]), calls(one, &["s", "q", "r", "p"])),
        // What is set to 0 after the calls does not make them wrong.
        (Kind::ByLuck, zeroed(calls(zero, &["s", "q", "r", "p"])), zeroed(calls(one, &["s", "q", "r", "p"]))),
        (Kind::Saturated, of("tanh", "5"), of("tanh", "1")),
        (Kind::Dead, of("relu", "-1"), of("relu", "1")),
        (Kind::Kink, of("relu", "0"), of("relu", "0.1")),
        (Kind::Kink, tie("1"), tie("2")),
        (Kind::WrongRule, one_line("self * other"), one_line("self + 0 * other")),
        (Kind::Vanishing, deep("tanh", "0.1"), deep("tanh", "0.9")),
        (Kind::Exploding, deep("tanh", "40").replace("tanh", "sin"), deep("sin", "0.9")),
    ];
    for (kind, with, without) in cases {
        assert!(told(&with).contains(&kind), "{} in {with}: {:?}", kind.name(), told(&with));
        assert!(!told(&without).contains(&kind), "{} in {without}", kind.name());
    }
}

/// A rule is looked at though its `_backward` never runs, and that it has not is said.
#[test]
fn a_wrong_rule_is_told_though_it_never_ran() {
    let said = |slope: &str| {
        let rule = format!(r#"{{"forward": "self**3", "backward": ["self.grad += {slope} * out.grad"]}}"#);
        let text = format!(
            r#"{{"values": {{"x": 2, "y": "cube(x)"}}, "script": ["zero_grad()"], "ops": {{"cube": {rule}}}}}"#
        );
        debugger(&text).findings().iter().map(|finding| (finding.kind, finding.message.clone())).collect::<Vec<_>>()
    };
    assert_eq!(said("3 * self**2"), []);
    let told = said("2 * self**3");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0 == Kind::WrongRule && told[0].1.ends_with("no _backward of this op ran"), "{told:?}");
}

/// What rounding makes of a rule is no fault: `0.1 + 0.2 - 0.3` is not 0, but the slope is.
#[test]
fn rounding_in_a_rule_is_no_fault() {
    let of = |slope: &str| {
        format!(
            r#"{{"values": {{"x": 1, "y": "still(x)"}}, "ops": {{"still": {{"forward": "0 * self", "backward":
            ["self.grad += {slope} * out.grad"]}}}}}}"#
        )
    };
    assert!(!told(&of("(0.1 + 0.2 - 0.3)")).contains(&Kind::WrongRule));
    assert!(told(&of("1e-9")).contains(&Kind::WrongRule));
}
