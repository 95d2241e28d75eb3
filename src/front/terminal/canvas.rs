//! Frames made by ratatui, each as one run of bytes that a terminal shows all at once.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use crossterm::queue;
use crossterm::terminal::{BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate};
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal, TerminalOptions, Viewport};

/// What the terminal shows, as far as we know.
#[derive(Default)]
pub struct Canvas {
    output: Output,
    /// Empty when nothing is known of what is shown.
    area: Rect,
    painter: Option<Terminal<CrosstermBackend<Output>>>,
}

impl Canvas {
    /// The bytes that bring the terminal from the last frame to this one.
    pub fn frame(&mut self, size: (u16, u16), paint: impl FnOnce(&mut Frame)) -> io::Result<Vec<u8>> {
        let area = bounded(size);
        if area.is_empty() {
            return Ok(Vec::new());
        }
        queue!(self.output, BeginSynchronizedUpdate)?;
        if area != self.area {
            self.start_afresh(area)?;
        } else if let Some(painter) = &mut self.painter {
            // Only now: until here the frame that is shown could be looked at.
            painter.swap_buffers();
        }
        if let Some(painter) = &mut self.painter {
            paint(&mut painter.get_frame());
            painter.flush()?;
        }
        queue!(self.output, EndSynchronizedUpdate)?;
        Ok(self.output.0.take())
    }

    /// The last frame, if there was one.
    pub fn shown(&mut self) -> Option<&Buffer> {
        self.painter.as_mut().map(|painter| &*painter.current_buffer_mut())
    }

    /// Somebody else has written to the terminal: the next frame is painted whole.
    pub fn forget(&mut self) {
        self.area = Rect::ZERO;
    }

    /// A new ratatui terminal, since `Terminal::clear` asks for the cursor's place and waits for
    /// the answer, and `Terminal::resize` may run `tput`.
    fn start_afresh(&mut self, area: Rect) -> io::Result<()> {
        self.painter = None;
        queue!(self.output, Clear(ClearType::All))?;
        let options = TerminalOptions { viewport: Viewport::Fixed(area) };
        let backend = CrosstermBackend::new(self.output.clone());
        self.painter = Some(Terminal::with_options(backend, options)?);
        self.area = area;
        Ok(())
    }
}

/// Columns and rows. A size beyond every screen is a joke that would cost gigabytes.
pub const MOST_CELLS: (u16, u16) = (1000, 500);

/// The area to draw on. 0x0 is what a terminal says that does not know its size, and gets the
/// size that everybody assumes.
fn bounded((width, height): (u16, u16)) -> Rect {
    match (width, height) {
        (0, 0) => Rect::new(0, 0, 80, 24),
        _ => Rect::new(0, 0, width.min(MOST_CELLS.0), height.min(MOST_CELLS.1)),
    }
}

/// A frame being made. Flushing does nothing: a frame is sent when it is whole.
#[derive(Clone, Default)]
struct Output(Rc<RefCell<Vec<u8>>>);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
