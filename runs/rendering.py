"""Markdown as safe HTML, with citations and memory links as links.

Text comes from models and people: HTML in it is shown as text, and what is left passes an
allow-list. `[doc#12]` leads to sentence 12 of a document, `[[slug]]` to a memory entity.
"""

import re
from collections.abc import Callable, Collection

import nh3
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, slugify
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

TOP_LEVEL = 3  # on a plan's page, its sections have the second
CITATION = re.compile(r"\[([A-Za-z0-9_-]{1,120})#([0-9]{1,6})\]")
MEMORY_LINK = re.compile(r"\[\[([^\[\]|\n]{1,120})(?:\|([^\[\]\n]{0,200}))?\]\]")

MARKS = re.compile(r"[*_`|>\[\]]|-{3,}")

TAGS = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "div",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "strong",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
ATTRIBUTES = {
    "a": {"href", "title", "class", "rel"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "div": {"class", "tabindex"},
    "td": {"class"},
    "th": {"class"},
}
SourceUrl = Callable[[str, int], str]


def markdown(
    text: str,
    *,
    source_url: SourceUrl | None = None,
    documents: Collection[str] = (),
    top_level: int = TOP_LEVEL,
) -> SafeString:
    """Return the text as HTML that may be put into a page.

    Citations of `documents` become links to `source_url(document, sentence)`; others stay text.
    The text's highest heading becomes one of `top_level`.
    """
    env = {
        "source_url": source_url,
        "documents": frozenset(documents),
        "top_level": top_level,
    }
    html = nh3.clean(
        _parser.render(text, env),
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=_allowed,
        link_rel=None,
        url_schemes={"http", "https", "mailto"},
    )
    return mark_safe(html)  # noqa: S308 - what nh3 has let through


def excerpt(text: str, length: int = 180) -> str:
    """Return the beginning of a text in plain words, without headings and marks."""
    lines = [line for line in text[: 20 * length].splitlines() if not line.startswith("#")]
    plain = MARKS.sub("", CITATION.sub("", " ".join(lines)))
    return Truncator(" ".join(plain.split())).chars(length)


def _allowed(tag: str, name: str, value: str) -> str | None:
    """Images come from this server alone: one from elsewhere would tell it who reads."""
    if (tag, name) == ("img", "src"):
        return value if re.match(r"/(?![/\\])", value) else None
    return value


def _citation(state: StateInline, silent: bool) -> bool:
    match = CITATION.match(state.src, state.pos)
    source_url, documents = state.env.get("source_url"), state.env.get("documents", ())
    if match is None or source_url is None or match[1] not in documents:
        return False
    if not silent:
        url = source_url(match[1], int(match[2]))
        _link(state, url, f"{match[1]}#{match[2]}", "cite")
    state.pos = match.end()
    return True


def _memory_link(state: StateInline, silent: bool) -> bool:
    match = MEMORY_LINK.match(state.src, state.pos)
    slug = slugify(match[1]) if match else ""
    if match is None or not slug:
        return False
    if not silent:
        try:
            _link(state, reverse("entity", args=[slug]), match[2] or match[1], "memory-link")
        except NoReverseMatch:
            return False
    state.pos = match.end()
    return True


def _link(state: StateInline, url: str, text: str, kind: str) -> None:
    opening = state.push("link_open", "a", 1)
    opening.attrs = {"href": url, "class": kind}
    state.push("text", "", 0).content = text
    state.push("link_close", "a", -1)


def _shift_headings(state: StateCore) -> None:
    """Let the text's highest heading be the one that follows the page's own."""
    headings = [token for token in state.tokens if token.type.startswith("heading_")]
    if not headings:
        return
    highest = min(int(token.tag[1]) for token in headings)
    for token in headings:
        token.tag = f"h{min(6, int(token.tag[1]) - highest + state.env['top_level'])}"


def _mark(state: StateCore) -> None:
    """Mark links that lead away, numbers' columns, and tables that may be too wide."""
    for token in state.tokens:
        if token.type in ("th_open", "td_open"):
            style = str(token.attrs.pop("style", ""))
            if "right" in style:
                token.attrSet("class", "number")
        for child in token.children or ():
            if child.type == "link_open" and re.match(r"https?:", str(child.attrGet("href"))):
                child.attrSet("rel", "noopener noreferrer nofollow")
    state.tokens = [piece for token in state.tokens for piece in _wrapped(token)]


def _wrapped(token: Token) -> list[Token]:
    if token.type == "table_open":
        opening = Token("div_open", "div", 1, block=True)
        opening.attrs = {"class": "table-scroll", "tabindex": "0"}
        return [opening, token]
    if token.type == "table_close":
        return [token, Token("div_close", "div", -1, block=True)]
    return [token]


def _make() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("link", "memory_link", _memory_link)
    parser.inline.ruler.before("link", "citation", _citation)
    parser.core.ruler.push("shift_headings", _shift_headings)
    parser.core.ruler.push("mark", _mark)
    return parser


_parser = _make()
