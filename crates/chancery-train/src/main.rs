//! Trains and evaluates the models that ship.

fn main() {}
