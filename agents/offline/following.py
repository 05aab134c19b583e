"""What was done with each comment, said honestly."""

from collections.abc import Sequence

from agents.offline.inline import one_line
from agents.offline.steering import Wish
from agents.offline.terms import stems, stems_of
from agents.offline.verifier import Search
from agents.plans import DataPoint, Finding, IterateInput

QUOTED = 100


def followed(
    wishes: Sequence[Wish],
    ask: IterateInput,
    search: Search,
    findings: Sequence[Finding],
    points: Sequence[DataPoint],
) -> tuple[str, ...]:
    """Return one line for each comment, in the order given."""
    return tuple(_line(wish, ask, search, findings, points) for wish in wishes)


def _line(
    wish: Wish,
    ask: IterateInput,
    search: Search,
    findings: Sequence[Finding],
    points: Sequence[DataPoint],
) -> str:
    done = [*_of_frameworks(wish), *_of_documents(wish, ask)]
    if wish.more_figures:
        done.append(f"looked for more figures and read {len(points)} data points")
    done += _of_words(wish, search, findings)
    if wish.iterations or wish.interval:
        done.append("could not change the number of iterations or checkpoints after the start")
    quoted = one_line(wish.comment, QUOTED)
    if not done:
        return f"\u201c{quoted}\u201d: not understood, so nothing was changed for it."
    return f"\u201c{quoted}\u201d: {'; '.join(done)}."


def _of_frameworks(wish: Wish) -> list[str]:
    done = []
    if wish.forward:
        done.append(f"applied {', '.join(wish.forward)} in this iteration")
    if wish.left_out:
        done.append(f"left out {', '.join(wish.left_out)} in this iteration")
    return done


def _of_documents(wish: Wish, ask: IterateInput) -> list[str]:
    titles = {document.id: one_line(document.title, 60) for document in ask.documents}
    done = []
    for verb, ids in (
        ("used only", wish.only),
        ("ignored", wish.ignored),
        ("preferred", wish.preferred),
    ):
        if ids:
            done.append(f"{verb} {', '.join(titles[id] for id in ids)}")
    if wish.avoided:
        done.append(f"stayed away from sentences about {', '.join(wish.avoided[:6])}")
    return done


def _of_words(wish: Wish, search: Search, findings: Sequence[Finding]) -> list[str]:
    if not wish.words:
        return []
    about = [
        finding for finding in findings if stems(wish.words) & stems_of(finding.citations[0].quote)
    ]
    known = [word for word in wish.words if word in search.comment.words]
    searched = ", ".join((known or wish.words)[:6])
    if about:
        places = ", ".join(
            f"{one.citations[0].document}#{one.citations[0].sentence}" for one in about[:4]
        )
        return [f"searched for {searched} and found {len(about)} findings ({places})"]
    if known:
        return [f"searched for {searched}, but no sentence about it fits the frameworks applied"]
    return [f"nothing was found for it: no document speaks of {searched}"]
