"""Markdown as HTML, with formulas that need no script: for slides, and for the pages of the site."""

import re

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from tools.slides.formulas import to_html

INLINE_MATH = re.compile(r"(?<![\\$\w])\$([^$\n]+?)(?<![\\$\s])\$(?![\d$])")


def rendered(text: str, problems: list, attachments: dict | None = None) -> str:
    """Markdown as nbconvert renders it, with formulas as MathML, also inside HTML such as <details>.

    problems: takes up what cannot be shown as it should.   attachments: pictures of the cell, as a notebook has them.
    """
    return MarkdownWithMath(renderer=_Renderer(problems, attachments or {})).render(text)


class _Renderer(IPythonRenderer):
    def __init__(self, problems, attachments):
        super().__init__(escape=False, exclude_anchor_links=True, attachments=attachments)
        self.problems = problems

    def block_math(self, body):
        # what scrolls must be reached by the keyboard as well
        inside = to_html(body, True, self.problems)
        return f'<div class="formula" tabindex="0" role="group" aria-label="formula">{inside}</div>'

    def inline_math(self, body):
        return to_html(body, False, self.problems)

    def latex_environment(self, name, body):
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def block_html(self, html):
        return INLINE_MATH.sub(lambda match: self.inline_math(match[1]), super().block_html(html))
