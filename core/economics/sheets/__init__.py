"""The figures as workbooks with live formulas, and as tidy tables.

text, cells       texts that are never formulas; cells that look alike
tuning_workbook   a fine-tuning case; most other modules here write one of its sheets
tuning_csv        its cash flow, a row per month and line
savings_workbook  the savings forecast; savings_values are its sheets without formulas
savings_csv       every option, month by month
"""
