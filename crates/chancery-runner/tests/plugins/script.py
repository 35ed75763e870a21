"""A command that does what a document's text tells it to. Its first argument says how it greets."""

import json
import sys
import time

greeting = sys.argv[1] if len(sys.argv) > 1 else "well"
hello = json.loads(sys.stdin.readline())
layer = {"name": "marks", "columns": [{"name": "start", "type": "integer"}, {"name": "end", "type": "integer"}, {"name": "note", "type": "text"}]}
answer = {"chancery": 1, "name": "script", "gives": [layer], "needs": ["sentences"]}
if greeting == "silent":
    sys.exit(3)
if greeting == "babble":
    print("Hello!", flush=True)
if greeting == "newer":
    answer["chancery"] = 2
if greeting == "rude":
    answer["gives"][0]["name"] = "../marks"
if greeting == "refuse":
    answer = {"chancery": 1, "error": "no such mood"}
print(json.dumps(answer), flush=True)
for line in sys.stdin:
    document = json.loads(line)
    text, number = document["text"], document["document"]
    reply = {"document": number, "layers": {"marks": [{"start": 0, "end": 1, "note": f"{len(document['sentences'])} {hello['settings'].get('mood')}"}]}}
    if text.startswith("!tail"):
        reply["layers"]["marks"] = [{"start": len(text) - 2, "end": len(text), "note": text[-2:]}]
    if text.startswith("!raise"):
        raise RuntimeError("as asked")
    if text.startswith("!hang"):
        time.sleep(3600)
    if text.startswith("!babble"):
        print("not JSON", flush=True)
        continue
    if text.startswith("!error"):
        reply = {"document": number, "error": "as asked", "code": "mine"}
    if text.startswith("!outside"):
        reply["layers"]["marks"][0]["end"] = 10**9
    if text.startswith("!negative"):
        reply["layers"]["marks"][0]["start"] = -1
    if text.startswith("!layer"):
        reply["layers"]["moods"] = []
    if text.startswith("!column"):
        reply["layers"]["marks"][0]["colour"] = "red"
    if text.startswith("!type"):
        reply["layers"]["marks"][0]["note"] = [{"deep": 1}]
    if text.startswith("!rows"):
        reply["layers"]["marks"] = 7
    if text.startswith("!number"):
        reply["document"] = 10**30
    if text.startswith("!stderr"):
        print("words for the log", file=sys.stderr, flush=True)
    print(json.dumps(reply), flush=True)
