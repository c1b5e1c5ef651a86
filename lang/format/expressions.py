"""How expressions are laid out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lang.format.concrete import Branch, Tree, first_leaf, last_leaf
from lang.format.document import (
    BLANK,
    HARD,
    LINE,
    SOFT,
    Above,
    Choice,
    Concat,
    Fill,
    Group,
    IfBroken,
    Indent,
    Line,
    Suffix,
    broken,
    is_hard,
)
from lang.format.verbatim import Verbatim, of_comment, of_leaf
from lang.source import Source
from lang.syntax import ast
from lang.syntax.lossless import Comment, Leaf
from lang.syntax.precedence import BINDING

_LONGEST_FILLED = 10
_FEWEST_LINKS = 2
_RANGE = BINDING[".."]


class Expressions:
    """Makes the documents of expressions."""

    def __init__(self, source: Source, leaves: list[Leaf], layouts: dict[str, Any]) -> None:
        self.source = source
        self.leaves = leaves
        self.layouts = layouts

    def tree(self, tree: Tree) -> Any:
        """Return the document of any tree."""
        if isinstance(tree, Leaf):
            return self.leaf(tree)
        return self.layouts[tree.kind](self, tree)

    # --- tokens and comments

    def leaf(self, leaf: Leaf) -> Any:
        """Return a token with its comments."""
        return self.commented(leaf, of_leaf(leaf, self.source), leaf)

    def commented(self, first: Leaf, text: str | Verbatim, last: Leaf) -> Any:
        """Return text with the comments before its first token and behind its last one."""
        if not first.before and not last.after:
            return text
        return Concat(*self.comments_above(first), text, *self.comments_behind(last.after))

    def apart(self, tree: Tree, last: Leaf, make: Callable[[], Any]) -> Any:
        """Return what `make` does, the comments around it outside of its groups, which they would break."""
        first = first_leaf(tree)
        if not first.before and not last.after:
            return make()
        above, behind = self.comments_above(first), self.comments_behind(last.after)
        before, first.before = first.before, []
        after, last.after = last.after, []
        document = make()
        first.before, last.after = before, after
        return Concat(*above, document, *behind)

    def comments_above(self, leaf: Leaf) -> list[Any]:
        """Return the comments before a token, and what stands between them and it."""
        parts: list[Any] = []
        for comment in leaf.before:
            if parts and comment.blank_before:
                parts[-1] = BLANK
            text = comment.text if comment.is_line else of_comment(comment, self.source)
            document = Above(text, comment.is_line)
            parts += (document, HARD if comment.ends_line else " ")
        if parts and leaf.blank_before:
            parts[-1] = BLANK
        return parts

    def comments_behind(self, comments: Sequence[Comment]) -> list[Any]:
        """Return comments that follow something on its line."""
        return [
            Suffix(comment.text) if comment.is_line else Concat(" ", of_comment(comment, self.source))
            for comment in comments
        ]

    # --- sequences

    def joined(self, tree: Branch) -> Any:
        """Parts without anything between them."""
        return Concat(*map(self.tree, tree.children))

    def words(self, tree: Branch) -> Any:
        """Parts with a space between them."""
        parts: list[Any] = []
        for child in tree.children:
            parts += (self.tree(child), " ")
        return Concat(*parts[:-1])

    def comma_of_list(self, is_last: bool) -> Any:
        """Return the comma behind an item: the last one has one only where the list is broken."""
        return IfBroken(",", "") if is_last else ","

    def items(self, children: Sequence[Tree]) -> list[list[Tree]]:
        """Cut a list at its commas; each item keeps the comma that ends it."""
        items: list[list[Tree]] = [[]]
        for child in children:
            items[-1].append(child)
            if isinstance(child, Leaf) and child.type == "COMMA":
                items.append([])
        return [item for item in items if item]

    def item(self, item: list[Tree]) -> Any:
        """Return an item without its comma, but with the comma's comments."""
        comma = item[-1] if isinstance(item[-1], Leaf) and item[-1].type == "COMMA" else None
        trees = item[:-1] if comma is not None else item
        return self.apart(trees[0], last_leaf(trees[-1]), lambda: self.entry(trees))

    def comments_of_comma(self, item: list[Tree]) -> list[Any]:
        """Return the comments around the comma of an item, to stand behind it."""
        comma = item[-1]
        if isinstance(comma, Leaf) and comma.type == "COMMA":
            return self.comments_behind([*comma.before, *comma.after])
        return []

    def entry(self, trees: list[Tree]) -> Any:
        """Return the one tree of an item, or the three of `key: value`."""
        if len(trees) == 1:
            return self.tree(trees[0])
        key, colon, value = trees
        return Concat(self.tree(key), self.tree(colon), " ", self.tree(value))

    def listed(
        self, opening: Leaf, items: list[list[Tree]], closing: Leaf, edge: Line, *, comma: bool
    ) -> Any:
        """Return a bracketed list: on one line, or an item a line.

        Args:
            edge: what stands inside of the brackets. comma: whether a comma may end the list.
        """
        if not items and not closing.before:
            return Concat(self.leaf(opening), self.leaf(closing))
        inside = self.separated(items, edge, comma=comma)
        return self.enclosed(opening, inside, closing, edge)

    def separated(self, items: list[list[Tree]], edge: Line, *, comma: bool) -> list[Any]:
        """Return the items of a list with commas and line ends."""
        inside: list[Any] = []
        for number, item in enumerate(items):
            if number:
                inside.append(self.between(item))
            else:
                inside.append(edge)
            is_last = number + 1 == len(items)
            inside.append(self.item(item))
            if comma or not is_last:
                inside.append(self.comma_of_list(is_last))
            inside += self.comments_of_comma(item)
        return inside

    def between(self, item: list[Tree]) -> Line:
        """Return the line end before an item."""
        leaf = first_leaf(item[0])
        blank = leaf.before[0].blank_before if leaf.before else leaf.blank_before
        return Line(blank=True) if blank else LINE

    def enclosed(self, opening: Leaf, inside: list[Any], closing: Leaf, edge: Line) -> Group:
        """Return a group of brackets around lines."""
        above, closing.before = closing.before, []
        for comment in above:
            inside += (HARD, of_comment(comment, self.source))
        document = Group(self.leaf(opening), Indent(*inside), HARD if above else edge, self.leaf(closing))
        closing.before = above
        return document

    # --- literals

    def paren(self, tree: Branch) -> Any:
        """`(x)`."""
        opening, inner, closing = tree.children
        return self.listed(opening, [[inner]], closing, SOFT, comma=False)

    def vector(self, tree: Branch) -> Any:
        """`(x, y)`: no comma may end it."""
        head, *rest, closing = tree.children
        opening, first, comma = head.children
        return self.listed(opening, [[first, comma], *self.items(rest)], closing, SOFT, comma=False)

    def array(self, tree: Branch) -> Any:
        """`[x, y]`: stays broken if its first item stands on a line of its own."""
        opening, closing, items = self.parts_of_list(tree)
        if items and self.is_filled(items) and not closing.before:
            document = self.enclosed(opening, [SOFT, self.filled(items)], closing, SOFT)
        else:
            document = self.listed(opening, items, closing, SOFT, comma=True)
        return self.as_written(document, items)

    def map(self, tree: Branch) -> Any:
        """`#{ a: 1 }`: stays broken if its first entry stands on a line of its own."""
        opening, closing, items = self.parts_of_list(tree)
        return self.as_written(self.listed(opening, items, closing, LINE, comma=True), items)

    def as_written(self, document: Any, items: list[list[Tree]]) -> Any:
        """Return a list, broken if it was."""
        if items and isinstance(document, Group) and first_leaf(items[0][0]).starts_line:
            return broken(document)
        return document

    def parts_of_list(self, tree: Branch) -> tuple[Leaf, Leaf, list[list[Tree]]]:
        """Return the brackets and the items of a list."""
        opening, closing = tree.children[0], tree.children[-1]
        children: list[Tree] = []
        for child in tree.children[1:-1]:
            if isinstance(child, Branch) and child.kind in ("one", "entry", "names"):
                children += child.children
            else:
                children.append(child)
        return opening, closing, self.items(children)

    def is_filled(self, items: list[list[Tree]]) -> bool:
        """Return whether a list holds nothing but short literals, of which many go on a line."""
        for item in items:
            for tree in item:
                if not isinstance(tree, Leaf) or tree.before or tree.after:
                    return False
                if tree.type not in ("LITERAL", "STRING", "COMMA") or len(tree.text) > _LONGEST_FILLED:
                    return False
        return len(items) > 1 and not any("\n" in tree.text for item in items for tree in item)  # type: ignore[union-attr]  # all are leaves

    def filled(self, items: list[list[Tree]]) -> Fill:
        """Return short literals; the rows that they were written in stay."""
        leaves = [first_leaf(item[0]) for item in items]
        starts = frozenset(number for number, leaf in enumerate(leaves) if number and leaf.starts_line)
        return Fill([leaf.text for leaf in leaves], starts)

    def template(self, tree: Branch) -> Any:
        """A back-quoted string, to the letter."""
        first, last = first_leaf(tree), last_leaf(tree)
        text = self.source.text[first.at : last.end]
        document = Verbatim(text, 0, "exact") if "\n" in text else text
        return self.commented(first, document, last)

    # --- calls

    def bracketed(self, tree: Branch) -> Any:
        """`(a, b)` of a function's parameters."""
        opening, closing, items = self.parts_of_list(tree)
        return self.listed(opening, items, closing, SOFT, comma=True)

    def arguments(self, tree: Branch) -> Any:
        """`(a, b)` of a call: the last argument may reach over several lines by itself."""
        opening, closing, items = self.parts_of_list(tree)
        whole = self.listed(opening, items, closing, SOFT, comma=True)
        if not items or closing.before:
            return whole
        *others, last = items
        documents = [self.item(item) for item in others]
        embraced = self.embraced(last[0])
        commented = [self.comments_of_comma(item) for item in items]
        if embraced is None or any(commented) or any(map(is_hard, (*documents, self.leaf(opening)))):
            return whole
        before = [part for document in documents for part in (document, ", ")]
        flat, hugged = embraced
        ends = (self.leaf(opening), self.leaf(closing))
        return Choice(
            Concat(ends[0], *before, flat, ends[1]),
            Concat(ends[0], *before, hugged, ends[1]),
            broken(whole) if isinstance(whole, Group) else whole,
        )

    def embraced(self, tree: Tree) -> tuple[Any, Any] | None:
        """Return the layouts of an argument that looks well broken between the parentheses of a call."""
        if not isinstance(tree, Branch) or first_leaf(tree).before:
            return None
        if tree.kind in ("array", "map"):
            document = self.tree(tree)
            return (document, broken(document)) if isinstance(document, Group) else None
        if tree.kind == "closure" and isinstance(tree.children[1], Branch):
            head, body = tree.children
            if body.kind != "block":
                return None
            group = self.tree(body)
            head_document = self.tree(head)
            return Concat(head_document, " ", group), Concat(head_document, " ", broken(group))
        return None

    def postfix(self, tree: Branch) -> Any:
        """`a.b(x)[i]?.c`: with several calls in a row, each may have its line."""
        links: list[Any] = []
        calls = 0
        base: Tree = tree
        while isinstance(base, Branch) and base.kind in ("property", "method", "method_bang", "index"):
            target, *rest = base.children
            if base.kind == "index":
                link = Concat(self.leaf(rest[0]), self.tree(rest[1]), self.leaf(rest[2]))
            else:
                dot, name = rest[:2]  # `1. /* c */ f()` would be a float: comments stand before the point
                dot.before, dot.after, name.before = [*dot.before, *dot.after, *name.before], [], []
                link = Concat(*map(self.tree, rest))
            calls += base.kind == "method"
            links.append((base.kind != "index", link))
            base = target
        links.reverse()
        start = self.tree(base)
        flat = Concat(start, *(link for _, link in links))
        if calls < _FEWEST_LINKS:
            return flat
        lines = [part for breaks, link in links for part in ((HARD, link) if breaks else (link,))]
        return Choice(flat, None, Concat(start, Indent(*lines)))

    # --- operators and closures

    def unary(self, tree: Branch) -> Any:
        """`-x`; no blank unless the two would become another token."""
        operator, operand = tree.children
        first = first_leaf(operand)
        sticks = first.type == "LITERAL" and not _is_plain_number(first)
        space = " " if sticks or first.text[:1] == operator.text != "!" else ""
        return Concat(self.leaf(operator), space, self.tree(operand))

    def chain(self, tree: Branch) -> Any:
        """`a + b * c`: a line for each operator that binds least, if they do not fit on one."""
        return Group(self.chain_parts(tree))

    def chain_parts(self, tree: Branch) -> Any:
        """Return a chain that breaks with the group around it."""
        return self.level(tree.children)

    def level(self, chain: list[Any]) -> Any:
        """Return the part of a chain that operators of one level join."""
        if len(chain) == 1:
            return "" if chain[0] is None else self.tree(chain[0])
        least = min(BINDING[operator.text] for operator in chain[1::2])
        cuts = [i for i in range(1, len(chain), 2) if BINDING[chain[i].text] == least]
        operands = [
            chain[start + 1 : end] for start, end in zip((-1, *cuts), (*cuts, len(chain)), strict=True)
        ]
        documents = [self.level(part) if len(part) == 1 else Group(self.level(part)) for part in operands]
        parts: list[Any] = []
        for cut, operand, document in zip(cuts, operands[1:], documents[1:], strict=True):
            operator = self.leaf(chain[cut])
            if least == _RANGE:
                ends_in_point = chain[cut - 1] is not None and last_leaf(chain[cut - 1]).text.endswith(".")
                follows_range = chain[cut - 1] is None and cut > 1
                parts += [" " if ends_in_point or follows_range else "", operator, document]
            else:
                space = "" if operand == [None] else " "
                parts += [LINE, operator, space, document]
        return Concat(documents[0], Indent(*parts))

    def closure(self, tree: Branch) -> Any:
        """`|x| y`."""
        head, body = tree.children
        space = "" if isinstance(body, Leaf) and body.type == "SEMI" else " "
        return Concat(self.tree(head), space, self.tree(body))

    def closure_head(self, tree: Branch) -> Any:
        """`|a, b|`."""
        opening, closing, items = self.parts_of_list(tree)
        parts = [self.leaf(opening)]
        for number, item in enumerate(items):
            is_last = number + 1 == len(items)
            parts += [self.item(item), *([] if is_last else [", "]), *self.comments_of_comma(item)]
        return Concat(*parts, self.leaf(closing))


def _is_plain_number(leaf: Leaf) -> bool:
    """Return whether a sign and a number mean the same with and without a blank between them."""
    if type(leaf.value) is ast.Float:
        return leaf.value.value > 0 and "." in leaf.text
    return type(leaf.value) is ast.Int and leaf.value.value > 0
