"""Messages that ask nothing of the data: greetings, help, goodbye, and overviews of the data."""

import re
from collections.abc import Sequence

from agents.chats import Intent, IntentType, PlotHint
from agents.data_model import DataModel
from agents.offline.answering.words import name_words, singular

NO_PLOT = PlotHint(kind="none")
LONGEST_SMALL_TALK = 60
_EXIT = (
    r"(ok(ay)? |thanks |thank you |that'?s all |that is all )*"
    r"(bye|good ?bye|exit|quit|see you( later| soon)?|farewell|i'?m done|i am done|"
    r"that'?s all|that is all|that will be all|end (the )?(chat|session|conversation)|close|"
    r"stop|cheers bye|bye bye|ciao)( for now| now| then| thanks| thank you)?"
)
_HELP = (
    r"help( me)?|\?+|what can (you|i) (do|ask)( here| you)?|how (does this|do you) work|"
    r"how (do|can|should) i (use|ask|start|begin).*|(give|show) me (some )?examples?( questions)?|"
    r"example(s| questions)?|what (can|should|could) i ask( you)?( about.*)?|commands?|usage|"
    r"what are you|who are you|what kind of questions.*|(can you )?help( me)?( please)?|"
    r"what questions can .*|instructions|manual|get(ting)? started|what do you do|"
    r"are you (an? )?(ai|language model|human|robot|bot)"
)
_GREETING = (
    r"(hello|hi|hey|hallo|good (morning|afternoon|evening)|greetings|hiya|howdy)"
    r"( there| all| everyone| you)?|how are you( doing)?|thanks?( you)?( very much| a lot| so much)?|"
    r"great|nice|cool|ok(ay)?|perfect|awesome|well done|good job"
)
_DATA = r"(the |this |these |that |my |our |your )?(whole |entire |uploaded )?(data|dataset|data set|database|file|files|tables?|data model)"
_OVERVIEW = (
    rf"(please )?(describe|summari[sz]e|explain|introduce|profile|outline) {_DATA}( to me| for me| please)?|"
    rf"(can you |could you |please )?(give|show|tell) (me )?(an? |the )?"
    rf"(short |brief |quick |general )?(overview|summary|description|outline|introduction)"
    rf"( of| for| about)?( {_DATA})?( please)?|"
    rf"(an? )?(overview|summary|description)( of| for)?( {_DATA})?( please)?|"
    rf"what('?s| is| are|s) (in|inside|contained in|there in) {_DATA}|what('?s| is) in here|"
    rf"what('?s| is) {_DATA} about|what (does|do) {_DATA} (contain|hold|include|have|look like|show|tell us|cover)|"
    rf"tell me (something |more |everything |all )?about {_DATA}|what (data|information) (do you have|is there|is available|is in here|have you got|is this|are available)( here)?|"
    r"what (is|are) (this|these)( about)?|what is this( data| dataset| data set| file)|"
    rf"(which|what) tables (are there|do you have|exist|are available|does it have|are in {_DATA})|"
    r"(list|show)( me)?( all)?( the)? tables|(list|show)( me)?( all)?( the)? (columns|fields|variables)|"
    rf"(which|what) (columns|fields|variables|attributes)( are there| do you have| exist| are available| does it have| are in {_DATA}| does {_DATA} have)?|"
    rf"how many (tables|columns|fields|variables)( are there| does {_DATA} have| are in {_DATA}| do you have| exist)?( in {_DATA})?|"
    rf"(what is |what'?s |show( me)? )?(the )?(schema|structure|data model|data dictionary)( of {_DATA})?|"
    rf"(what is |what'?s |how good is |how is )(the )?(data quality|quality)( of {_DATA})?|how (good|clean|complete) is {_DATA}|"
    rf"(what|which|are there)( are)?( the| any)? (issues|problems|errors|quality issues|data issues)( are there| with| in)?( {_DATA})?|"
    r"(anything|something|what('?s| is)) interesting( here| in .*)?|explore( the data)?|data quality( report)?|"
    r"(is|are) (there )?any(thing)? (problems|issues|wrong)( with (the|this) data)?"
)
EXIT, HELP, GREETING, OVERVIEW = (
    re.compile(pattern) for pattern in (_EXIT, _HELP, _GREETING, _OVERVIEW)
)
OF_TABLE = re.compile(
    r"(?:describe|summari[sz]e|explain|tell me (?:more )?about|what is in|what'?s in|overview of|"
    r"profile|(?:which|what) (?:columns|fields|variables) (?:does|do|are in|has)|"
    r"(?:show|list)(?: me)?(?: all)?(?: the)? (?:columns|fields|variables) (?:of|in)|"
    r"how many columns (?:does|do|are in|has)|columns of|schema of|structure of|quality of)"
    r" (?:the )?(?P<table>.+?)(?: table| data)?(?: have| contain| has)?"
)


def plain(question: str) -> str:
    """Return a message in lower case without the marks at its end."""
    return " ".join(question.lower().replace(",", " ").split()).strip(" .!?;:")


def small_talk(question: str) -> tuple[IntentType, str] | None:
    """Return the intent of a message that is about no data at all, and why."""
    text = plain(question)
    if not text or not any(letter.isalnum() for letter in text):
        return "HELP", "The message has no words."
    if len(text) > LONGEST_SMALL_TALK:
        return None
    text = re.sub(r"^(?:please|so|well|ok|okay|hey|hi|hello) (?=\w)", "", text)
    if EXIT.fullmatch(text):
        return "EXIT", "The message says goodbye."
    if HELP.fullmatch(text):
        return "HELP", "The message asks what can be asked here."
    if GREETING.fullmatch(text):
        return "HELP", "The message is a greeting, so a few words on what can be asked fit."
    return None


def overview_of(question: str, model: DataModel) -> tuple[str, ...] | None:
    """Return the tables that an overview is asked of; None if something else is asked."""
    text = plain(question)
    text = re.sub(r"^(?:please|can you|could you|would you|so|well|ok|hi|hello) (?=\w)", "", text)
    if OVERVIEW.fullmatch(text):
        return tuple(table.name for table in model.tables)
    match = OF_TABLE.fullmatch(text)
    if match is None:
        return None
    asked = _key(match["table"])
    named = tuple(table.name for table in model.tables if _key(table.name) == asked)
    if not named and asked == _key(model.name):
        return tuple(table.name for table in model.tables)
    return named or None


def _key(text: str) -> tuple[str, ...]:
    return tuple(singular(word) for word in name_words(text))


def intent_of(
    kind: IntentType, confidence: float, reasoning: str, plot: PlotHint = NO_PLOT
) -> Intent:
    return Intent(intent_type=kind, confidence=confidence, reasoning=reasoning, plot=plot)


def reasoning_of(reasons: Sequence[str]) -> str:
    """Return in one sentence what the confidence rests on."""
    if not reasons:
        return "It asks for one thing of the data, and every word of it is understood."
    return f"It asks for one thing of the data, but {'; '.join(dict.fromkeys(reasons))}."
