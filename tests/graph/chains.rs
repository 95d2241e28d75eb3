//! Long and wide graphs: no recursion, no square of anything.

use stepgrad::layout::Zoom;

#[test]
fn long_chains() {
    for length in [1_400, 5_000, 50_000] {
        let fixture = super::common::chain(length);
        let layout = fixture.layout(Zoom::Cards);
        assert_eq!(layout.boxes.len(), length);
        assert_eq!(layout.height, 3);
    }
}

#[test]
fn one_value_read_by_thousands() {
    let mut fixture = super::common::Fixture::new();
    let hub = fixture.node("w", "", &[], 0.0, 0.0);
    for _ in 0..2_000 {
        let x = fixture.node("x", "", &[], 0.0, 0.0);
        fixture.node("", "*", &[hub, x], 0.0, 0.0);
    }
    let layout = fixture.layout(Zoom::Cards);
    assert_eq!(layout.wires.len(), 4_000);
}

#[test]
fn nothing_at_all() {
    let layout = super::common::Fixture::new().layout(Zoom::Full);
    assert_eq!((layout.width, layout.height), (0, 0));
}
