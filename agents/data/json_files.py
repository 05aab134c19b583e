"""JSON files: an array of objects, objects one a line, or an object of such arrays."""

from collections.abc import Iterator, Sequence

import duckdb

from agents.data import stored_types
from agents.data.limits import Note, check_columns, corrupt, empty
from agents.data.naming import literal, quoted
from agents.data.text_files import as_utf8
from agents.data.work import Found, Upload, Work
from agents.reading_limits import Unreadable

LARGEST_RECORD = 64_000_000
# The name DuckDB gives to the only column of records that are no objects.
NO_OBJECTS = "json"


def tables(upload: Upload, work: Work) -> Iterator[Found]:
    """Find the table of the file; several, if it is one object with several arrays of objects."""
    text, notes = as_utf8(upload, work)
    source = (
        f"read_json({literal(str(text.path))}, compression='none', "
        f"sample_size=-1, map_inference_threshold=-1, "
        f"field_appearance_threshold=0, maximum_depth=4, "
        f"maximum_object_size={LARGEST_RECORD}, convert_strings_to_integers=false)"
    )
    try:
        columns = work.connection.described(source)
        [(rows,)] = work.connection.rows(f"SELECT count(*) FROM {source}")
        if not rows:
            raise empty(upload.name, "has no rows")
        lists = [place for place, (_, type_) in enumerate(columns) if _is_table(type_)]
        if rows != 1 or not lists:
            yield _table(upload, work, upload.stem, source, notes)
            return
        inner = ", ".join(f"c{place}" for place in range(len(columns)))
        for place in lists:
            name = columns[place][0]
            title = f"{upload.stem}_{name}" if len(lists) == 1 else name
            rows_of = f"(SELECT unnest(c{place}, max_depth := 2) FROM {source} AS t({inner}))"
            yield _table(upload, work, title, rows_of, notes, part=name)
    except duckdb.Error as error:
        raise corrupt(upload.name, "it is no valid JSON") from error


def _is_table(type_: str) -> bool:
    return type_.startswith("STRUCT(") and type_.endswith("[]")


def _table(
    upload: Upload,
    work: Work,
    title: str,
    source: str,
    notes: Sequence[Note],
    part: str = "",
) -> Found:
    columns = work.connection.described(source)
    if [name for name, _ in columns] == [NO_OBJECTS]:
        message = (
            f"{upload.name} holds no objects with named values. "
            'Write each row as an object: [{"name": "Ada", "age": 36}].'
        )
        raise Unreadable(message, code="unsupported_type")
    check_columns(upload.name, len(columns), work.limits)
    typed = stored_types.selection(work, columns, source)
    found = [note for note in typed.notes if _is_true(note, work, typed.select)]
    return Found(
        title=title,
        source=f"{upload.name}: {part}" if part else upload.name,
        select=typed.select,
        notes=(*notes, *found),
    )


def _is_true(note: Note, work: Work, select: str) -> bool:
    """A column of nothing but null is of no certain type either, but not of several."""
    if note.code != "mixed_types":
        return True
    [(filled,)] = work.connection.rows(f"SELECT count({quoted(note.column)}) FROM ({select})")
    return bool(filled)
