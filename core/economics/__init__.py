"""Money over time: what a plan or a fine-tuned model is worth, month by month.

Most of it takes plain numbers (USD a month, shares, rates) and returns frozen values; `options`
and `log_claims` know plans, nothing knows a screen or the database. Conventions (all modules):
month 0 is the investment, the flow of month t falls at its end, a yearly rate becomes its
effective monthly rate, `None` means "does not happen within the horizon", figures are pre-tax USD.

    attempts      retries: what an answer costs once failures are repeated
    volume        growth, seasons, price decline and repricing as monthly factors
    season        a log's own season, where it is long enough
    cashflow      payback, net present value, internal rate of return, return on investment
    claim         "70% of queries to a cheap model saves 80%": when that is true
    log_claims    what such claims come to on one log
    attribution   what routing and fine-tuning each deserve of a joint saving
    estimate      low, likely, high

    outlook             what the coming months look like
    forecast            today's bill and another one in those months
    projection            the series, and the waterfall between two bills
    options             every option beside doing nothing
    savings_futures     the saving in thousands of drawn futures, and what it hinges on
    register            every assumption with its kind, source and date

    tuning/             does training a model of our own pay back?
    hosting/            what hosting a model oneself costs
    sheets/             the figures as workbooks with live formulas, and as tables
"""
