//! Pictures, viewports, and what must hold for any of them.

use super::common::{Dice, Fixture};
use stepgrad::layout::{Rect, Sizes, Zoom};
use stepgrad::ui::ascii::to_ascii;
use stepgrad::ui::graph::{Cell, Grid, Role, cut, paint};

pub fn shows(fixture: &Fixture, sizes: Sizes, wanted: &str) {
    let got = fixture.picture(sizes);
    assert_eq!(got, wanted.trim_start_matches('\n').trim_end(), "\n{got}");
}

#[test]
fn a_viewport_is_a_piece_of_the_whole() {
    let fixture = super::common::mlp();
    for zoom in Zoom::ALL {
        let layout = fixture.layout(zoom);
        let scene = Fixture { zoom: Some(zoom), ..fixture.clone() };
        let whole = paint(&layout, &scene, Rect { x: 0, y: 0, w: layout.width, h: layout.height });
        let mut dice = Dice(11);
        for _ in 0..40 {
            let x = dice.below(layout.width as usize + 20) as i32 - 10;
            let y = dice.below(layout.height as usize + 20) as i32 - 10;
            let part = paint(&layout, &scene, Rect { x, y, w: dice.below(80) as i32, h: dice.below(30) as i32 });
            for (row, cells) in part.rows().enumerate() {
                for (column, cell) in cells.iter().enumerate() {
                    let (at_x, at_y) = (x + column as i32, y + row as i32);
                    let inside = (0..layout.width).contains(&at_x) && (0..layout.height).contains(&at_y);
                    let there = if inside { whole.cells[(at_y * layout.width + at_x) as usize].symbol } else { ' ' };
                    // What goes on beyond the edge of the view ends in an ellipsis there.
                    let at_edge = [0, part.viewport.w as usize - 1].contains(&column);
                    let is_cut = at_edge && cell.symbol == '…' && there != ' ';
                    assert!(is_cut || cell.symbol == there, "{zoom:?} at {at_x}, {at_y}: {:?}", cell.symbol);
                }
            }
        }
    }
}

/// `6.005` is not `6.00`, and `tanh` is no `nh`.
#[test]
fn what_the_edge_cuts_off_is_seen_to_be_cut() {
    let mut grid = Grid::new(Rect { x: 10, y: 0, w: 6, h: 1 });
    for (x, text, wanted) in [
        (13, "6.005", "   6.…"),
        (8, "(tanh)", "…nh)"),
        (7, "longer than all of it", "…er t…"),
        (11, "6.005", " 6.005"),
        (9, " all ", "all"),
        (2, "outside", ""),
    ] {
        grid.cells.fill(Cell::BLANK);
        grid.write(x, 0, text, Role::Text);
        assert_eq!(grid.text(), [wanted], "{text} at {x}");
    }
}

#[test]
fn a_viewport_of_nothing() {
    let fixture = super::common::neuron();
    let layout = fixture.layout(Zoom::Cards);
    for (w, h) in [(0, 0), (1, 1), (-3, 5)] {
        assert!(paint(&layout, &fixture, Rect { x: 0, y: 0, w, h }).cells.len() <= 1);
    }
}

#[test]
fn ascii_has_only_ascii() {
    for zoom in Zoom::ALL {
        let picture: String = super::common::diamond().picture(zoom.sizes()).chars().map(to_ascii).collect();
        assert!(picture.is_ascii(), "{picture}");
    }
}

#[test]
fn labels_are_cut_by_display_width() {
    assert_eq!(cut("x1*w1 + x2*w2", 8), "x1*w1 +…");
    assert_eq!(cut("重み行列", 5), "重み…");
    assert_eq!(cut("重み行列", 4), "重…");
    assert_eq!(cut("abc", 3), "abc");
    assert_eq!(cut("abc", 0), "");
}

#[test]
fn wide_labels_stay_in_their_boxes() {
    let mut fixture = super::common::neuron();
    fixture.labels = vec!["重み行列の要素そのもの".to_owned(); 10];
    for zoom in Zoom::ALL {
        let layout = fixture.layout(zoom);
        let grid = paint(&layout, &fixture, Rect { x: 0, y: 0, w: layout.width, h: layout.height });
        for (node, body) in layout.boxes.iter().enumerate().filter(|_| layout.sizes.height > 2) {
            let corner = grid.cells[(body.y * layout.width + body.right() - 1) as usize].symbol;
            assert!("┐┓".contains(corner), "node {node} at {zoom:?}: {corner}");
        }
    }
}
