//! Stages of all three kinds through the C functions, as the program calls them.

use std::path::Path;

use chancery_plugin::describe::ColumnType;
use chancery_plugin::prelude::*;
use chancery_plugin::serde_json::{Value, json};
use chancery_plugin::testing::{self, TestDocument, TestRun};

/// A mood.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Mood {
    Glad,
    Sad,
}

/// Words
/// that tell a mood.
#[derive(Debug, Serialize, JsonSchema)]
struct MoodRow<'a> {
    start: u32,
    end: u32,
    /// Which mood.
    mood: Mood,
    /// How sure.
    #[schemars(extend("unit" = "percent"))]
    sure: Option<f32>,
    lemmas: Vec<&'a str>,
    day: Option<Day>,
}

impl Row for MoodRow<'_> {
    const LAYER: &'static str = "moods";
}

#[derive(Debug, Serialize, JsonSchema)]
struct Count {
    words: i64,
}

impl Row for Count {
    const LAYER: &'static str = "counts";
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Settings {
    glad: String,
}

struct Moods(Settings);

impl Annotate for Moods {
    const NAME: &'static str = "moods";
    const SUMMARY: &'static str = "Finds moods";
    const NEEDS: &'static [&'static str] = &["tokens.lemma", "sentences", "moods_before"];
    type Settings = Settings;

    fn layers() -> Vec<Layer> {
        vec![Layer::of::<MoodRow<'static>>(), Layer::of::<Count>()]
    }

    fn new(settings: Settings, _: &Context<'_>) -> Result<Self, Error> {
        if settings.glad.is_empty() { Err(Error::new("`glad` is empty")) } else { Ok(Self(settings)) }
    }

    fn annotate(&self, document: &Document<'_>, rows: &mut Rows<'_>) -> Result<(), Error> {
        let tokens = document.tokens()?;
        for token in 0..tokens.len() {
            let span = tokens.span(token);
            let mood = if tokens.lemma(token) == self.0.glad { Mood::Glad } else { Mood::Sad };
            if matches!(mood, Mood::Glad) || tokens.lemma(token) == "sad" {
                let lemmas = vec![tokens.lemma(token), tokens.form(token)];
                rows.push(&MoodRow {
                    start: span.start,
                    end: span.end,
                    mood,
                    sure: Some(0.1),
                    lemmas,
                    day: document.published(),
                })?;
            }
        }
        let words = if document.text().contains("negative") { -1 } else { tokens.len() as i64 };
        rows.push(&Count { words })?;
        assert!(!document.text().contains("panic"), "as the text says");
        if document.text().contains("fail") {
            return Err(Error::new("as the text says").code("said"));
        }
        if document.text().contains("sentences") {
            return Err(Error::new(format!("{} of {}", document.sentences()?.len(), document.count("moods_before")?)));
        }
        Ok(())
    }
}

fn run() -> TestRun<Moods> {
    TestRun::new(json!({ "glad": "glad" }))
}

#[test]
fn a_row_type_describes_its_layer() {
    let layer = Layer::of::<MoodRow<'static>>();
    assert_eq!(layer.description, "Words that tell a mood.");
    let columns: Vec<_> = layer.columns.iter().map(|column| (column.name.as_str(), column.kind, column.required)).collect();
    assert_eq!(
        columns,
        [
            ("start", ColumnType::Integer, true),
            ("end", ColumnType::Integer, true),
            ("mood", ColumnType::Text, true),
            ("sure", ColumnType::Number, false),
            ("lemmas", ColumnType::Text, true),
            ("day", ColumnType::Date, false),
        ]
    );
    assert_eq!(layer.columns[2].allowed, ["glad", "sad"]);
    assert_eq!(layer.columns[3].unit.as_deref(), Some("percent"));
    assert!(layer.has_spans());
}

#[test]
fn rows_come_back_as_they_were_given() {
    let document = TestDocument::new("Glad. Née, then sad.").published("2023-04-14");
    let output = run().document(document).text("None.").run();
    let rows = output.rows("moods");
    assert_eq!(rows.len(), 2);
    assert_eq!(
        Value::Object(rows[0].clone()),
        json!({
        "doc": 0, "start": 0, "end": 4, "mood": "glad", "sure": 0.1, "lemmas": "glad|Glad", "day": "2023-04-14", "text": "Glad" })
    );
    assert_eq!(rows[1]["text"], "sad");
    assert_eq!(output.rows("counts").iter().map(|row| row["words"].as_u64().unwrap()).collect::<Vec<_>>(), [7, 2]);
}

#[test]
fn a_document_that_fails_takes_no_rows_and_no_other_document_along() {
    let output = run().text("glad one").text("glad panic").text("glad fail").text("glad negative").text("glad two").run();
    let documents: Vec<u64> = output.rows("moods").iter().map(|row| row["doc"].as_u64().unwrap()).collect();
    assert_eq!(documents, [0, 4]);
    assert_eq!(output.rows("counts").len(), 2);
    let told: Vec<(usize, &str)> = output.rejects.iter().map(|(document, code, _)| (*document, code.as_str())).collect();
    assert_eq!(told, [(1, "panic"), (2, "said"), (3, "bad_row")]);
    assert!(output.rejects[0].2.contains("as the text says"), "{:?}", output.rejects[0]);
    assert!(output.rejects[2].2.contains("-1 does not fit"), "{:?}", output.rejects[2]);
}

#[test]
fn layers_of_other_stages_are_read_by_document() {
    let with = |text: &str, rows: Value| TestDocument::new(text).layer("moods_before", rows);
    let row = json!({ "start": 0, "end": 1 });
    let output = run()
        .document(with("None. Of. These.", json!([row])))
        .document(with("Two sentences. Yes.", json!([row, row, row])))
        .document(with("Three sentences. Yes. No.", json!([])))
        .run();
    let told: Vec<&str> = output.rejects.iter().map(|(_, _, message)| message.as_str()).collect();
    assert_eq!(told, ["2 of 3", "3 of 0"]);
}

#[test]
fn settings_are_checked() {
    let error = |settings: Value| TestRun::<Moods>::new(settings).text("x").try_run().unwrap_err().message;
    assert!(error(json!({})).contains("missing field `glad`"));
    assert!(error(json!({ "glad": "a", "gald": "b" })).contains("unknown field `gald`"));
    assert_eq!(error(json!({ "glad": "" })), "`glad` is empty");
}

struct Feed(u32);

impl Ingest for Feed {
    const NAME: &'static str = "feed";
    const SUMMARY: &'static str = "Counts";
    type Settings = NoSettings;

    fn new(_: NoSettings, _: &Context<'_>) -> Result<Self, Error> {
        Ok(Feed(0))
    }

    fn next(&mut self) -> Option<Result<NewDocument, Error>> {
        self.0 += 1;
        match self.0 {
            601 => None,
            3 => Some(Err(Error::new("the third is broken").at("feed", "3"))),
            number => {
                let published = Day::new(2023, 4, 14);
                Some(Ok(NewDocument { record: number.to_string(), published, text: "é".repeat(3000), ..NewDocument::default() }))
            }
        }
    }
}

#[test]
fn all_documents_come_in_order_and_errors_in_between() {
    let documents = testing::ingest::<Feed>(&json!({}), Path::new(".")).unwrap();
    assert_eq!(documents.len(), 600);
    assert_eq!(documents[2], Err("the third is broken".to_owned()));
    for (number, document) in documents.iter().enumerate().filter(|(number, _)| *number != 2) {
        let document = document.as_ref().unwrap();
        assert_eq!(document["record"], (number + 1).to_string());
        assert_eq!(document["published"], "2023-04-14");
    }
}

#[derive(Default)]
struct Sheet(Vec<String>);

impl Export for Sheet {
    const NAME: &'static str = "sheet";
    const SUMMARY: &'static str = "Counts bytes";
    type Settings = NoSettings;

    fn new(_: NoSettings, _: &Context<'_>) -> Result<Self, Error> {
        Ok(Sheet::default())
    }

    fn begin(&mut self, _: &Path, datasets: Vec<Layer>) -> Result<(), Error> {
        self.0.extend(datasets.into_iter().map(|dataset| dataset.name));
        Ok(())
    }

    fn write(&mut self, dataset: usize, rows: &TableView<'_>) -> Result<(), Error> {
        for row in 0..rows.len() {
            let cells: Vec<String> = rows.row(row).map(|cell| format!("{cell:?}")).collect();
            self.0[dataset] += &cells.join(";");
        }
        if self.0[dataset].contains("panic") {
            panic!("as the row says")
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> Result<Vec<(String, u64)>, Error> {
        Ok(Vec::new())
    }

    fn finish(&mut self) -> Result<Vec<(String, u64)>, Error> {
        Ok(self.0.iter().map(|text| (text.clone(), text.len() as u64)).collect())
    }
}

#[test]
fn a_writer_sees_every_cell() {
    let layer: Layer = chancery_plugin::serde_json::from_value(json!({ "name": "x", "columns": [
        { "name": "a", "type": "text" }, { "name": "b", "type": "integer" }, { "name": "c", "type": "date" }, { "name": "d", "type": "boolean" } ] })).unwrap();
    let rows = vec![json!({ "a": "é", "b": 7, "c": "2023-04-14", "d": true }), json!({ "d": false })];
    let files = testing::export::<Sheet>(&json!({}), Path::new("."), &[(layer.clone(), rows)]).unwrap();
    assert_eq!(files[0].0, "xText(\"é\");Integer(7);Date(Day(19461));Boolean(true)Null;Null;Null;Boolean(false)");
    let error = testing::export::<Sheet>(&json!({}), Path::new("."), &[(layer, vec![json!({ "a": "panic" })])]).unwrap_err();
    assert!(error.message.contains("as the row says"), "{error}");
}
