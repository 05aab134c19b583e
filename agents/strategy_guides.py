"""The eight steps of a strategy in their order, and what there is to learn in each."""

from dataclasses import dataclass

from agents.strategies import StepName


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """`seconds` is how long the step is expected to take before anybody has measured it."""

    name: StepName
    title: str
    description: str
    details: tuple[str, ...]
    insight: str
    frameworks: tuple[str, ...] = ()
    seconds: float = 2.0


STEPS: tuple[Guide, ...] = (
    Guide(
        name="context",
        title="Reading the context",
        description="What the documents say about the goal, before anybody judges it.",
        details=(
            "Every sentence is numbered, so that each line of the strategy can name its source.",
            "Words of the goal that no document has are noted as open.",
            "Figures are read with their unit and with what they measure.",
        ),
        insight="A strategy is only as good as what it was read from: add a document, not a guess.",
    ),
    Guide(
        name="foundation",
        title="Laying the foundation",
        description="For whom this is done, what they need, and why it is worth the trouble.",
        details=(
            "Who the customers or users are, and what they try to get done.",
            "How large the group is, and where it is going.",
            "What troubles them today, and what would get better.",
        ),
        insight="A strategy that serves everybody decides nothing.",
        frameworks=("Value proposition", "Market analysis"),
    ),
    Guide(
        name="insights",
        title="Finding strategic insights",
        description="What speaks for the goal and against it, from inside and from outside.",
        details=(
            "Strengths and weaknesses are within reach; opportunities and threats are not.",
            "Findings count in pairs: which strength meets which threat?",
            "Two documents that touch the same point are put beside each other.",
        ),
        insight="The most useful insight is the one that rules an option out.",
        frameworks=("SWOT",),
    ),
    Guide(
        name="competition",
        title="Analyzing the competition",
        description="Who else offers it, what they are better at, and how much room is left.",
        details=(
            "Doing nothing is a competitor as well.",
            "Rivals, entrants, substitutes, suppliers and buyers each take their share.",
            "A difference that nobody pays for is no advantage.",
        ),
        insight="What all others do badly is worth more than what one of them does well.",
        frameworks=("Competitive analysis", "Porter's Five Forces"),
    ),
    Guide(
        name="performance",
        title="Projecting performance",
        description="What it costs, what it brings, and by which figures success is measured.",
        details=(
            "Only figures that stand in a document are used, each with its source.",
            "Costs that come once and costs that come back are kept apart.",
            "Figures of one unit are put beside each other before either is used.",
        ),
        insight="The assumption with the widest range deserves the next hour of work.",
        frameworks=("Financial projections",),
    ),
    Guide(
        name="roadmap",
        title="Drawing the roadmap",
        description="Which steps come first, what they depend on, and how it reaches people.",
        details=(
            "Milestones need a date that somebody has written down.",
            "What depends on others is named with what it depends on.",
            "One way to the first customers that works is better than five that are tried.",
        ),
        insight="A date without an owner is a hope.",
        frameworks=("Implementation roadmap", "Go-to-market"),
    ),
    Guide(
        name="risks",
        title="Assessing the risks",
        description="What could go wrong, what the world around may bring, and what helps.",
        details=(
            "A risk has a cause, an event and an effect.",
            "Politics, economy, society, technology, law and nature are looked at in turn.",
            "Each risk needs somebody who watches for its first sign.",
        ),
        insight="A risk that is named is already smaller.",
        frameworks=("Risk assessment", "PESTLE"),
    ),
    Guide(
        name="document",
        title="Writing the strategy",
        description="Everything that was found, in one document, with its sources and its gaps.",
        details=(
            "Each line keeps the number of the sentence it comes from.",
            "Gaps become tasks, and steps that could not be done are named.",
            "The document is kept in memory, where later plans can read it.",
        ),
        insight="A strategy is read more often than it is written: what matters comes first.",
        seconds=1.0,
    ),
)
GUIDES: dict[StepName, Guide] = {guide.name: guide for guide in STEPS}


def number_of(name: StepName) -> int:
    """Return a step's number, from 1 to 8."""
    return STEPS.index(GUIDES[name]) + 1
