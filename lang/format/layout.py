"""How statements and blocks are laid out; expressions are in `expressions.py`.

A block that was written on one line, and holds one statement and no comment, stays on one line if it fits.
"""

from __future__ import annotations

from typing import Any

from lang.format.concrete import Branch, Tree, first_leaf, last_leaf
from lang.format.document import BLANK, HARD, LINE, Concat, Group, IfBroken, Indent
from lang.format.expressions import Expressions
from lang.format.verbatim import of_comment
from lang.syntax.lossless import Comment, Leaf

_BLOCK_STATEMENTS = frozenset(("function", "if_", "while_", "loop", "for_", "switch", "block", "try_"))


class Layout(Expressions):
    """Makes the document of a script."""

    def script(self, tree: Branch) -> Any:
        """Return the document of the whole text."""
        parts = self.statements(tree)
        end = self.leaves[-1]
        for comment in end.before:
            if parts:
                parts.append(BLANK if comment.blank_before else HARD)
            parts.append(of_comment(comment, self.source))
        return Concat(*parts)

    # --- statements

    def statements(self, tree: Branch) -> list[Any]:
        """Return the statements of a block with the line ends between them."""
        parts: list[Any] = []
        children = tree.children
        position = 0
        while position < len(children):
            child = children[position]
            following = children[position + 1] if position + 1 < len(children) else None
            position += 1
            if isinstance(child, Leaf) and child.type == "SEMI":
                self.separate(parts, child)
                parts.extend(self.comments_alone(child))
                continue
            semicolon = following if isinstance(following, Leaf) and following.type == "SEMI" else None
            position += semicolon is not None
            self.separate(parts, first_leaf(child))
            parts.append(self.statement(child, semicolon))
        return parts

    def separate(self, parts: list[Any], leaf: Leaf) -> None:
        """Begin a new line, with an empty one above where the text has some."""
        is_empty_statement = leaf.type == "SEMI" and not (leaf.before or leaf.after)
        if parts and not is_empty_statement:
            blank = leaf.before[0].blank_before if leaf.before else leaf.blank_before
            parts.append(BLANK if blank else HARD)

    def comments_alone(self, leaf: Leaf) -> list[Any]:
        """Return the comments of a token that is left out, each on a line."""
        parts: list[Any] = []
        for comment in (*leaf.before, *leaf.after):
            if parts:
                parts.append(HARD)
            parts.append(of_comment(comment, self.source))
        return parts

    def statement(self, tree: Tree, semicolon: Leaf | None) -> Any:
        """Return a statement; the comments behind it are no part of its groups."""
        return self.apart(tree, semicolon or last_leaf(tree), lambda: self.ended(tree, semicolon))

    def ended(self, tree: Tree, semicolon: Leaf | None) -> Any:
        """Return a statement and its `;`, if it needs one."""
        document = self.tree(tree)
        if semicolon is None:
            return document
        if self.is_superfluous(tree, semicolon):
            return Concat(document, *self.comments_behind(semicolon.before))
        return Concat(document, self.leaf(semicolon))

    def is_superfluous(self, tree: Tree, semicolon: Leaf) -> bool:
        """Return whether nothing changes without a `;`: a block ends by itself."""
        following = self.leaves[semicolon.index + 1]
        is_block = isinstance(tree, Branch) and tree.kind in _BLOCK_STATEMENTS
        return is_block and not following.text.startswith("-")

    # --- blocks

    def block(self, tree: Branch) -> Any:
        """`{ … }`."""
        opening, body, closing = tree.children
        return self.braces(opening, self.statements(body), len(body.children) <= 2, closing)

    def braces(self, opening: Leaf, inside: list[Any], may_be_one_line: bool, closing: Leaf) -> Any:
        """Return lines between braces; the group around them breaks them all or none."""
        if not inside and not closing.before:
            return Concat(self.leaf(opening), self.leaf(closing))
        if may_be_one_line and self.was_one_line(opening, closing):
            return Concat(self.leaf(opening), Indent(LINE, *inside), LINE, self.leaf(closing))
        above, closing.before = closing.before, []
        lines = [*inside, *self.lines_of(above, is_first=not inside)]
        document = Concat(self.leaf(opening), Indent(HARD, *lines), HARD, self.leaf(closing))
        closing.before = above
        return document

    def lines_of(self, comments: list[Comment], *, is_first: bool) -> list[Any]:
        """Return comments, each on a line of its own, with the line ends before them."""
        parts: list[Any] = []
        for comment in comments:
            if parts or not is_first:
                parts.append(BLANK if comment.blank_before else HARD)
            parts.append(of_comment(comment, self.source))
        return parts

    def was_one_line(self, opening: Leaf, closing: Leaf) -> bool:
        """Return whether two brackets stand on one line, and no comment between them."""
        if "\n" in self.source.text[opening.at : closing.at] or opening.after or closing.before:
            return False
        between = self.leaves[opening.index + 1 : closing.index]
        return not any(leaf.before or leaf.after for leaf in between)

    def if_(self, tree: Branch) -> Any:
        """`if x { } else if y { } else { }`: one group, so that its blocks are alike."""
        parts: list[Any] = []
        rest: Tree | None = tree
        while isinstance(rest, Branch) and rest.kind == "if_":
            head, then = rest.children[:2]
            parts += [self.head(head), self.block(then)]
            rest = None
            if len(tree.children) > 2:
                parts += [" ", self.leaf(tree.children[2]), " "]
                rest = tree = tree.children[3]
        if isinstance(rest, Branch):
            parts.append(self.block(rest))
        return Group(*parts)

    def head(self, tree: Branch) -> Any:
        """`if x `, `while x `: the brace stands on a line of its own behind a condition of several."""
        keyword, condition = tree.children
        if isinstance(condition, Branch) and condition.kind == "chain":
            return Group(self.leaf(keyword), " ", self.chain_parts(condition), LINE)
        return Concat(self.leaf(keyword), " ", self.tree(condition), " ")

    def headed(self, tree: Branch) -> Any:
        """`while x { }`."""
        return Group(self.head(tree.children[0]), self.block(tree.children[1]))

    def worded(self, tree: Branch) -> Any:
        """`loop { }`, `for x in y { }`, `fn f() { }`."""
        return Group(self.tree(tree.children[0]), " ", self.block(tree.children[1]))

    def try_(self, tree: Branch) -> Any:
        """`try { } catch (e) { }`."""
        keyword, body, catch, handler = tree.children
        parts = [self.leaf(keyword), " ", self.block(body), " ", self.tree(catch), " ", self.block(handler)]
        return Group(*parts)

    def catch_head(self, tree: Branch) -> Any:
        """`catch (e)`."""
        keyword, *variable = tree.children
        return Concat(self.leaf(keyword), " ", *map(self.leaf, variable))

    def do_(self, tree: Branch) -> Any:
        """`do { } while x`."""
        body, word, condition = tree.children
        return Concat(Group(self.tree(body)), " ", self.leaf(word), " ", self.tree(condition))

    def for_head(self, tree: Branch) -> Any:
        """`for x in y`, `for (x, i) in y`."""
        parts: list[Any] = []
        before = ""
        for child in tree.children:
            kind = child.type if isinstance(child, Leaf) else ""
            if parts and kind not in ("COMMA", "RPAR") and before != "LPAR":
                parts.append(" ")
            parts.append(self.tree(child))
            before = kind
        return Concat(*parts)

    # --- functions

    def fn_head(self, tree: Branch) -> Any:
        """`private fn int.f(a, b)`."""
        *words, name, parameters = tree.children
        parts = [part for word in words for part in (self.leaf(word), " ")]
        return Concat(*parts, self.tree(name), self.tree(parameters))

    # --- switch

    def switch(self, tree: Branch) -> Any:
        """`switch x { 1 => y, _ => z }`."""
        keyword, subject, opening, arms, *last, closing = tree.children
        items = [*arms.children, *last]
        inside: list[Any] = []
        while items:
            arm = items.pop(0)
            comma = items.pop(0) if items and isinstance(items[0], Leaf) else None
            if inside:
                self.separate_arm(inside, first_leaf(arm))
            inside.append(self.arm(arm, comma, is_last=not items))
        word = Concat(self.leaf(keyword), " ", self.tree(subject), " ")
        return Group(word, self.braces(opening, inside, True, closing))

    def separate_arm(self, parts: list[Any], leaf: Leaf) -> None:
        """Begin a line for an arm; arms may also be on one line."""
        blank = leaf.before[0].blank_before if leaf.before else leaf.blank_before
        parts.append(BLANK if blank else LINE)

    def arm(self, tree: Branch, comma: Leaf | None, *, is_last: bool) -> Any:
        """Return `1 | 2 if x => y` with its comma, which a block does without."""
        last = comma or last_leaf(tree)
        return self.apart(tree, last, lambda: self.arm_and_comma(tree, comma, last, is_last=is_last))

    def arm_and_comma(self, tree: Branch, comma: Leaf | None, last: Leaf, *, is_last: bool) -> Any:
        """Return an arm with its comma but not what follows it."""
        head, body = tree.children
        is_block = isinstance(body, Branch) and body.kind in _BLOCK_STATEMENTS
        parts = [self.tree(head), " ", Group(self.tree(body))]
        if not is_block or (comma is not None and self.leaves[last.index + 1].text.startswith("-")):
            parts.append(self.comma_of_list(is_last))
        elif not is_last:
            parts.append(IfBroken("", ","))
        return Concat(*parts, *self.comments_behind(comma.before if comma is not None else ()))

    def arm_head(self, tree: Branch) -> Any:
        """`1 | 2 if x =>`."""
        return self.words(tree)


LAYOUTS: dict[str, Any] = {
    "if_": Layout.if_,
    "while_": Layout.headed,
    "loop": Layout.worded,
    "for_": Layout.worded,
    "function": Layout.worded,
    "do_body": Layout.worded,
    "try_": Layout.try_,
    "catch_head": Layout.catch_head,
    "do_": Layout.do_,
    "for_head": Layout.for_head,
    "fn_head": Layout.fn_head,
    "fn_name": Layout.joined,
    "parameters": Layout.bracketed,
    "switch": Layout.switch,
    "arm_head": Layout.arm_head,
    "block": lambda layout, tree: Group(layout.block(tree)),
    "let": Layout.words,
    "export_let": Layout.words,
    "export": Layout.words,
    "import_": Layout.words,
    "assign": Layout.words,
    "return_": Layout.words,
    "throw": Layout.words,
    "break_": Layout.words,
    "paren": Layout.paren,
    "vector": Layout.vector,
    "array": Layout.array,
    "map": Layout.map,
    "template": Layout.template,
    "path": Layout.joined,
    "path_start": Layout.joined,
    "path_call": Layout.joined,
    "call": Layout.joined,
    "call_bang": Layout.joined,
    "arguments": Layout.arguments,
    "property": Layout.postfix,
    "method": Layout.postfix,
    "method_bang": Layout.postfix,
    "index": Layout.postfix,
    "unary": Layout.unary,
    "chain": Layout.chain,
    "closure": Layout.closure,
    "closure_head": Layout.closure_head,
}
"""By kind of branch: the method of `Layout` that makes its document."""
