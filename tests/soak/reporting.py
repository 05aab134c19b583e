"""What a soak has found, for people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.soak.course import Course
from tests.soak.people import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    course: Course
    seconds: float
    faults: Mapping[str, int]
    verified: str  # the last line of verify_run
    seen: Seen
    tally: Mapping[str, Any]
    violations: list[str]

    @property
    def command(self) -> str:
        course = self.course
        return (
            f'make soak SOAK_ARGS="--minutes {course.seconds / 60:g} --seed {course.seed}'
            f' --database {course.database}"'
        )

    def markdown(self) -> str:
        watched = sum(len(sight.events) for sight in self.seen.sights)
        rows = {
            "command": f"`{self.command}`",
            "took": f"{self.seconds:.0f} s",
            "faults": f"{sum(self.faults.values())}: {_listed(self.faults)}",
            "runs": f"{sum(self.tally['runs'].values())}: {_listed(self.tally['runs'])}",
            "events": f"{self.tally['events']} in the logs",
            "runs taken over": f"{self.tally['taken over']} times, from owners who were gone",
            "watchers": f"{len(self.seen.sights)}, who were told {watched} events",
            "clients": _listed(self.seen.counts),
            "`verify_run --all`": self.verified,
            "violations": len(self.violations),
        }
        table = "\n".join(f"| {name} | {value} |" for name, value in rows.items())
        broken = "".join(f"\n* {one}" for one in self.violations)
        return f"| what | found |\n|---|---|\n{table}\n{broken}\n"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
