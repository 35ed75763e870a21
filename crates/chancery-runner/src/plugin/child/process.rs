//! A child process: started, spoken to under a time limit, killed.

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chancery_plugin::describe::StageDescription;
use serde_json::{Value, json};

use super::super::answer::Failure;

/// Version of the protocol.
pub const PROTOCOL: u64 = 1;
/// Longest line that a child may send.
const LONGEST_LINE: u64 = 256 << 20;
/// Most bytes of tables in one message.
const MOST_PAYLOAD: u64 = 1 << 30;
/// How long a child may take to say who it is: interpreters load slowly.
const START: Duration = Duration::from_secs(30);
/// Longest line of standard error that goes to the log.
const LONGEST_LOG_LINE: usize = 2000;

/// How a child is started.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub program: OsString,
    pub arguments: Vec<OsString>,
    pub folder: PathBuf,
    /// What the handshake tells it: settings and base.
    pub settings: Value,
    pub base: String,
    pub protocol: &'static str,
    /// How long it may take for a call.
    pub time_out: Duration,
    /// Its name in the log.
    pub label: String,
}

/// A line, and the tables after it.
#[derive(Debug)]
pub struct Message {
    pub line: Value,
    pub tables: Vec<(String, Vec<u8>)>,
}

/// A child that is running.
pub struct Running {
    child: Child,
    to: Option<Sender<Vec<u8>>>,
    from: Receiver<Result<Message, String>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        // The writing thread ends when its channel does, and closes the child's input; a child that does not mind is killed.
        self.to = None;
        let patience = Instant::now() + Duration::from_millis(20);
        while Instant::now() < patience {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Running {
    /// Starts a child and shakes hands.
    pub fn start(recipe: &Recipe) -> Result<(Self, StageDescription), Failure> {
        let mut child = Command::new(&recipe.program)
            .args(&recipe.arguments)
            .current_dir(&recipe.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Failure::new("crashed", format!("`{}` cannot be started: {error}", recipe.program.display())))?;
        let (to, bytes) = channel::<Vec<u8>>();
        if let Some(mut stdin) = child.stdin.take() {
            std::thread::spawn(move || {
                // A child that does not read any more has ended: the reading side tells that.
                while let Ok(bytes) = bytes.recv() {
                    if stdin.write_all(&bytes).and_then(|()| stdin.flush()).is_err() {
                        break;
                    }
                }
            });
        }
        let (messages, from) = channel();
        if let Some(stdout) = child.stdout.take() {
            let with_tables = recipe.protocol == "arrow";
            std::thread::spawn(move || read(BufReader::new(stdout), with_tables, &messages));
        }
        if let Some(stderr) = child.stderr.take() {
            let label = recipe.label.clone();
            std::thread::spawn(move || log(stderr, &label));
        }
        let mut running = Self { child, to: Some(to), from };
        let hello = json!({
            "chancery": PROTOCOL,
            "program": env!("CARGO_PKG_VERSION"),
            "protocol": recipe.protocol,
            "settings": recipe.settings,
            "base": recipe.base,
        });
        running.send(format!("{hello}\n").into_bytes());
        let message = running.receive(START)?;
        let description = description(message.line)?;
        Ok((running, description))
    }

    /// Sends bytes without waiting for the child to read them.
    pub fn send(&self, bytes: Vec<u8>) {
        if let Some(to) = &self.to {
            drop(to.send(bytes));
        }
    }

    /// The child's next message.
    pub fn receive(&mut self, time_out: Duration) -> Result<Message, Failure> {
        match self.from.recv_timeout(time_out) {
            Ok(Ok(message)) => Ok(message),
            Ok(Err(broken)) => Err(Failure::bad_data(broken)),
            Err(RecvTimeoutError::Timeout) => {
                let message = format!("it did not answer within {} s", time_out.as_secs_f64());
                Err(Failure::new("timeout", message))
            }
            Err(RecvTimeoutError::Disconnected) => Err(Failure::new("crashed", self.ended())),
        }
    }

    fn ended(&mut self) -> String {
        // Its output is closed; how it ended is known a moment later.
        for _ in 0..200 {
            if let Ok(Some(status)) = self.child.try_wait() {
                return format!("its process ended ({status})");
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        "its process closed its output".to_owned()
    }
}

fn description(mut line: Value) -> Result<StageDescription, Failure> {
    let version = line.get("chancery").and_then(Value::as_u64);
    if version != Some(PROTOCOL) {
        let message = match version {
            Some(version) => format!("it speaks version {version} of the protocol; this program speaks {PROTOCOL}"),
            None => "its first line is no handshake: it has no `\"chancery\": 1`".to_owned(),
        };
        return Err(Failure::bad_data(message));
    }
    if let Some(error) = line.get("error").and_then(Value::as_str) {
        return Err(Failure::new("failed", error));
    }
    if let Some(object) = line.as_object_mut() {
        object.entry("kind").or_insert("annotate".into());
    }
    serde_json::from_value(line).map_err(|error| Failure::bad_data(format!("its handshake: {error}")))
}

/// Reads messages until the child closes its output or breaks the protocol.
fn read(mut from: BufReader<ChildStdout>, with_tables: bool, to: &Sender<Result<Message, String>>) {
    loop {
        let message = match message(&mut from, with_tables) {
            Ok(None) => return,
            Ok(Some(message)) => Ok(message),
            Err(broken) => Err(broken),
        };
        let broken = message.is_err();
        if to.send(message).is_err() || broken {
            return;
        }
    }
}

/// The next message; `None` at the end.
pub fn message(from: &mut impl BufRead, with_tables: bool) -> Result<Option<Message>, String> {
    let mut line = Vec::new();
    let read = from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line);
    match read {
        Ok(0) | Err(_) => return Ok(None),
        Ok(_) if line.last() != Some(&b'\n') && line.len() as u64 >= LONGEST_LINE => {
            return Err(format!("a line is longer than {LONGEST_LINE} bytes"));
        }
        Ok(_) => {}
    }
    let line: Value = serde_json::from_slice(&line).map_err(|error| {
        let shown: String = String::from_utf8_lossy(&line).trim().chars().take(80).collect();
        format!("a line is no JSON ({error}): `{shown}`")
    })?;
    let mut tables = Vec::new();
    let mut total = 0u64;
    let announced = line.get("tables").filter(|_| with_tables).and_then(Value::as_array);
    for table in announced.into_iter().flatten() {
        let name = table.get("name").and_then(Value::as_str).ok_or("a table has no `name`")?;
        let bytes = table.get("bytes").and_then(Value::as_u64).ok_or("a table has no `bytes`")?;
        total = total.saturating_add(bytes);
        if total > MOST_PAYLOAD {
            return Err(format!("its tables have more than {MOST_PAYLOAD} bytes"));
        }
        let mut payload = Vec::new();
        // Grows with what arrives, not with what was announced.
        match from.by_ref().take(bytes).read_to_end(&mut payload) {
            Ok(read) if read as u64 == bytes => tables.push((name.to_owned(), payload)),
            _ => return Err(format!("the table `{name}` ends after {} of {bytes} bytes", payload.len())),
        }
    }
    Ok(Some(Message { line, tables }))
}

/// A child's standard error goes to the log, line by line.
fn log(from: ChildStderr, label: &str) {
    let mut from = BufReader::new(from);
    loop {
        let mut line = Vec::new();
        match from.by_ref().take(1 << 16).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {
                let text: String = String::from_utf8_lossy(&line).trim_end().chars().take(LONGEST_LOG_LINE).collect();
                if !text.is_empty() {
                    tracing::warn!(plugin = label, "{text}");
                }
            }
        }
    }
}

/// Children of one stage, as many as workers ask at once.
pub struct Pool {
    pub recipe: Recipe,
    idle: Mutex<Vec<Running>>,
}

impl Pool {
    pub fn new(recipe: Recipe, first: Running) -> Self {
        Self { recipe, idle: Mutex::new(vec![first]) }
    }

    /// Lets `call` speak with a child. After a failure that leaves the child in doubt it is ended.
    pub fn with<T>(&self, call: impl FnOnce(&mut Running, Duration) -> Result<T, Failure>) -> Result<T, Failure> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut running = match idle {
            Some(running) => running,
            None => Running::start(&self.recipe)?.0,
        };
        let result = call(&mut running, self.recipe.time_out);
        let sound = match &result {
            Ok(_) => true,
            Err(failure) => !matches!(failure.code.as_str(), "crashed" | "timeout" | "bad_data"),
        };
        if sound {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(running);
        }
        result
    }
}
