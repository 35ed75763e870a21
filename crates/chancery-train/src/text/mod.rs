//! Trains the model of `chancery-text` and measures it.

mod data;
mod evaluate;
mod export;
mod gemm;
mod maths;
mod net;
mod speed;
mod train;

pub use data::read_folder;
pub use evaluate::{TextScores, boundary_errors, confusions, eval_text, evaluate};
pub use export::export;
pub use speed::{Speed, measure};
pub use train::{Recipe, Trained, train};
