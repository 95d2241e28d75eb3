//! The smallest program that ratatui makes: one frame with one word. How long a first frame takes is measured against it.

use ratatui::crossterm::event;

fn main() -> std::io::Result<()> {
    ratatui::run(|terminal| {
        terminal.draw(|frame| frame.render_widget("minimal", frame.area()))?;
        event::read().map(drop)
    })
}
