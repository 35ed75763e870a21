//! What is told of a run: `run.json`, and the summary on the terminal.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::writer::RejectCounts;
use super::{Outcome, StageClock};
use crate::Plan;

/// The file's name.
pub const FILE: &str = "run.json";

/// What was counted.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Documents written.
    pub documents: u64,
    /// Tokens in them.
    pub tokens: u64,
    /// Bytes of their texts.
    pub text_bytes: u64,
    /// Bytes of input.
    pub bytes: u64,
    /// Rows of each dataset.
    pub rows: Vec<(String, u64)>,
    /// Rejects by their code.
    pub rejects: RejectCounts,
}

/// How a run was.
#[derive(Debug, Clone)]
pub struct Summary {
    /// How it ended.
    pub outcome: Outcome,
    /// What was counted.
    pub counts: Counts,
    /// How long it took.
    pub wall: Duration,
    /// Processor time of all threads, where the system tells it.
    pub cpu: Option<Duration>,
    /// Most memory that was resident, in bytes, where the system tells it.
    pub peak_memory: Option<u64>,
    /// Worker threads.
    pub threads: usize,
    /// Time in each stage, summed over threads.
    pub stages: Vec<(String, Duration, u64)>,
    /// Folders that were written.
    pub folders: Vec<PathBuf>,
    pipeline: Value,
    plugins: Value,
    name: String,
}

impl Summary {
    pub(super) fn new(
        plan: &Plan,
        outcome: Outcome,
        counts: Counts,
        clocks: &[StageClock],
        began: Instant,
        threads: usize,
        folders: Vec<PathBuf>,
    ) -> Self {
        let stages = clocks.iter().map(|clock| {
            let time = Duration::from_nanos(clock.nanoseconds.load(Ordering::Relaxed));
            (clock.name.clone(), time, clock.documents.load(Ordering::Relaxed))
        });
        Self {
            outcome,
            counts,
            wall: began.elapsed(),
            cpu: cpu_time(),
            peak_memory: peak_memory(),
            threads,
            stages: stages.collect(),
            folders,
            pipeline: plan.resolved.clone(),
            plugins: plan.steps.iter().filter_map(|step| step.plugin.as_ref()).map(|file| json!(file)).collect(),
            name: plan.name.clone(),
        }
    }

    /// `run.json`. Everything but what stands under `measured` is the same in two runs over the same input.
    pub(super) fn to_json(&self, inputs: Vec<Value>) -> Value {
        let rows: serde_json::Map<String, Value> =
            self.counts.rows.iter().map(|(name, rows)| (name.clone(), json!(rows))).collect();
        let counted: serde_json::Map<String, Value> =
            self.stages.iter().map(|(name, _, documents)| (name.clone(), json!({ "documents": documents }))).collect();
        let times: serde_json::Map<String, Value> =
            self.stages.iter().map(|(name, time, _)| (name.clone(), json!(time.as_secs_f64()))).collect();
        json!({
            "program": { "name": "chancery", "version": env!("CARGO_PKG_VERSION") },
            "name": self.name,
            "pipeline": self.pipeline,
            "plugins": self.plugins,
            "inputs": inputs,
            "counts": {
                "documents": self.counts.documents,
                "tokens": self.counts.tokens,
                "text_bytes": self.counts.text_bytes,
                "rows": rows,
                "rejects": self.counts.rejects,
                "stages": counted,
            },
            "measured": {
                "threads": self.threads,
                "wall_seconds": self.wall.as_secs_f64(),
                "cpu_seconds": self.cpu.map(|time| time.as_secs_f64()),
                "peak_memory_bytes": self.peak_memory,
                "stage_seconds": times,
            },
        })
    }
}

/// A field of a file under `/proc/self`, where there is one.
fn proc_field(file: &str, pick: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    std::fs::read_to_string(format!("/proc/self/{file}")).ok().as_deref().and_then(pick)
}

fn peak_memory() -> Option<u64> {
    let kilobytes = proc_field("status", |text| {
        text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches("kB").trim().parse().ok()
    })?;
    Some(kilobytes * 1024)
}

fn cpu_time() -> Option<Duration> {
    // Fields 14 and 15 after the command's closing bracket, in ticks of which Linux always has 100 a second.
    let ticks = proc_field("stat", |text| {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
    })?;
    Some(Duration::from_millis(ticks * 10))
}
