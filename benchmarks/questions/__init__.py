"""How well an engine answers questions about real data: right, wrong or declined.

Eleven real data sets, with questions dealt out alternately to two halves. `tuning/` is for
whoever improves the rules. `untouched/` was written without looking at the rules; it is only
counted, never looked at: docs/explanation/question-quality.md says why.

`python -m benchmarks.questions --half tuning --show wrong` asks the questions and shows which
answers were wrong.
"""
