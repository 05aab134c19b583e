"""Text of other people within a line of Markdown: without its own markup, and harmless."""

import re
import unicodedata

from agents.plans import Citation

LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()]*\))*(?:\s+\"[^\"]*\")?\)")
REFERENCE_LINK = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
ROLE = re.compile(r":[a-z:+-]+:`[~!.]*([^`<]+?)(?:\s*<[^`>]*>)?`")
RST_LINK = re.compile(r"`([^`<>]+?)\s*<[^`>]*>`__?")
CODE = re.compile(r"(`+)(.+?)\1_?")
STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=\S)([^*_]+?)(?<=\S)\1(?![\w*])")
# Only tags that format: `<main>` in code is a word of the sentence.
TAG = re.compile(
    r"(?P<code>(?P<tick>`+).+?(?P=tick))|</?(?:a|abbr|b|br|center|div|em|font|h[1-6]|hr|i|img|kbd|li"
    r"|ol|p|small|span|strong|sub|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
FOOTNOTE = re.compile(r"\[\^?\d+\]_?")
SPECIAL = re.compile(r"([\\`*\[\]|~])")
# What means something only at the start of a line or beside a word.
LEADING = re.compile(r"^(#{1,6}(?=\s|$)|>|[+-](?=\s|-|$)|\d+(?=[.)](?:\s|$)))")
UNDERSCORE = re.compile(r"(?<![^\W_])(?<!_)(_++)|(?<!_)(_++)(?![^\W_])")
ENTITY = re.compile(r"&(?=#?\w+;)")
ENDS = ".!?\u2026:;\u3002"


def plain(text: str) -> str:
    """Return a sentence without Markdown or reStructuredText marks; its words stay as they are."""
    for pattern in (ROLE, RST_LINK, LINK, REFERENCE_LINK):
        text = pattern.sub(r"\1", text)
    text = TAG.sub(lambda found: found["code"] or "", text)
    for pattern in (CODE, STRONG, EMPHASIS):
        text = pattern.sub(r"\2", text)
    return one_line(FOOTNOTE.sub("", text))


def one_line(text: str, longest: int = 0) -> str:
    """Return the text as one line without control characters, cut at a word if it is too long."""
    visible = "".join(
        " " if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs") else character
        for character in text
        # Marks that turn the direction of writing would also turn what follows the text.
        if character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    )
    line = " ".join(visible.split())
    if not longest or len(line) <= longest:
        return line
    cut = line[:longest].rpartition(" ")[0] or line[:longest]
    return cut.rstrip(ENDS + ", ") + "\u2026"


def escape(text: str, longest: int = 0) -> str:
    """Return text that Markdown shows as it is: it can make no heading, link, tag or citation."""
    line = SPECIAL.sub(r"\\\1", ENTITY.sub("&amp;", one_line(text, longest)))
    line = line.replace("<", "&lt;")
    line = UNDERSCORE.sub(lambda found: found[0].replace("_", "\\_"), line)
    return LEADING.sub(lambda found: _escaped_start(found[1]), line)


def _escaped_start(start: str) -> str:
    # The number of a list item is escaped after its digits: `1\.`.
    return f"{start}\\" if start.isdigit() else f"\\{start}"


def cite(citation: Citation) -> str:
    return f"[{citation.document}#{citation.sentence}]"


def ended(text: str) -> str:
    """Return the text with a full stop, unless it ends like a sentence already."""
    return text if text.endswith(tuple(ENDS)) else f"{text}."
