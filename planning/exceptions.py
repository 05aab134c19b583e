"""Errors raised by planning.

PlanningError
    InvalidInput       a field is wrong; says which, and what to do
    UnknownDocument    a document that does not exist or is not the user's
    UnknownCheckpoint  a plan has no such checkpoint
"""


class PlanningError(Exception):
    """Something about a plan cannot be done."""

    code = "planning_error"


class InvalidInput(PlanningError):
    """A value was refused; `fields` maps each field's name to what is wrong with it."""

    code = "invalid"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = fields


class UnknownDocument(InvalidInput):
    """A document that does not exist, or that the user may not use."""

    def __init__(self, name: str, *, is_kept: bool = False) -> None:
        missing = f"There is no document {name!r}; attach it first."
        other = f"The file {name!r} cannot be read as a document; see what it can be used as."
        super().__init__({"documents": other if is_kept else missing})


class UnknownCheckpoint(PlanningError):
    """The plan has no checkpoint with this number."""

    code = "unknown_checkpoint"
