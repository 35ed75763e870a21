//! The command that trains.

use anyhow::{Context as _, Result};
use chancery_text::Level;
use chancery_train::text::{Recipe, boundary_errors, eval_text, export, measure, read_folder, train};
use clap::{Parser, Subcommand};
use std::path::{Path, PathBuf};

/// Trains the models that ship with Chancery.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Tags, lemmas and parses, from a folder with `train/*.conllu` and `dev/*.conllu`.
    Text {
        /// The folder.
        #[arg(long)]
        data: PathBuf,
        /// Where the model goes.
        #[arg(long)]
        out: Option<PathBuf>,
        /// How often the training files are gone through.
        #[arg(long)]
        epochs: Option<usize>,
        /// Seed of all random numbers.
        #[arg(long)]
        seed: Option<u64>,
        /// Width of embeddings and layers, a multiple of 32.
        #[arg(long)]
        width: Option<usize>,
        /// The optimiser's highest rate.
        #[arg(long)]
        rate: Option<f32>,
        /// Tokens that make a batch.
        #[arg(long)]
        batch: Option<usize>,
        /// Width of the vectors that heads are scored with, a multiple of 16.
        #[arg(long)]
        arc: Option<usize>,
        /// Width of the hidden layer that relations are scored with, a multiple of 16.
        #[arg(long)]
        label: Option<usize>,
        /// Which layers see their neighbours: `1,0,0`.
        #[arg(long)]
        windows: Option<String>,
        /// Dropout: input, layers, hidden.
        #[arg(long)]
        drop: Option<String>,
    },
    /// Speed of a model over the raw texts of a folder of treebanks.
    Speed {
        /// The folder.
        #[arg(long)]
        data: PathBuf,
        /// The model file; without it the one that ships.
        #[arg(long)]
        model: Option<PathBuf>,
        /// Measure one level only: `tokens`, `tags`, `parse`.
        #[arg(long)]
        level: Option<String>,
        /// Threads for the last figure.
        #[arg(long, default_value_t = 1)]
        threads: usize,
    },
    /// Figures of a model over a folder of treebanks.
    Eval {
        /// Print each boundary that is wrong too.
        #[arg(long)]
        errors: bool,
        /// The folder.
        #[arg(long)]
        data: PathBuf,
        /// The model file; without it the one that ships.
        #[arg(long)]
        model: Option<PathBuf>,
    },
}

fn pipeline(model: Option<PathBuf>) -> Result<chancery_text::Pipeline> {
    Ok(match model {
        Some(path) => chancery_text::Pipeline::from_model(&std::fs::read(path)?)?,
        None => chancery_text::Pipeline::english()?,
    })
}

fn print_scores(pipeline: &chancery_text::Pipeline, folder: &Path) -> Result<()> {
    for (name, scores) in eval_text(pipeline, folder)? {
        let figures: Vec<String> = scores.figures().iter().map(|(what, value)| format!("{what} {value:.2}")).collect();
        println!("{name}: {}", figures.join(" "));
    }
    Ok(())
}

fn main() -> Result<()> {
    match Arguments::parse().what {
        What::Text { data, out, epochs, seed, width, rate, batch, arc, label, windows, drop } => {
            let mut recipe = Recipe::default();
            recipe.epochs = epochs.unwrap_or(recipe.epochs);
            recipe.seed = seed.unwrap_or(recipe.seed);
            recipe.width = width.unwrap_or(recipe.width);
            recipe.rate = rate.unwrap_or(recipe.rate);
            recipe.batch_tokens = batch.unwrap_or(recipe.batch_tokens);
            recipe.arc = arc.unwrap_or(recipe.arc);
            recipe.label = label.unwrap_or(recipe.label);
            if let Some(windows) = windows {
                recipe.windows = windows.split(',').map(|flag| flag == "1").collect();
            }
            if let Some(drop) = drop {
                let shares: Vec<f32> = drop.split(',').map(str::parse).collect::<Result<_, _>>()?;
                (recipe.drop_input, recipe.drop_layer, recipe.drop_hidden) = (shares[0], shares[1], shares[2]);
            }
            let banks = read_folder(&data.join("train"))?;
            let trained = train(&banks, &read_folder(&data.join("dev"))?, &recipe)?;
            if let Some(out) = out {
                let model = export(&trained, &banks)?;
                eprintln!("{} bytes", model.len());
                std::fs::write(&out, &model).with_context(|| format!("cannot write {}", out.display()))?;
                print_scores(&chancery_text::Pipeline::from_model(&model)?, &data.join("dev"))?;
            }
        }
        What::Eval { data, model, errors } => {
            let pipeline = pipeline(model)?;
            if errors {
                for (name, bank) in read_folder(&data)? {
                    for line in boundary_errors(&pipeline, &bank) {
                        println!("{name} {line}");
                    }
                }
            }
            print_scores(&pipeline, &data)?;
        }
        What::Speed { data, model, threads, level } => {
            let only = level.map(|level| match level.as_str() {
                "tokens" => Level::Tokens,
                "tags" => Level::Tags,
                _ => Level::Parse,
            });
            let clock = std::time::Instant::now();
            let pipeline = pipeline(model)?;
            println!("load: {:.1} ms", clock.elapsed().as_secs_f64() * 1e3);
            // Pieces of about a news article's length, cut between paragraphs.
            let mut texts: Vec<String> = Vec::new();
            for (_, bank) in read_folder(&data)? {
                for paragraph in bank.text.split("\n\n") {
                    match texts.last_mut().filter(|text| text.len() < 4000) {
                        Some(text) => {
                            text.push_str("\n\n");
                            text.push_str(paragraph);
                        }
                        None => texts.push(paragraph.to_owned()),
                    }
                }
            }
            for speed in measure(&pipeline, &texts, 5, threads, only) {
                println!(
                    "{:?} x{}: {:.0} tokens/s, {:.1} MB/s, {:.0} tokens a processor second",
                    speed.level,
                    speed.threads,
                    speed.tokens,
                    speed.bytes / 1e6,
                    speed.unshared.unwrap_or(0.0)
                );
            }
        }
    }
    Ok(())
}
