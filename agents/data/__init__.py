"""Data sets: files to Parquet, Parquet to a profile, and guarded questions. Plain Python, no Django.

Public surface: `loading` (uploaded files to a folder of Parquet files), `profiling` (the
`initialise` step: a folder to a `DataModel`), `querying` (`Database`: SELECT and nothing else),
`dictionary` (a `DataModel` as YAML), `exporting` (cells that are safe in a spreadsheet), `naming`.
"""
