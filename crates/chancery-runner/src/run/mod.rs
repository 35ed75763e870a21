//! The run: reader → workers → ordered writer.
//!
//! One thread reads and makes batches, a rayon pool parses, annotates, renders and encodes them, the calling thread
//! restores the input order and feeds collectors and sinks. A batch holds a permit from being read to being written, so
//! that what is under way is bounded by threads × batch, whatever the corpus.

mod batch;
mod manifest;
mod output;
mod work;
mod writer;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chancery_model::Source;
use chancery_model::tables::TableError;
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use crate::Plan;
use batch::Batches;
pub use manifest::Summary;
use output::Output;
use work::{Done, Worker};
use writer::Writer;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every document is in the datasets.
    Complete,
    /// Some are in `rejects`.
    WithRejects,
    /// It was stopped: by the user, or by a reject under `on_error: stop`.
    Stopped,
}

/// What stops a run for good.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum RunError {
    /// The file system.
    #[error("{what}: {error}")]
    #[diagnostic(code(run::io), help("check that the folder can be written to and has room"))]
    Io {
        /// What was being done.
        what: String,
        /// What the system says.
        error: std::io::Error,
    },
    /// Rows and columns disagree: a fault of the program.
    #[error("a fault of the program: {0}")]
    #[diagnostic(code(run::table), help("please report it with the pipeline file and the document"))]
    Table(#[from] TableError),
    /// The threads could not be started.
    #[error("the threads cannot be started: {0}")]
    #[diagnostic(code(run::threads), help("set `run: {{ threads: 1 }}`"))]
    Threads(String),
}

impl RunError {
    fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> Self {
        move |error| RunError::Io { what: what.into(), error }
    }
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Progress<'a> {
    /// Documents written.
    pub documents: u64,
    /// Rejects written.
    pub rejects: u64,
    /// Bytes of input that are done with.
    pub bytes: u64,
    /// Bytes of input in all, where that is known.
    pub total_bytes: Option<u64>,
    /// The stage that took most time so far.
    pub slowest: Option<&'a str>,
}

/// Who watches a run.
pub trait Observer: Sync {
    /// Told after each batch that is written.
    fn progress(&self, progress: &Progress<'_>);

    /// Asked before each batch: whether to stop.
    fn stop(&self) -> bool {
        false
    }
}

/// Watches nothing.
impl Observer for () {
    fn progress(&self, _: &Progress<'_>) {}
}

/// Batches under way a thread: one being worked on, one ready, one finished that waits for its turn.
const BATCHES_A_THREAD: usize = 3;
/// Stack of a worker: parses and texts nest deeper than the default allows on some platforms.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Time spent in a stage, summed over threads.
pub(crate) struct StageClock {
    pub name: String,
    pub nanoseconds: AtomicU64,
    pub documents: AtomicU64,
}

impl StageClock {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), nanoseconds: AtomicU64::new(0), documents: AtomicU64::new(0) }
    }

    pub fn add(&self, time: Duration, documents: usize) {
        self.nanoseconds.fetch_add(time.as_nanos() as u64, Ordering::Relaxed);
        self.documents.fetch_add(documents as u64, Ordering::Relaxed);
    }
}

/// Runs a plan to its end.
///
/// # Errors
/// What stops it for good: the file system, or a fault of the program. What was there before stays as it was.
pub fn run(mut plan: Plan, observer: &dyn Observer) -> Result<Summary, RunError> {
    let began = Instant::now();
    let threads = plan.threads();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK_BYTES)
        .thread_name(|number| format!("worker-{number}"))
        .build()
        .map_err(|error| RunError::Threads(error.to_string()))?;
    let renderer = plan.renderer();
    let collectors = std::mem::take(&mut plan.collectors);
    let mut datasets = renderer.datasets().to_vec();
    datasets.extend(collectors.iter().flat_map(|collector| collector.datasets()));
    datasets.push(writer::rejects());
    let output = Output::begin(&plan.base, std::mem::take(&mut plan.targets), &datasets)?;
    let sources = std::mem::take(&mut plan.sources);
    let total_bytes = sources.iter().map(|source| source.total_bytes()).sum::<Option<u64>>();
    let worker = Worker::new(std::mem::take(&mut plan.annotators), renderer, datasets, output.encoders());
    let stop = AtomicBool::new(false);
    let (permits, permit) = bounded::<()>(threads * BATCHES_A_THREAD);
    let (done, arrivals) = unbounded::<Done>();
    let mut writer = Writer::new(&worker, output, collectors, plan.run.on_error, total_bytes);
    let outcome = std::thread::scope(|scope| {
        let batches = Batches::new(sources, plan.run.batch_bytes as usize);
        let (worker, pool, stop) = (&worker, &pool, &stop);
        let reader = std::thread::Builder::new()
            .name("reader".to_owned())
            .spawn_scoped(scope, move || read(batches, pool, worker, stop, &permits, &done))
            .map_err(|error| RunError::Threads(error.to_string()))?;
        let outcome = write(&mut writer, &arrivals, &permit, stop, observer);
        stop.store(true, Ordering::Relaxed);
        // The reader may wait for a permit: with the receiving half gone it is told at once.
        drop(permit);
        drop(arrivals);
        drop(reader.join());
        outcome
    })?;
    writer.finish(&plan, outcome, began, threads)
}

/// Reads batches and hands each to the pool. In a scope of the pool, so that all work ends before this does.
fn read(
    mut batches: Batches,
    pool: &rayon::ThreadPool,
    worker: &Worker,
    stop: &AtomicBool,
    permits: &Sender<()>,
    done: &Sender<Done>,
) {
    pool.in_place_scope(|scope| {
        while !stop.load(Ordering::Relaxed) {
            if permits.send(()).is_err() {
                break;
            }
            let Some(batch) = batches.next() else { break };
            let done = done.clone();
            scope.spawn(move |_| {
                // The writer may have given up: then nobody waits for this.
                drop(done.send(worker.work(batch)));
            });
        }
    });
}

/// Puts finished batches back in order and writes them.
fn write(
    writer: &mut Writer<'_>,
    arrivals: &Receiver<Done>,
    permit: &Receiver<()>,
    stop: &AtomicBool,
    observer: &dyn Observer,
) -> Result<Outcome, RunError> {
    let mut waiting = std::collections::BTreeMap::new();
    let mut next = 0;
    let mut stopped = false;
    for done in arrivals {
        waiting.insert(done.number, done);
        while let Some(done) = waiting.remove(&next) {
            next += 1;
            if stopped {
                continue;
            }
            stopped = writer.write(done)?;
            observer.progress(&writer.progress());
            stopped = stopped || observer.stop();
            stop.store(stopped, Ordering::Relaxed);
            // The batch gives its permit back.
            let _ = permit.try_recv();
        }
        if stopped {
            // Let the reader see the stop: it may wait for a permit.
            while permit.try_recv().is_ok() {}
        }
    }
    Ok(match (stopped, writer.has_rejects()) {
        (true, _) => Outcome::Stopped,
        (false, true) => Outcome::WithRejects,
        (false, false) => Outcome::Complete,
    })
}

/// The sources of a run, one after the other.
pub(crate) type Sources = std::collections::VecDeque<Box<dyn Source>>;
