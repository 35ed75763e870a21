"""Reads the datasets of a run with pandas and DuckDB, and checks what both see.

usage: tables.py OUT_DIR
"""

import json
import sys
from pathlib import Path

import duckdb
import pandas


def main(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    counts = json.loads((folder / "run.json").read_text(encoding="utf-8"))["counts"]["rows"]
    checked = 0
    texts = {}
    for resource in package["resources"]:
        path, name = folder / resource["path"], resource["name"]
        frame = pandas.read_csv(path, dtype=str, keep_default_na=False)
        columns = [field["name"] for field in resource["schema"]["fields"]]
        assert list(frame.columns) == columns, (name, list(frame.columns))
        assert len(frame) == counts[name], (name, len(frame), counts[name])
        query = "SELECT count(*) FROM read_csv(?, header = true, all_varchar = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\n')"
        (rows,) = duckdb.execute(query, [str(path)]).fetchone()
        assert rows == len(frame), (name, rows, len(frame))
        if name == "documents":
            texts = dict(zip(frame["doc_id"], frame["text"]))
            assert texts and all(texts.values())
        elif {"start", "end", "text", "doc_id"} <= set(columns):
            for row in frame.itertuples():
                assert texts[row.doc_id][int(row.start) : int(row.end)] == row.text, (name, row)
        checked += 1
    assert checked > 3
    Path("target/tables.txt").write_text(f"{checked} datasets read by pandas and DuckDB\n", encoding="utf-8")
    print(f"{checked} datasets read by pandas and DuckDB")


main(Path(sys.argv[1]))
