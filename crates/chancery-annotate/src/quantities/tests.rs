//! What the stage reads, as tables.

use crate::harness::Harness;

/// The quantities of a text, each `text|value|unit|of|modifier`.
fn read(harness: &Harness, text: &str) -> Vec<String> {
    let document = harness.annotate(text, None);
    let rows = document.quantities.iter().map(|row| {
        let to = row.value_to.map(|to| format!("..{to}")).unwrap_or_default();
        format!("{}|{}{to}|{}|{}|{}", document.slice(row.span), row.value, row.unit, row.of, row.modifier)
    });
    rows.collect()
}

#[test]
fn money_is_read_with_its_currency_and_scale() {
    let harness = Harness::new(&["language", "dates", "quantities"]);
    for (text, expected) in [
        ("The bank lent Kenya US$1.5 billion for roads.", "US$1.5 billion|1500000000|USD||"),
        ("Berlin pledged more than €3bn in aid to Kyiv.", "€3bn|3000000000|EUR|aid|more than"),
        ("The deal is worth £3m.", "£3m|3000000|GBP||"),
        ("Tokyo will spend 43 trillion yen on defence.", "43 trillion yen|43000000000000|JPY||"),
        ("Ottawa offered C$5-10 million.", "C$5-10 million|5000000..10000000|CAD||"),
        ("It cost 40 million Canadian dollars.", "40 million Canadian dollars|40000000|CAD||"),
        ("They paid USD 500,000 in fines.", "USD 500,000|500000|USD|fines|"),
        ("They paid about 200 million rupees.", "200 million rupees|200000000|INR||about"),
    ] {
        assert_eq!(read(&harness, text), [expected], "{text}");
    }
}

#[test]
fn measures_and_shares_are_read() {
    let harness = Harness::new(&["language", "dates", "quantities"]);
    for (text, expected) in [
        ("That could replace 9 per cent of the natural gas.", "9 per cent|9|percent|natural gas|"),
        ("Exports fell by 10-15% last year.", "10-15%|10..15|percent||"),
        ("Output fell by 2.1 million barrels per day.", "2.1 million barrels per day|2100000|bbl/day||"),
        ("The convoy carried at least 300 tonnes of grain.", "300 tonnes|300|t|grain|at least"),
        ("The front is nearly 1,000 kilometres long.", "1,000 kilometres|1000|km||nearly"),
        ("Police seized 500 pounds of explosives.", "500 pounds|500|lb|explosives|"),
    ] {
        assert_eq!(read(&harness, text), [expected], "{text}");
    }
}

#[test]
fn counted_nouns_are_read_and_names_and_dates_are_not() {
    let harness = Harness::new(&["language", "dates", "quantities"]);
    for (text, expected) in [
        ("At least twenty-five people were killed.", &["twenty-five people|25|people||at least"][..]),
        ("Between 10 and 15 soldiers were wounded.", &["10 and 15 soldiers|10..15|soldiers||"]),
        ("Tens of thousands of protesters marched.", &["Tens of thousands|10000|protesters||at least"]),
        ("The Security Council adopted Resolution 2231 in 2015.", &[]),
        ("Article 5 was invoked on 12 September 2001.", &[]),
        ("The war has lasted for two years.", &["two years|2|years||"]),
        ("The G7 meets in May.", &[]),
    ] {
        assert_eq!(read(&harness, text), expected, "{text}");
    }
}

#[test]
fn hostile_texts_do_no_harm() {
    let harness = Harness::new(&["language", "dates", "quantities"]);
    for text in [
        "$ $ $ 1 1 1 1-1-1-1-1 1..2 ... one hundred and one hundred and one hundred and",
        "between 99999999999999999999999999999999999 and 1e999 €",
        "€€€ 5 £ ½ ٣ 5 ៛5 million million million million million million million million",
        "twenty-twenty-twenty - - - 5bn-bn-bn 0 000 0,000 ,000",
        "",
    ] {
        for row in harness.annotate(text, None).quantities {
            assert!(row.value.is_finite(), "{text}");
        }
    }
}
