import json
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import BadInput
from core.logs.containers.chunk import Chunk
from core.logs.containers.reading import read_chunks
from core.logs.containers.recognise import recognise


def chunks(path: Path, rows: int = 1_000) -> list[Chunk]:
    return list(read_chunks(path, recognise(path, "log"), "log", chunk_rows=rows))


def test_nested_keys_are_joined_and_lists_stay_json(file: Callable[..., Path]) -> None:
    record = {"usage": {"prompt": 3, "x": {"y": None}}, "tags": ["é", 1], "ok": True, "f": 1.5}
    (chunk,) = chunks(file(json.dumps(record)))
    assert chunk.table().to_pylist() == [
        {"usage.prompt": "3", "usage.x.y": None, "tags": '["é", 1]', "ok": "true", "f": "1.5"}
    ]


def test_lines_may_hold_other_line_separators_and_other_columns(file: Callable[..., Path]) -> None:
    (chunk,) = chunks(file('{"a": "x\u2028y\u0085z"}\n\n{"b": {"c": 2}}\r\n'))
    assert chunk.table().to_pylist() == [
        {"a": "x\u2028y\u0085z", "b.c": None},
        {"a": None, "b.c": "2"},
    ]


def test_a_wanted_column_is_found_under_keys_with_dots(file: Callable[..., Path]) -> None:
    path = file('{"a.b": {"c": 1}}\n{"a": {"b.c": 2}}\n{"a": {"b": {"c": 3}}}\n{"a.b.c": 4}\n')
    found = list(read_chunks(path, recognise(path, "log"), "log", columns=["a.b.c"]))
    assert [row["a.b.c"] for row in found[0].table().to_pylist()] == ["1", "2", "3", "4"]


def test_broken_lines_are_counted_and_the_first_is_named(file: Callable[..., Path]) -> None:
    deep = '{"a":' + "[" * 100_000
    lines = ['{"a": 1}', "{broken", '{"a": 2}', "[1]", "oops", deep, '{"a": 3}']
    found = chunks(file("\n".join(lines)), rows=2)
    counts: dict[str, int] = {}
    for chunk in found:
        for reason, count in chunk.skipped.items():
            counts[reason] = counts.get(reason, 0) + count
    assert sum(chunk.table().num_rows for chunk in found) == 3
    assert counts.pop("broken JSON line (first at line 2)") >= 2
    assert counts.pop("line is not a JSON object (first at line 4)") == 1
    assert set(counts) <= {"JSON nested too deeply (first at line 6)"}


def test_a_long_array_is_read_in_pieces(file: Callable[..., Path]) -> None:
    rows = [{"q": f"é {i} " + "x" * 1_000} for i in range(5_000)]
    found = chunks(file(json.dumps(rows, ensure_ascii=False)), rows=600)
    assert [chunk.table().num_rows for chunk in found] == [600] * 8 + [200]
    assert found[-1].table().column("q")[-1].as_py() == rows[-1]["q"]
    assert found[0].bytes_read < found[-1].bytes_read


def test_an_array_of_texts_is_a_column_of_texts(file: Callable[..., Path]) -> None:
    (chunk,) = chunks(file('["one", "two", 3]'))
    assert chunk.table().to_pylist() == [{"text": "one"}, {"text": "two"}]
    assert chunk.skipped == {"not a JSON object": 1}


def test_messages_of_a_single_request_are_not_rows(file: Callable[..., Path]) -> None:
    record = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    (chunk,) = chunks(file(json.dumps(record, indent=1)))
    assert chunk.table().num_rows == 1


@pytest.mark.parametrize("text", ['[{"a": 1}, {"a"', '[\n{"a": 1},\nnope]', '{\n"data": [{"a": 1}'])
def test_broken_json_is_refused_with_its_line(text: str, file: Callable[..., Path]) -> None:
    with pytest.raises(BadInput, match=r"near line \d"):
        chunks(file(text))
