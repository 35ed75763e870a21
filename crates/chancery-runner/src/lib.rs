//! From `pipeline.yaml` to a plan, from a plan to a run.
//!
//! # Invariants
//! - Memory depends on threads × batch, never on the corpus.
//! - What is written depends on the input and the pipeline alone: not on threads, not on the machine.
//! - A document that fails becomes a reject and harms no other; a configuration that cannot work is told before any document is read.

pub mod plan;
pub mod plugin;
pub mod run;

pub use plan::{Plan, PlanError, Step, StepKind};
pub use run::{Observer, Outcome, Progress, RunError, Summary, run};
