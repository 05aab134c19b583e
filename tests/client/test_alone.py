"""The client stands alone: it imports nothing of the project, and computes what it must itself."""

import subprocess
import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cairn_client import digest
from runs import digests

_IMPORT = """
import sys
import cairn_client
roots = {name.partition(".")[0] for name in sys.modules}
ours = {"django", "rest_framework", "project", "chat", "planning", "files", "runs", "streams", "agents"}
print(*sorted(roots & ours))
"""


def test_importing_it_imports_neither_django_nor_the_project():
    found = subprocess.run(
        [sys.executable, "-c", _IMPORT], check=True, capture_output=True, text=True
    )

    assert found.stdout.strip() == ""


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(payload=st.dictionaries(st.text(), JSON))
def test_its_digest_is_the_servers(payload: dict[str, Any]):
    assert digest(payload) == digests.digest(payload)
