"""From executed notebooks and Markdown to a static site: Sphinx lays it out, with the theme Furo."""
