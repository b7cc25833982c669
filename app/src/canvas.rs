//! The diagram in the browser: the engine's painter on a 2D canvas, and what pointer, wheel and
//! keys do to the view.

pub mod canvas_stage;
pub mod delivery;
mod density;
mod drag;
mod edge;
mod editing;
mod frame;
mod gesture;
pub(crate) mod glide;
mod keys;
mod links;
pub mod minimap;
mod note;
mod offscreen;
pub mod painter;
pub mod palette;
mod resize;
mod said;
mod seat;
pub mod stage;
mod tiles;
pub mod view_queue;
pub mod view_state;
pub mod view_sync;
