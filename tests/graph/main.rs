//! The graph pane: where everything goes, and what it looks like.

#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::many_single_char_names,
    clippy::approx_constant,
    reason = "small graphs with the numbers of the notebook"
)]

mod chains;
mod common;
mod hands;
mod ink;
mod paint;
mod pictures;
mod pictures_neuron;
