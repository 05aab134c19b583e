"""Tables found in files, kept as Parquet under names that are unique in the data set."""

from collections.abc import Iterable
from pathlib import Path

from agents.data.limits import DataLimits, check_rows, too_large
from agents.data.manifest import ForeignKey, StoredTable
from agents.data.naming import literal, table_name
from agents.data.work import Found, Upload, Work
from agents.data_model import Issue


class Keeper:
    """Writes tables to a place of its own; knows what was kept so far."""

    def __init__(self, place: Path, limits: DataLimits) -> None:
        self.place = place
        self.tables: list[StoredTable] = []
        self.issues: list[Issue] = []
        self._limits = limits
        place.mkdir()

    def keep_all(
        self, found: Iterable[Found], number: int, upload: Upload, work: Work
    ) -> tuple[StoredTable, ...]:
        """Keep the tables of one file and return them, each with the keys that it declares."""
        kept: list[tuple[Found, StoredTable]] = []
        for one in found:
            work.check()
            kept.append((one, self._kept(one, number, upload, work)))
        names = {one.title.casefold(): table.name for one, table in kept}
        linked = [
            table.model_copy(update={"foreign_keys": tuple(_linked(one, names))})
            for one, table in kept
        ]
        self.tables[len(self.tables) - len(linked) :] = linked
        return tuple(linked)

    def _kept(self, found: Found, number: int, upload: Upload, work: Work) -> StoredTable:
        if len(self.tables) == self._limits.tables:
            most = f"{self._limits.tables}"
            raise too_large(upload.name, "one table too many", most, "Upload fewer files.")
        name = table_name(found.title, [table.name for table in self.tables])
        file = f"t{len(self.tables) + 1}.parquet"
        path = literal(str(self.place / file))
        [(rows,)] = work.connection.rows(f"COPY ({found.select}) TO {path} (FORMAT parquet)")
        check_rows(found.source, rows, self._limits)
        table = StoredTable(
            name=name,
            file=file,
            source=found.source,
            upload=number,
            columns=len(work.connection.described(f"read_parquet({path})")),
            rows=rows,
            primary_key=found.primary_key,
        )
        self.tables.append(table)
        self.issues += [note.issue(name) for note in found.notes]
        return table


def _linked(found: Found, names: dict[str, str]) -> Iterable[ForeignKey]:
    """Give the foreign keys with the names that the tables got instead of their titles."""
    for key in found.foreign_keys:
        target = names.get(key.to_table.casefold())
        if target is not None:
            yield key.model_copy(update={"to_table": target})
