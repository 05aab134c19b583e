"""A strategy for when writing one failed: a plain list of what the steps before it found."""

from collections.abc import Sequence

from agents.offline.inline import cite, ended, escape
from agents.offline.titles import title_of
from agents.strategies import Missing, Strategy, StrategyStepResult
from agents.strategy_guides import GUIDES


def outline(
    goal: str, results: Sequence[StrategyStepResult], missing: Sequence[Missing]
) -> Strategy:
    title = title_of(goal)
    lines = [f"# {escape(title)}", "", ended(escape(goal, 2000)), "", "## What is missing", ""]
    lines += [f"- {GUIDES[one.step].title}: {ended(escape(one.reason))}" for one in missing]
    for one in results:
        lines += ["", f"## {GUIDES[one.step].title}", "", escape(one.achievement), ""]
        lines += [
            f"- {ended(escape(finding.text))} {' '.join(map(cite, finding.citations))}"
            for finding in one.findings
        ]
        lines += [f"- [ ] {escape(gap.task)}" for gap in one.gaps]
    points = {
        (point.citation.document, point.citation.sentence, point.text)
        for one in results
        for point in one.data_points
    }
    return Strategy(
        title=title,
        markdown="\n".join(lines),
        frameworks=tuple(dict.fromkeys(name for one in results for name in one.frameworks)),
        findings=sum(len(one.findings) for one in results),
        data_points=len(points),
        gaps=sum(len(one.gaps) for one in results),
    )
