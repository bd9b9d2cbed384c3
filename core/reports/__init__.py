"""A frozen plan told to whoever decides: a brief, one page to print, a workbook, a table.

    document -> brief (sentences and figures) -> one_pager | plan_workbook
    document -> plan_csv

Nothing here works out a plan anew: every figure is the one that the document keeps.
"""
