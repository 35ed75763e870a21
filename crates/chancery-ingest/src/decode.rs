//! From bytes to text: the encoding is what the byte order mark says, else what the pipeline or the markup declares, else UTF-8 where
//! the bytes are, else what chardetng takes them for.

use std::borrow::Cow;

use chancery_model::Reject;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// Decodes a whole document and normalises its line ends.
///
/// # Errors
/// Bytes that are not text (`binary`), or not text in the encoding that they claim (`encoding`).
pub fn decode(bytes: Vec<u8>, declared: Option<&'static Encoding>) -> Result<String, Reject> {
    let text = match Encoding::for_bom(&bytes) {
        Some((encoding, length)) => decode_as(&bytes[length..], encoding)?,
        None => {
            if memchr::memchr(0, &bytes).is_some() {
                return Err(Reject::new(
                    "files",
                    "binary",
                    "the file holds zero bytes: it is no text, or UTF-16 without its byte order mark (set `encoding: utf-16le`)",
                ))
                .or_else(|reject| {
                    declared
                        .filter(|encoding| !encoding.is_ascii_compatible())
                        .map_or(Err(reject), |encoding| decode_as(&bytes, encoding))
                })
                .map(normalise);
            }
            match declared {
                Some(encoding) => decode_as(&bytes, encoding)?,
                None => match String::from_utf8(bytes) {
                    Ok(text) => text,
                    Err(error) => {
                        let bytes = error.into_bytes();
                        decode_as(&bytes, guess(&bytes, true))?
                    }
                },
            }
        }
    };
    Ok(normalise(text))
}

/// The encoding that bytes of an unknown one are taken for. `whole`: whether they are all there are.
pub fn guess(bytes: &[u8], whole: bool) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, whole);
    detector.guess(None, Utf8Detection::Allow)
}

/// The encoding of the beginning of a file of records: `None` for UTF-8.
pub fn sniff(start: &[u8]) -> Option<&'static Encoding> {
    if Encoding::for_bom(start).is_some() {
        return None; // The transcoding reader sees the mark by itself.
    }
    match std::str::from_utf8(start) {
        Ok(_) => None,
        // A character cut at the end of what was read is no sign of another encoding.
        Err(error) if error.error_len().is_none() => None,
        Err(_) => Some(guess(start, false)).filter(|encoding| *encoding != UTF_8),
    }
}

fn decode_as(bytes: &[u8], encoding: &'static Encoding) -> Result<String, Reject> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if damaged {
        let at = text.find('\u{fffd}').unwrap_or(0);
        let before: String = text[..at].chars().rev().take(60).collect::<Vec<_>>().into_iter().rev().collect();
        let message = format!("the bytes are not {}; set `encoding:` to the right one", encoding.name());
        return Err(Reject::new("files", "encoding", message).with_excerpt(&before));
    }
    Ok(text.into_owned())
}

/// `\r\n` and lone `\r` become `\n`.
pub fn normalise(text: String) -> String {
    if !text.contains('\r') {
        return text;
    }
    let mut normal = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = memchr::memchr(b'\r', rest.as_bytes()) {
        normal.push_str(&rest[..at]);
        normal.push('\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    normal.push_str(rest);
    normal
}

/// The encoding that a label names.
///
/// # Errors
/// A label that the Encoding Standard does not know.
pub fn label(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
        format!("`{label}` is no encoding that the WHATWG Encoding Standard knows, like utf-8, windows-1252, gb18030")
    })
}

/// The encoding that an HTML page declares in its first kilobyte (`<meta charset=…>`).
pub fn declared_in_html(bytes: &[u8]) -> Option<&'static Encoding> {
    let head: Cow<'_, str> = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]);
    let lower = head.to_ascii_lowercase();
    let after = lower.split("charset").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let name: String =
        after.trim_start_matches(['"', '\'']).chars().take_while(|c| c.is_ascii_alphanumeric() || "-_:".contains(*c)).collect();
    // A page that could be read this far is ASCII-compatible, whatever it says (HTML Standard, prescan).
    Encoding::for_label(name.as_bytes()).map(|encoding| if encoding.is_ascii_compatible() { encoding } else { UTF_8 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{GB18030, WINDOWS_1252};
    use proptest::prelude::*;

    #[test]
    fn marks_declarations_and_guesses_are_heeded_in_that_order() {
        assert_eq!(decode(b"\xef\xbb\xbfna\xc3\xafve".to_vec(), Some(WINDOWS_1252)).unwrap(), "naïve");
        assert_eq!(decode(b"\xff\xfeh\0i\0".to_vec(), None).unwrap(), "hi");
        assert_eq!(decode(b"\xfe\xff\0h\0i".to_vec(), None).unwrap(), "hi");
        assert_eq!(decode(b"\xd6\xd0".to_vec(), Some(GB18030)).unwrap(), "中");
        let old = decode(b"He said \x93no\x94 \x96 the price is \x80 5.".to_vec(), None).unwrap();
        assert_eq!(old, "He said “no” – the price is € 5.");
    }

    #[test]
    fn bytes_that_are_no_text_are_rejected_with_the_way_out() {
        assert_eq!(decode(b"\x7fELF\0\0".to_vec(), None).unwrap_err().code, "binary");
        let reject = decode(b"abc \xff\xfe".to_vec(), Some(UTF_8)).unwrap_err();
        assert_eq!(reject.code, "encoding");
        assert!(reject.message.contains("UTF-8"), "{reject}");
        assert_eq!(decode(b"h\0i\0".to_vec(), Some(encoding_rs::UTF_16LE)).unwrap(), "hi");
    }

    #[test]
    fn html_declares_its_encoding() {
        assert_eq!(declared_in_html(b"<html><meta charset=\"windows-1252\">"), Some(WINDOWS_1252));
        assert_eq!(declared_in_html(b"<meta http-equiv=Content-Type content='text/html; charset=gb18030'>"), Some(GB18030));
        assert_eq!(declared_in_html(b"<p>no word of it"), None);
    }

    proptest! {
        #[test]
        fn line_ends_become_one_kind(text in "[a\r\n é]{0,40}") {
            let normal = normalise(text.clone());
            prop_assert!(!normal.contains('\r'));
            prop_assert_eq!(normal, text.replace("\r\n", "\n").replace('\r', "\n"));
        }

        #[test]
        fn any_bytes_are_text_or_rejected(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(bytes, None);
        }
    }
}
