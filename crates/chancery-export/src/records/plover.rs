//! `use: plover_jsonl`: a JSON object an event in PLOVER's record layout.
//!
//! PLOVER's records hold lists of actors and recipients where the dataset has a row a pair: rows that one trigger gave are folded
//! together again, and of an event that goes both ways all parties are actors, with no recipient. What is planned, hypothetical or
//! negated says so among its modes, in PLOVER's own auxiliary words.

use std::io::Write;
use std::path::PathBuf;

use chancery_model::tables::Offsets;
use chancery_model::{Actor, Document, EntityKey, Event, EventStatus};
use chancery_settings::Settings;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::lines::LinesSink;
use super::{code, entity, one_line, sentence_number};
use crate::{Entry, Selection, Target};

/// `use: plover_jsonl`.
pub const ENTRY: Entry = Entry {
    name: "plover_jsonl",
    summary: "Events as JSON Lines in PLOVER's record layout",
    example: "{ to: out/, negated: true }",
    schema: || schemars::schema_for!(PloverSettings),
    build: |raw: &Settings| {
        let settings = raw.read::<PloverSettings>()?;
        let negated = settings.negated;
        let lines = Box::new(move |document: &Document, out: &mut Vec<u8>| lines(document, negated, out));
        let sink = Box::new(LinesSink::new("events.plover.jsonl", String::new(), lines));
        Ok(Target { sink, to: settings.to, selection: Selection { only: vec!["events".to_owned()], ..Selection::default() } })
    },
};

/// Settings of `use: plover_jsonl`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct PloverSettings {
    /// The folder, relative to the pipeline file.
    to: PathBuf,
    /// Write events that the text says did not take place, with the mode `negation`; PLOVER's manual lets them out.
    negated: bool,
}

impl Default for PloverSettings {
    fn default() -> Self {
        Self { to: PathBuf::from("out/"), negated: true }
    }
}

fn lines(document: &Document, negated: bool, out: &mut Vec<u8>) {
    let mut done = vec![false; document.events.len()];
    let offsets = Offsets::new(&document.text);
    let mut number = 0;
    for (first, event) in document.events.iter().enumerate() {
        if done[first] {
            continue;
        }
        let mut rows: Vec<&Event> = Vec::new();
        for (later, other) in document.events.iter().enumerate().skip(first) {
            if other.trigger == event.trigger && other.r#type == event.r#type && other.rule == event.rule {
                done[later] = true;
                rows.push(other);
            }
        }
        if event.status == EventStatus::Negated && !negated {
            continue;
        }
        let Some(day) = event.from.or_else(|| document.published()) else { continue };
        number += 1;
        let (mut actors, mut recipients): (Vec<Actor>, Vec<Actor>) = (Vec::new(), Vec::new());
        for row in &rows {
            push(&mut actors, row.source);
            push(&mut recipients, row.target);
        }
        let reciprocal = rows.len() > 1
            && rows.iter().all(|row| {
                let back = |other: &&&Event| {
                    other.source.map(|side| side.entity) == row.target.map(|side| side.entity)
                        && other.target.map(|side| side.entity) == row.source.map(|side| side.entity)
                };
                rows.iter().any(|other| back(&other))
            });
        if reciprocal {
            recipients.clear();
        }
        let mut modes: Vec<&str> = if event.mode.is_empty() { Vec::new() } else { vec![&event.mode] };
        match event.status {
            EventStatus::Planned => modes.push("future"),
            EventStatus::Hypothetical => modes.push("hypothetical"),
            EventStatus::Negated => modes.push("negation"),
            EventStatus::Occurred | EventStatus::Ongoing => {}
        }
        let sentence = document.sentences.get(event.sentence.ix()).map_or(event.span, |sentence| sentence.span);
        let (start, end) = offsets.span(event.span);
        let mut record = Map::new();
        record.insert("id".to_owned(), json!(format!("{}:{number}", document.id)));
        record.insert("date".to_owned(), json!(day.to_string()));
        if let Some(last) = event.to.filter(|last| *last != day) {
            record.insert("enddate".to_owned(), json!(last.to_string()));
        }
        record.insert("actor".to_owned(), people(document, &actors));
        record.insert("recipient".to_owned(), people(document, &recipients));
        record.insert("event".to_owned(), json!([event.r#type.as_str()]));
        record.insert("mode".to_owned(), json!(modes));
        record.insert("context".to_owned(), json!(event.contexts.split('|').filter(|name| !name.is_empty()).collect::<Vec<_>>()));
        record.insert("quad_code".to_owned(), json!(event.quad));
        if let Some(scale) = event.intensity {
            record.insert("event_scale".to_owned(), json!((f64::from(scale) * 100.0).round() / 100.0));
        }
        if let Some(place) = event.place.and_then(|place| document.places.get(place.ix())) {
            record.insert("event_loc".to_owned(), location(document, place));
        }
        record.insert("event_text".to_owned(), json!(one_line(document.slice(event.span))));
        record.insert("text".to_owned(), json!(one_line(document.slice(sentence))));
        record.insert("text_info".to_owned(), json!({ "sequence": sentence_number(event), "start": start, "end": end }));
        record.insert(
            "cite_info".to_owned(),
            json!({ "url": document.meta.url, "title": document.meta.title, "publication": document.meta.publisher,
                    "language": document.language.map_or("", |language| language.code) }),
        );
        record.insert("coder".to_owned(), json!(concat!("chancery ", env!("CARGO_PKG_VERSION"))));
        record.insert("comment".to_owned(), json!(format!("rule {}; CAMEO {}", event.rule, event.cameo)));
        // Writing into memory does not fail.
        let _ = writeln!(out, "{}", Value::Object(record));
    }
}

fn push(list: &mut Vec<Actor>, side: Option<Actor>) {
    if let Some(actor) = side
        && !list.iter().any(|known| known.entity == actor.entity)
    {
        list.push(actor);
    }
}

fn people(document: &Document, actors: &[Actor]) -> Value {
    let one = |actor: &Actor| {
        let code = code(document, Some(*actor)).unwrap_or_default();
        let entity = entity(document, Some(*actor));
        let identifier = entity.map_or("", |entity| match &entity.key {
            EntityKey::Named(key) => key,
            EntityKey::Anonymous(_) => "",
        });
        json!({
            "code": code.get(..3).unwrap_or(code),
            "sector": code.get(3..).unwrap_or_default(),
            "entity_text": one_line(document.slice(actor.span)),
            "identifier_id": entity.map_or("", |entity| if entity.wikidata.is_empty() { identifier } else { &entity.wikidata }),
            "identifier_text": entity.map_or("", |entity| entity.name.as_str()),
            "office": entity.map_or("", |entity| entity.role.as_str()),
        })
    };
    Value::Array(actors.iter().map(one).collect())
}

fn location(document: &Document, place: &chancery_model::Place) -> Value {
    let (lat, lon) = place.position.map_or((Value::Null, Value::Null), |(lat, lon)| (json!(lat), json!(lon)));
    let (class, feature) = place.feature.split_once('.').unwrap_or((&place.feature, ""));
    json!({
        "extracted_place": document.slice(place.span),
        "resolved_place": &*place.name,
        "geonameid": if place.geonames_id == 0 { Value::Null } else { json!(place.geonames_id) },
        "lat": lat,
        "lon": lon,
        "country_code": place.country.as_ref().map_or("", |country| country.as_str()),
        "province": &*place.admin1,
        "feature_class": class,
        "feature_code": feature,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::tests::document;

    #[test]
    fn rows_of_one_trigger_are_one_record_and_both_sides_actors() {
        let mut out = Vec::new();
        lines(&document(), true, &mut out);
        let records: Vec<Value> =
            String::from_utf8(out).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(records.len(), 2);
        assert_eq!(records[0]["actor"].as_array().map(Vec::len), Some(2));
        assert_eq!(records[0]["recipient"], json!([]));
        assert_eq!(records[0]["context"], json!(["diplomatic", "economic"]));
        assert_eq!(records[1]["mode"], json!(["visit", "future"]));
        assert_eq!(records[1]["recipient"][0]["code"], json!("CAN"));
        assert_eq!(records[1]["text"], json!("Japan will visit Canada."));
    }
}
