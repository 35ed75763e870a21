#!/usr/bin/env python3
"""A stage in Python over Arrow (needs pyarrow): how long a document's sentences and words are.

    annotate:
      - use: language
      - use: command
        run: [python3, readability.py]
        protocol: arrow

Batches come as a line of JSON that says how many bytes each table has, then the tables as Arrow IPC streams. Spans count bytes.
"""

import json
import sys

import pyarrow as pa

HELLO = {
    "chancery": 1,
    "name": "readability",
    "version": "1.0.0",
    "summary": "Lengths of sentences and words",
    "needs": ["sentences", "tokens.start", "tokens.end"],
    "settings": {"type": "object", "additionalProperties": False, "properties": {}},
    "gives": [
        {
            "name": "readability",
            "description": "How long each document's sentences and words are.",
            "columns": [
                {"name": "words", "type": "integer", "description": "Words: tokens with a letter or digit.", "required": True},
                {"name": "sentence_words", "type": "number", "description": "Mean words a sentence.", "required": True},
                {"name": "word_bytes", "type": "number", "description": "Mean length of a word.", "unit": "bytes", "required": True},
            ],
        }
    ],
}


def read_tables(header, stream):
    tables = {}
    for table in header["tables"]:
        tables[table["name"]] = pa.ipc.open_stream(stream.read(table["bytes"])).read_all()
    return tables


def annotate(tables):
    texts = [text.encode() for text in tables["documents"].column("text").to_pylist()]
    sentences = [0] * len(texts)
    for doc in tables["sentences"].column("doc").to_pylist():
        sentences[doc] += 1
    words, length = [0] * len(texts), [0] * len(texts)
    tokens = tables["tokens"]
    for doc, start, end in zip(*(tokens.column(name).to_pylist() for name in ("doc", "start", "end"))):
        if any(byte >= 0x80 or chr(byte).isalnum() for byte in texts[doc][start:end]):
            words[doc] += 1
            length[doc] += end - start
    docs = [doc for doc in range(len(texts)) if words[doc] and sentences[doc]]
    return pa.table(
        {
            "doc": pa.array(docs, pa.uint32()),
            "words": pa.array([words[doc] for doc in docs], pa.uint32()),
            "sentence_words": pa.array([words[doc] / sentences[doc] for doc in docs], pa.float64()),
            "word_bytes": pa.array([length[doc] / words[doc] for doc in docs], pa.float64()),
        }
    )


def main():
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    json.loads(stdin.readline())
    stdout.write(json.dumps(HELLO).encode() + b"\n")
    stdout.flush()
    while line := stdin.readline():
        try:
            table = annotate(read_tables(json.loads(line), stdin))
            sink = pa.BufferOutputStream()
            with pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table)
            payload = sink.getvalue().to_pybytes()
            header = {"kind": "rows", "tables": [{"name": "readability", "bytes": len(payload)}], "rejects": []}
        except Exception as error:  # the batch is tried again document by document
            payload = b""
            header = {"kind": "failed", "code": "failed", "message": str(error)}
        stdout.write(json.dumps(header).encode() + b"\n" + payload)
        stdout.flush()


if __name__ == "__main__":
    main()
