//! How long the index of names takes to build.

use std::sync::Arc;
use std::time::Instant;

use chancery_lexicon::user::Extra;
use chancery_lexicon::{Gazetteer, World};

fn main() {
    for _ in 0..4 {
        let start = Instant::now();
        let gazetteer = Arc::new(Gazetteer::builtin());
        let places = start.elapsed();
        let world = World::with(Extra::default(), gazetteer);
        println!(
            "gazetteer {places:?}, all {:?}, {} senses, {} people, {} bodies",
            start.elapsed(),
            world.names.len(),
            world.people.len(),
            world.organizations.len()
        );
    }
}
