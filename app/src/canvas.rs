//! The diagram in the browser: the engine's painter on a 2D canvas, and what pointer, wheel and
//! keys do to the view.

pub mod canvas_stage;
pub mod painter;
pub mod palette;
pub mod picture;
pub mod stage;
pub mod view_state;
