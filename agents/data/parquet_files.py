"""Parquet files. What the footer says is checked before the data are touched, and then the data."""

from collections.abc import Iterator

import duckdb

from agents.data import stored_types
from agents.data.limits import check_columns, check_rows, check_unpacked, corrupt, empty
from agents.data.naming import literal
from agents.data.work import Found, Upload, Work

# Of one size, whatever their values: all other types may hide much behind little.
FIXED = ("INT", "DOUBLE", "FLOAT", "DECIMAL", "BOOLEAN", "DATE", "TIME", "UUID", "ENUM", "INTERVAL")


def tables(upload: Upload, work: Work) -> Iterator[Found]:
    """Find the one table of the file."""
    path = literal(str(upload.path))
    source = f"read_parquet({path}, hive_partitioning=false)"
    try:
        [(rows,)] = work.connection.rows(f"SELECT num_rows FROM parquet_file_metadata({path})")
        [(size,)] = work.connection.rows(
            f"SELECT sum(total_uncompressed_size) FROM parquet_metadata({path})"
        )
        check_rows(upload.name, rows, work.limits)
        check_unpacked(upload.name, size or 0, work.limits)
        columns = work.connection.described(source)
        check_columns(upload.name, len(columns), work.limits)
        _check_text(upload, work, columns, source)
        if not rows:
            raise empty(upload.name, "has no rows")
        typed = stored_types.selection(work, columns, source, only_dates=True)
    except duckdb.Error as error:
        raise corrupt(upload.name, "it is no Parquet file, or a damaged one") from error
    yield Found(title=upload.stem, source=upload.name, select=typed.select, notes=typed.notes)


def _check_text(upload: Upload, work: Work, columns: list[tuple[str, str]], source: str) -> None:
    """A dictionary holds a text once, however often it is meant: count what it comes to."""
    inner = [f"c{place}" for place in range(1, len(columns) + 1)]
    for column, (_, type_) in zip(inner, columns, strict=True):
        if type_.endswith("]") or not type_.lstrip("UTINYSMALBGH").startswith(FIXED):
            text = column if type_ == "VARCHAR" else f"CAST({column} AS VARCHAR)"
            counted = f"octet_length({column})" if type_ == "BLOB" else f"strlen({text})"
            [(size,)] = work.connection.rows(
                f"SELECT coalesce(sum({counted}), 0) FROM {source} AS t({', '.join(inner)})"
            )
            check_unpacked(upload.name, int(size), work.limits)
