"""`python -m tests.soak --minutes 10 --seed 1 --database postgresql`: a soak, and its report."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

from cairn_client.steps import Backoff
from tests.e2e import house
from tests.soak import judging, site
from tests.soak.course import POSTGRESQL, SQLITE, Course, Job, draw
from tests.soak.people import Crowd
from tests.soak.reporting import Report
from tests.soak.site import Site

SETTLING = 180.0  # seconds after the last fault in which everything has to end


def main() -> int:
    given = _options()
    # A soak has no thirty seconds to wait for a process that is up again after two.
    Backoff.STEPS = (0.1, 0.2, 0.5, 1.0, 1.0, 1.0)
    course = draw(given.seed, given.database, given.minutes * 60)
    folder = given.folder or Path(tempfile.mkdtemp(prefix="cairn-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    with site.built(given.database, folder) as built:
        report = asyncio.run(soak(course, built))
    text = report.markdown()
    given.report.parent.mkdir(parents=True, exist_ok=True)
    given.report.write_text(text)
    sys.stdout.write(text)
    sys.stdout.write(f"\nThis report is in {given.report}; what the processes said, in {folder}.\n")
    return 1 if report.violations else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same course")
    parser.add_argument("--database", choices=(POSTGRESQL, SQLITE), default=POSTGRESQL)
    parser.add_argument("--report", type=Path, default=house.ROOT / "var" / "soak.md")
    parser.add_argument("--folder", type=Path, help="where the processes live (default: a new one)")
    return parser.parse_args()


async def soak(course: Course, built: Site) -> Report:
    """Run a course on a site and judge what is left."""
    begun = time.monotonic()
    struck: Counter[str] = Counter()
    async with Crowd(built.ports) as crowd:
        jobs = [asyncio.create_task(_later(begun + job.at, crowd.do, job)) for job in course.jobs]
        for fault in course.faults:
            await asyncio.sleep(max(0, begun + fault.at - time.monotonic()))
            if time.monotonic() > begun + course.seconds:
                break  # what came before took longer than its time
            _tell(f"{time.monotonic() - begun:6.1f} s  {fault.kind}")
            await asyncio.to_thread(built.strike, fault)
            struck[fault.kind] += 1
        await asyncio.sleep(max(0, begun + course.seconds - time.monotonic()))
        _, late = await asyncio.wait(jobs, timeout=SETTLING)
        for job in late:
            job.cancel()
        await asyncio.gather(*late, return_exceptions=True)
    seconds = time.monotonic() - begun
    verified = await asyncio.to_thread(built.verify)
    violations = judging.judge(built.place, crowd.seen)
    if verified.returncode:
        violations.append(f"verify_run --all:\n{verified.stdout}{verified.stderr}")
    return Report(
        course=course,
        seconds=seconds,
        faults=dict(struck),
        verified=verified.stdout.strip().rpartition("\n")[2],
        seen=crowd.seen,
        tally=judging.tally(built.place),
        violations=violations,
    )


async def _later(moment: float, work: Callable[[Job], Awaitable[None]], job: Job) -> None:
    await asyncio.sleep(max(0, moment - time.monotonic()))
    await work(job)


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
