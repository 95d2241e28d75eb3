//! **stepgrad** is a step debugger for backpropagation: it runs a scalar computational graph once, records every event,
//! and lets a person walk through them, forwards and backwards in time, down to the single `+=`.
//!
//! ```text
//!  stepgrad  neuron.json  o = tanh(x1*w1 + x2*w2 + b)   backward · node 8/10 · line 1/2   ◀ ui::title, debugger::place
//! ╭─ 1 graph · name+grad ────────────────────────────────────────────────────────╮
//! │    x1 ◀━━━━━┓                                                                │  ◀ ui::graph paints what layout
//! │      -1.500 ┗┯(*)▶x1*w1 ───╮                                                 │    placed; debugger::flow says
//! │   ·w1 ───────╯       0.500 ╰┬(+)✓x1*w1 +…─╮                                  │    which wires are heavy
//! ╰─────────── · waits  ◐ has grad  ◆ grad final  ━◀ gradient  ▶ running  ✓ done ╯
//! ╭─ 2 reversed(topo) ─┬ 3 data ── grad ─╮╭─ 4 `x1*w1`._backward() ──────────────╮
//! │ ✓ 1 o          tanh│  0.7071  1.0000 ││   def _backward():                   │  ◀ debugger::quote: the text of
//! │ ✓ 2 n          +   │  0.8814  0.5000 ││ ▶ self.grad += other.data * out.grad │    engine::ops, which is also
//! │ …                  │                 ││ · other.grad += self.data * out.grad │    what ran (engine::sweep)
//! │ ▶ 8 x1*w1      *   │ -6.0000  0.5000 ││   self=x1 other=w1 out=`x1*w1`       │
//! │ · 9 w1             │ -3.0000  0.0000 ││ ▶ x1.grad += w1.data * out.grad      │
//! │ ◆10 x1             │  2.0000 -1.5000◀││   x1.grad = 0.0 + (-3.0) * 0.5 = -1.5│
//! ╰──▲─────────────────┴───▲─────────────╯╰──────────────────────────────────────╯
//!    │ debugger::rows,      │ engine::run: a number at a step is a look-up
//!    │ debugger::standing   │ in its value's own history (engine::history)
//!  n  node  s  line  N  back  c  run  …  ?  help  q  quit                               ◀ keymap: one table
//! ```
//!
//! # The rooms
//!
//! A room uses itself and those before it; a test holds them to it.
//!
//! | room | holds |
//! |---|---|
//! | [`formula`] | the notebook's little language: text in, tree out, evaluation |
//! | [`engine`] | graph, table of ops, topological order, the recorded run. No I/O, no errors |
//! | [`scenario`] | files: what was written, then what it means; every complaint about them |
//! | [`layout`] | where boxes and wires go when a graph is drawn: geometry in cells, without text. Uses nothing else |
//! | [`debugger`] | a cursor in a run, and what can be read from there; what went wrong in it. No screen |
//! | [`app`] | the state of a session: `App`, `Action`, `update` |
//! | [`keymap`] | one table: key, action, help, hint |
//! | [`ui`] | the screen: `draw` reads an `App` and paints. One file a pane |
//! | [`front`] | command line, terminal and text, as equals |
//!
//! # One run
//!
//! 1. [`scenario::read`] makes a [`engine::Graph`] and a script of a file, or one complaint.
//! 2. [`engine::record`] plans the script as segments (forward, `build_topo`, seed, backward), counts how often each
//!    value will be written, runs it once, and keeps for each value the list of (step, number after it).
//! 3. A [`debugger::Debugger`] is that run and a step number. Moving back is moving the number; nothing is undone, so a
//!    state reached going back is bit for bit the state reached going forward.
//! 4. An edit is a change of the script or of a leaf, after which step 2 happens again.
//!
//! # Recipes
//!
//! - **An op**: one entry in the table of [`engine::ops`], which reads as the notebook's closures do. It is compiled and
//!   quoted from the same tokens, and a test walks the table and compares every rule with a numerical slope. What a rule
//!   calls is a function of `formula::function`, by which its text is read, with its slope in `formula::dual`, by which
//!   `check` judges it; and one of `rules` below the table, which runs. What is printed from the table is committed, and
//!   its tests say how it is written anew.
//! - **A key**: one row in [`keymap::TABLE`], and if it does something new, one variant of [`app::Action`] with one arm in
//!   its `update` and, for the prompt, its name. Lookup, footer, help, the manual and the README's table come from the row.
//! - **A pane**: one file in [`ui`] with a `paint` function, its `mod` and its row in the table of files there; its place,
//!   a field of [`ui::layout::Layout`]; and the call, in [`ui::paint`]. What a person can focus is also a variant of [`app::Pane`], and has a number.
//! - **A measure**: `tests/bench` has what is measured, always beside something else in the same run: `engine` (its parts
//!   against bare loops), `keys` (every key on a million values), `frames`, and `whole.py` (whole processes).

pub mod app;
pub mod debugger;
pub mod engine;
pub mod formula;
pub mod front;
pub mod keymap;
pub mod layout;
pub mod scenario;
pub mod ui;
