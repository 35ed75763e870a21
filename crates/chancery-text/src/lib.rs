//! Sentences, tokens, lemmas, tags and dependency parses of English.
