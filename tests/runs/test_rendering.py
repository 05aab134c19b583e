"""Markdown as safe HTML."""

import pytest

from runs.rendering import excerpt, markdown


def _url(document: str, sentence: int) -> str:
    return f"/s/{document}/#s{sentence}"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<form action=//evil><input></form>",
        "[a](javascript:alert(1))",
        "[a](vbscript:x)",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "![a](https://evil.example/pixel.png)",
        "![a](//evil.example/pixel.png)",
        "![a](/\\evil.example/pixel.png)",
        '<svg onload="alert(1)">',
        '[a](/x "t\\" onclick=alert(1)")',
        "<style>*{display:none}</style>",
    ],
)
def test_what_could_do_harm_is_text_or_gone(text: str) -> None:
    html = markdown(text)
    for tag in ("<script", "<form", "<input", "<svg", "<style", "<iframe"):
        assert tag not in html
    for attribute in (' onclick="', ' onerror="', ' src="https', ' src="//', 'href="javascript'):
        assert attribute not in html


def test_citations_lead_to_their_sentence() -> None:
    html = markdown("So it is [a-doc#12] [other#3].", source_url=_url, documents=["a-doc"])
    assert '<a href="/s/a-doc/#s12" class="cite">a-doc#12</a>' in html
    assert "[other#3]" in html


def test_code_is_left_alone() -> None:
    html = markdown("`[a#1] [[b]]`", source_url=_url, documents=["a"])
    assert html == "<p><code>[a#1] [[b]]</code></p>\n"


def test_memory_links_have_a_label_or_their_name() -> None:
    html = markdown("[[North Wind]] and [[north|the wind]] and [[!!]]")
    assert '<a href="/memory/north-wind/" class="memory-link">North Wind</a>' in html
    assert '<a href="/memory/north/" class="memory-link">the wind</a>' in html
    assert "[[!!]]" in html


@pytest.mark.parametrize(("level", "tags"), [(3, ("h3", "h4")), (2, ("h2", "h3"))])
def test_headings_follow_those_of_the_page(level: int, tags: tuple[str, str]) -> None:
    html = markdown("## One\n\n### Two\n", top_level=level)
    assert html == f"<{tags[0]}>One</{tags[0]}>\n<{tags[1]}>Two</{tags[1]}>\n"


def test_wide_tables_scroll_and_numbers_are_marked() -> None:
    html = markdown("| a | b |\n|---|--:|\n| x | 1 |\n")
    assert '<div class="table-scroll" tabindex="0">' in html
    assert '<td class="number">1</td>' in html


def test_links_elsewhere_do_not_tell_where_they_are() -> None:
    assert 'rel="noopener noreferrer nofollow"' in markdown("[a](https://example.org)")
    assert "rel=" not in markdown("[a](/memory/x/)")


def test_an_excerpt_is_plain_words() -> None:
    assert excerpt("# Title\n\nSome **bold** [[link]] text [a#1].") == "Some bold link text ."
    assert excerpt("word " * 100, 20) == "word word word word…"
