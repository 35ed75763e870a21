#!/usr/bin/env python3
"""A stage in Python, standard library alone: acronyms that a text introduces, "World Food Programme (WFP)".

A pipeline names it so:

    annotate:
      - use: command
        run: [python3, acronyms.py]
        with: { longest: 8 }

The program starts it once a worker and writes a line of JSON for each document; this answers with a line each.
Spans count characters: text[start:end] is the phrase.
"""

import json
import re
import sys

HELLO = {
    "chancery": 1,
    "name": "acronyms",
    "version": "1.0.0",
    "summary": "Acronyms that a text introduces, with what they stand for",
    "needs": [],
    "settings": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"longest": {"type": "integer", "default": 8, "description": "Most letters of an acronym."}},
    },
    "gives": [
        {
            "name": "acronyms",
            "description": "Acronyms that the texts introduce, with the words that they stand for.",
            "columns": [
                {"name": "start", "type": "integer", "required": True},
                {"name": "end", "type": "integer", "required": True},
                {"name": "acronym", "type": "text", "description": "The acronym.", "required": True},
                {"name": "expansion", "type": "text", "description": "The words before it.", "required": True},
            ],
        }
    ],
}

BRACKETED = re.compile(r"\(([A-Z][A-Za-z]*[A-Z])\)")
WORD = re.compile(r"\w[\w’'-]*")
SMALL = {"of", "the", "and", "for", "in", "on", "to", "de", "la"}


def expansion(before, acronym):
    """Where the words begin whose initials spell the acronym; None where none do."""
    words = list(WORD.finditer(before))
    letters = acronym.upper()
    at = len(letters)
    for word in reversed(words):
        initial = word.group()[0].upper()
        if at and initial == letters[at - 1]:
            at -= 1
            if at == 0:
                return word.start()
        elif word.group().lower() not in SMALL:
            return None
    return None


def rows(text, longest):
    for match in BRACKETED.finditer(text):
        acronym = match.group(1)
        if len(acronym) > longest:
            continue
        # The last 200 characters hold any name.
        first = max(0, match.start() - 200)
        start = expansion(text[first : match.start()], acronym)
        if start is not None:
            words = text[first + start : match.start()].strip()
            yield {"start": first + start, "end": match.end(), "acronym": acronym, "expansion": words}


def main():
    hello = json.loads(sys.stdin.readline())
    longest = int(hello.get("settings", {}).get("longest", 8))
    print(json.dumps(HELLO), flush=True)
    for line in sys.stdin:
        document = json.loads(line)
        try:
            answer = {"layers": {"acronyms": list(rows(document["text"], longest))}}
        except Exception as error:  # this document is rejected, the next one goes on
            answer = {"error": str(error), "code": "failed"}
        print(json.dumps({"document": document["document"], **answer}), flush=True)


if __name__ == "__main__":
    main()
