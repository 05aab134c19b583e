"""Ask a zygote for lives, and wait until all are lived."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.e2e import house

QUICK: dict[str, object] = {"lease": 0.4, "sweep": 0.1, "log_level": "WARNING"}


def let_live(
    folder: Path, template: Path, wanted: dict[str, list[Any]], **settings: object
) -> dict[str, list[str]]:
    """Give each name its lives, one after the other; return how each life ended."""
    tasks = []
    for name, lives in wanted.items():
        var = house.furnish(folder / name, template)
        tasks.append(json.dumps({"var": str(var), "lives": lives}))
    nursery = house.furnish(folder / "nursery", template)
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.zygote", str(nursery)],
        input="\n".join(tasks),
        env=house.environment(folder, **{**QUICK, **settings}),
        cwd=house.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        timeout=110,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(answer["var"]).name: answer["ends"] for answer in answers}
