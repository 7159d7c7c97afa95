"""The instructor's guide, the glossary, the bibliography and the bank of questions, made from the lessons.

`sources` gathers what is known of a lesson, `pages` writes it as Markdown, `bibliography` and `glossary` make those two
pages, `questions` writes the quizzes for a learning platform, `notes` gives the speaker's notes of the slides. Written
by hand, in YAML: what to show and what to ask (lessons/NN.yaml), the weeks of a course (timetables.yaml), the terms
(glossary.yaml), papers that a lesson names without a title (papers.yaml).
"""
