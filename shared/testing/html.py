"""Every page is read by a strict HTML5 parser, and by the rules the content policy and the CSRF check rely on."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib


class BadHtmlError(AssertionError):
    """A page that a strict parser or one of our rules refuses."""


def parse_page(text: str) -> Element:
    """Return the tree of a whole page; raises BadHtmlError with all errors found."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree: Element = parser.parse(text)
    _refuse(_syntax_errors(parser) + _page_errors(tree) + _rule_errors(tree))
    return tree


def parse_part(text: str) -> Element:
    """Return the tree of a fragment, as htmx swaps it into a page; raises BadHtmlError with all errors found."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    # Table rows are legal fragments only inside a table body.
    inside = "tbody" if text.lstrip().startswith("<tr") else "div"
    tree: Element = parser.parseFragment(text, container=inside)
    _refuse(_syntax_errors(parser) + _rule_errors(tree))
    return tree


def read_html(text: str) -> Element:
    """Return the tree of a page or a fragment, whichever it is; the caller may change it."""
    return deepcopy(_read(text))


@lru_cache(maxsize=64)
def _read(text: str) -> Element:
    # A client reads each answer to check it, and a test then reads it to look at it.
    return parse_page(text) if text.lstrip()[:9].lower() == "<!doctype" else parse_part(text)


def words(tree: Element) -> str:
    """Return the visible text of a tree with single spaces."""
    for hidden in [*tree.iter("script"), *tree.iter("style")]:
        hidden.text = ""
    return " ".join(" ".join(tree.itertext()).split())


def find(tree: Element, **attributes: str) -> Element:
    """Return the only element with these attributes (`class_` for class)."""
    wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    found = [node for node in tree.iter() if all(node.get(name) == value for name, value in wanted.items())]
    if len(found) != 1:
        raise BadHtmlError(f"{len(found)} elements with {wanted}")
    return found[0]


def form_values(form: Element) -> dict[str, list[str]]:
    """Return what a browser would send for an untouched form."""
    values: dict[str, list[str]] = {}
    for field in form.iter():
        name = field.get("name")
        if name and field.get("disabled") is None:
            values.setdefault(name, []).extend(_sent(field))
    return {name: sent for name, sent in values.items() if sent}


def _sent(field: Element) -> list[str]:
    if field.tag == "textarea":
        return ["".join(field.itertext())]
    if field.tag == "select":
        options = list(field.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        return [option.get("value", "".join(option.itertext())) for option in chosen]
    if field.tag != "input" or field.get("type") in {"submit", "button", "image", "file"}:
        return []
    if field.get("type") in {"checkbox", "radio"} and field.get("checked") is None:
        return []
    return [field.get("value", "on" if field.get("type") in {"checkbox", "radio"} else "")]


def _refuse(errors: list[str]) -> None:
    if errors:
        raise BadHtmlError("; ".join(errors))


def _syntax_errors(parser: html5lib.HTMLParser) -> list[str]:
    return [f"line {place[0]}: {code}" for place, code, _ in parser.errors]


def _page_errors(tree: Element) -> list[str]:
    title = tree.find("head/title")
    found = []
    if title is None or not (title.text or "").strip():
        found.append("the page has no title")
    if not tree.get("lang"):
        found.append("the page does not say its language")
    if len(list(tree.iter("main"))) > 1 or len(list(tree.iter("h1"))) > 1:
        found.append("the page has more than one main part or main heading")
    return found


def _rule_errors(tree: Element) -> list[str]:
    names = Counter(node.get("id") for node in tree.iter() if node.get("id"))
    found = [f"the id {name} stands {count} times" for name, count in names.items() if count > 1]
    for node in tree.iter():
        if isinstance(node.tag, str):
            found += _node_errors(node)
    return found


def _node_errors(node: Element) -> list[str]:
    inline = [name for name in node.keys() if name == "style" or name.startswith("on")]  # noqa: SIM118  no mapping
    found = [f"<{node.tag}> has an inline {name}" for name in inline]
    if node.tag == "script" and not node.get("src") and not node.get("nonce") and (node.text or "").strip():
        found.append("an inline script has no nonce")
    if node.tag == "style":
        found.append("a page has inline styles")
    if node.tag == "form" and node.get("method", "get").lower() == "post" and not _has_token(node):
        found.append(f"the form to {node.get('action', 'itself')} has no CSRF token")
    return found


def _has_token(form: Element) -> bool:
    return any(field.get("name") == "csrf_token" and field.get("value") for field in form.iter("input"))
