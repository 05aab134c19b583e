"""The `initialise` step: the profile is computed, a model adds a summary and questions."""

from agents.adapters import Call, Put
from agents.base import Done, Progress
from agents.data_model import DataModel
from agents.grounding import marked
from agents.models import known
from agents.models.answers import Described
from agents.models.asking import Asker
from agents.models.bench import Bench, worked_out
from agents.models.material import Material
from agents.models.prompts import Fence, Prompt, render
from agents.models.usage import told

COMPUTED = 80.0  # percent: the profile is most of the work


async def initialise(bench: Bench, call: Call, put: Put) -> None:
    """Profile the files, and describe what the profile says."""
    model = DataModel.model_validate(await worked_out(bench, call, put, upto=COMPUTED))
    await put(Progress(percent=COMPUTED, message="Describing the data.", agent="model"))
    asker = Asker(bench.model, bench.client(bench.model, bench.settings), bench.settings)
    material = Material(Fence(), bench.settings)
    prompt = Prompt(
        render("initialise", fence=material.fence.rule()),
        render("initialise_question", schema=material.schema(model), issues=material.issues(model)),
    )
    described = await asker.shape(prompt, Described)
    result = with_words(model, described, bench.model)
    await put(Progress(percent=100, message="The data is described.", agent="model"))
    await put(Done(result=result.model_dump(mode="json"), usage=told(asker.usage)))


def with_words(model: DataModel, described: Described, author: str) -> DataModel:
    """Return the data model with the summary and questions of a language model, named as its."""
    profile = known.of_profile(model)
    summary, _ = marked(" ".join(described.summary.split()), profile)
    lines = (" ".join(question.split()) for question in described.questions)
    asked = filter(None, dict.fromkeys(lines))
    return model.model_copy(
        update={
            "summary": f"{summary} (Written by the language model {author}.)",
            "written_by": author,
            "suggested": tuple(asked),
        }
    )
