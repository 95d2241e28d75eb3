//! Remarks on numbers: where they are made, and what they say.

use crate::messages;

/// A remark is made where it is first so, and not again in each pass.
#[test]
fn a_remark_is_made_once_where_it_begins() {
    let step = "w.data += 0.1 * w.grad";
    let lines = ["w = -1", "h = relu(w)", "h.backward()", step, "forward()", "h.backward()"];
    let dead = "h = relu(-1.0) is dead here: it passes nothing of its grad 1.0 on";
    assert_eq!(messages(&lines), [(7, dead.to_owned())]);
    let late = ["w = 1", "h = relu(w)", "h.backward()", "w.data = -1", "forward()", "zero_grad()", "h.backward()"];
    assert_eq!(messages(&late).len(), 1, "{:?}", messages(&late));
    assert!(messages(&late)[0].0 > 10);
}

/// What no op made is told by what did.
#[test]
fn a_number_that_is_none_is_told_with_where_it_comes_from() {
    let lines = ["a = 3", "b = a * a", "b.backward()", "a.grad = 1e300 * 1e300"];
    let told = messages(&lines).into_iter().map(|(_, message)| message).find(|message| message.contains("made"));
    assert_eq!(told, Some("`a.grad = 1e300 * 1e300` made a.grad inf".into()));
    let told = messages(&["a = 1e200", "b = a * a"])[0].1.clone();
    assert_eq!(told, "b.data became inf: 1e+200 * 1e+200; a.data is 1e+200");
    let told = messages(&["a = 0", "b = sqrt(a)"])[0].1.clone();
    assert_eq!(told, "a.grad became inf in b._backward(): 1.0 / (2.0 * 0.0) * 1.0; a.data is 0.0");
    let told = messages(&["a = -1", "c = 2", "b = log(a) * c"])[0].1.clone();
    assert_eq!(told, "`log(a)`.data became NaN: log(-1.0); a.data is -1.0");
}
