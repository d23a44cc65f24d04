"""Reads the words of a PDF back, as a screen reader would: by the fonts' own tables of signs."""

from __future__ import annotations

import io
import re

import pikepdf

_HEX = re.compile(r"<([0-9A-Fa-f]+)>")
_BLOCK = re.compile(r"begin(bfchar|bfrange)(.*?)end\1", re.DOTALL)


def pdf_text(content: bytes) -> str:
    """All words of all pages, with single spaces."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return " ".join(" ".join(_page_text(page) for page in pdf.pages).split())


def highest_text(page: pikepdf.Page) -> float:
    """Where the uppermost line of a page stands, in points above its lower edge."""
    height, stack, heights = 0.0, [], []
    flip, down = 1.0, 0.0
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "q":
            stack.append((flip, down))
        elif str(operator) == "Q":
            flip, down = stack.pop()
        elif str(operator) == "cm":
            flip, down = flip * float(operands[3]), down + flip * float(operands[5])
        elif str(operator) == "Tm":
            height = down + flip * float(operands[5])
        elif str(operator) in {"Tj", "TJ"}:
            heights.append(height)
    return max(heights)


def _page_text(page: pikepdf.Page) -> str:
    tables = {name: _signs(font) for name, font in page.Resources.Font.items()}
    signs, words = {}, []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            signs = tables[str(operands[0])]
        elif str(operator) in {"Tj", "TJ"}:
            words.append(_shown(operands[0], signs))
        elif str(operator) in {"Tm", "Td", "T*"}:
            words.append(" ")
    return "".join(words)


def _shown(operand, signs) -> str:
    strings = operand if isinstance(operand, pikepdf.Array) else [operand]
    raw = b"".join(bytes(one) for one in strings if isinstance(one, pikepdf.String))
    return "".join(signs[int.from_bytes(raw[at : at + 2], "big")] for at in range(0, len(raw), 2))


def _signs(font) -> dict[int, str]:
    table = bytes(font.ToUnicode.read_bytes()).decode("ascii")
    found = {}
    for kind, block in _BLOCK.findall(table):
        numbers = _HEX.findall(block)
        size = 3 if kind == "bfrange" else 2
        for at in range(0, len(numbers), size):
            first, last, text = int(numbers[at], 16), int(numbers[at + size - 2], 16), numbers[at + size - 1]
            letters = bytes.fromhex(text).decode("utf-16-be")
            found |= {code: letters[:-1] + chr(ord(letters[-1]) + code - first) for code in range(first, last + 1)}
    return found
