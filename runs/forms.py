"""The form of a decision: for people who decide without scripts."""

from collections.abc import Sequence
from typing import Any

from django import forms

from runs.answers import LONGEST_COMMENT

LABELS = {
    "approve": "Approve (continue)",
    "approve_all": "Approve this and all that remain",
    "revise": "Revise (the comment says what)",
    "adjust": "Adjust (the comment says what)",
    "reject": "Reject (stop)",
    "answer": "Answer (with the comment)",
}


class DecisionForm(forms.Form):
    """One decision and a comment. Which decisions there are, the gate says."""

    decision = forms.ChoiceField(widget=forms.RadioSelect)
    comment = forms.CharField(
        required=False,
        max_length=LONGEST_COMMENT,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80, "class": "vLargeTextField"}),
    )

    def __init__(self, *args: Any, decisions: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["decision"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, LABELS.get(name, name.capitalize())) for name in decisions]
