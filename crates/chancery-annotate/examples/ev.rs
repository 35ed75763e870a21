use chancery_annotate::{events, harness::Harness};
use chancery_model::*;
use std::collections::HashMap;

fn names() -> HashMap<String, (String, bool)> {
    let text = std::fs::read_to_string("/work/wt/events/crates/chancery-lexicon/data/countries.tsv").unwrap();
    let mut map = HashMap::new();
    for line in text.lines().filter(|l| !l.starts_with('#')).skip(1) {
        let c: Vec<&str> = line.split('\t').collect();
        if c.len() < 11 {
            continue;
        }
        for (i, adj) in [(4, false), (5, false), (6, false), (7, false), (8, true), (9, true), (10, false)] {
            for n in c[i].split('|').filter(|n| !n.is_empty()) {
                map.entry(n.to_string()).or_insert((c[0].to_string(), adj));
            }
        }
    }
    for (n, c) in [
        ("Brussels", "BEL"),
        ("Hamas", "PSE"),
        ("United Nations", "IGO"),
        ("European Union", "EUR"),
        ("EU", "EUR"),
        ("Kishida", "JPN"),
        ("Fumio Kishida", "JPN"),
        ("Trudeau", "CAN"),
        ("Narendra Modi", "IND"),
        ("Lavrov", "RUS"),
        ("Wang Yi", "CHN"),
        ("Blinken", "USA"),
        ("Abe", "JPN"),
        ("Mr. Abe", "JPN"),
        ("Justin Trudeau", "CAN"),
        ("Joe Biden", "USA"),
        ("Mary Ng", "CAN"),
        ("Gaza", "PSE"),
    ] {
        map.insert(n.to_string(), (c.to_string(), false));
    }
    map
}

pub fn fake(doc: &mut Document, names: &HashMap<String, (String, bool)>) {
    if !doc.mentions.is_empty() {
        return;
    }
    let n = doc.tokens.len() as u32;
    let mut ents: HashMap<String, usize> = HashMap::new();
    let mut i = 0;
    while i < n {
        let s = doc.tokens.span[i as usize];
        let mut hit = None;
        for len in (1..=4u32).rev() {
            if i + len > n {
                continue;
            }
            let e = doc.tokens.span[(i + len - 1) as usize];
            let t = &doc.text[s.start as usize..e.end as usize];
            if let Some(h) = names.get(t) {
                hit = Some((len, h.clone(), Span::new(s.start, e.end)));
                break;
            }
        }
        let Some((len, (code, adj), span)) = hit else {
            i += 1;
            continue;
        };
        let mut head = i + len - 1;
        for t in i..i + len {
            let h = doc.tokens.head[t as usize];
            if h == Tokens::ROOT || h < i || h >= i + len {
                head = t;
                break;
            }
        }
        let ix = *ents.entry(code.clone()).or_insert_with(|| {
            doc.entities.push(Entity {
                key: EntityKey::Named(format!("country/{code}")),
                name: code.clone(),
                r#type: EntityType::Country,
                country: Country::parse(&code).filter(|_| code != "IGO" && code != "EUR"),
                code: code.clone(),
                role: String::new(),
                status: None,
                organization: String::new(),
                wikidata: String::new(),
                members: vec![],
                mentions: 1,
                first: MentionIx(0),
            });
            doc.entities.len() - 1
        });
        doc.mentions.push(Mention {
            span,
            head: span,
            tokens: TokenRange::new(i, i + len),
            head_token: TokenIx(head),
            sentence: doc.sentence_of(TokenIx(i)).unwrap(),
            kind: MentionKind::Name,
            r#type: if adj { MentionType::Nationality } else { MentionType::Country },
            entity: Some(EntityIx::at(ix)),
        });
        i += len;
    }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let why = args.iter().any(|a| a == "--why");
    let has = |n| chancery_annotate::find(n).is_some();
    let stages: Vec<&str> = ["language", "entities", "dates", "places", "quotes"].into_iter().filter(|n| has(n)).collect();
    let h = Harness::new(&stages);
    let e = Harness::new(&["events"]);
    let names = names();
    let lex = h.context.knowledge.events();
    let published = Some(jiff::civil::date(2023, 4, 14));
    let run = |text: &str, published| {
        let mut d = h.annotate(text, published);
        fake(&mut d, &names);
        e.run(&mut d);
        d
    };
    if args.iter().any(|a| a == "--check") {
        let filter = args.iter().find(|a| !a.starts_with("--"));
        let (mut good, mut all) = (0, 0);
        for p in &lex.patterns.all {
            if let Some(f) = filter {
                if !p.id.contains(f.as_str()) && !p.file.contains(f.as_str()) {
                    continue;
                }
            }
            for ex in &p.examples {
                all += 1;
                let d = run(&ex.text, None);
                let got: Vec<(String, String, EventStatus)> = d
                    .events
                    .iter()
                    .filter(|x| x.rule == p.id)
                    .map(|x| {
                        let f = |a: Option<Actor>| {
                            a.map_or(String::new(), |a| {
                                let e = d.entity(a.entity);
                                e.country.map_or(e.code.clone(), |c| c.as_str().to_string())
                            })
                        };
                        (f(x.source), f(x.target), x.status)
                    })
                    .collect();
                let ok = got.len() == ex.gives.len()
                    && ex
                        .gives
                        .iter()
                        .all(|g| got.iter().any(|x| x.0.starts_with(&g.source) && x.1.starts_with(&g.target) && x.2 == g.status));
                if ok {
                    good += 1
                } else {
                    println!(
                        "{}:{} {}\n   {}\n   want {:?}\n   got {:?}",
                        p.file,
                        ex.line,
                        p.id,
                        ex.text,
                        ex.gives.iter().map(|g| format!("{}>{} {}", g.source, g.target, g.status)).collect::<Vec<_>>(),
                        d.events
                            .iter()
                            .map(|x| format!("{} {}", x.rule, {
                                let f = |a: Option<Actor>| a.map_or("-".into(), |a| d.entity(a.entity).name.clone());
                                format!("{}>{} {}", f(x.source), f(x.target), x.status)
                            }))
                            .collect::<Vec<_>>()
                    );
                }
            }
        }
        println!("{good} of {all} examples");
        return;
    }
    for text in args.iter().filter(|a| !a.starts_with("--")) {
        let text = if let Some(p) = text.strip_prefix('@') { std::fs::read_to_string(p).unwrap() } else { text.clone() };
        let d = run(&text, published);
        print!("{}", events::explain(&d, &lex, why));
    }
}
