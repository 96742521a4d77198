"""Reports: a summary in, bytes out.

`network` and `branch` print a month, `blank_form` a checklist. Both months are put together from `tiles`,
`standards_part`, `parts` and `method`; `pictures` are the charts of a summary, `claims` its findings as
sentences, `paper` what is filled in by hand. `page` lays it out as PDF, with `text` and `tables`; marks come
from `checker.charts`, every word from `checker.words`. Nothing here reads the store or the clock, so the same
summary always gives the same bytes.
"""
