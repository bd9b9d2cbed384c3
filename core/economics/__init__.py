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
    savings_workbook    the forecast with live formulas; its values in savings_values, savings_csv

    self_host           hosting a tier oneself: replicas, break-even; self_host_* beside it

    finetune_case       the inputs of a fine-tuning case, as a frozen value
    finetune_bounds       what each input may be
    finetune_defaults     what is assumed until known, with its origin
    finetune_json         a case as JSON and back; finetune_schema describes it
    finetune_flow       the case as a monthly series; finetune_months has its lines
    finetune            the verdict: paybacks, values, break-even
    finetune_words        the verdict in sentences; futures_words how sure it is
    candidates          segments of a log that might be worth tuning for
    uncertainty         the same case in thousands of drawn futures
    scenarios           conservative, base, optimistic, nothing, one cheaper model
    sensitivity         which input moves the result, and the bridge from the textbook payback
    payback_map         the payback by volume and price decline
    workbook            the case with live formulas; workbook_* are its sheets; tidy_csv its table
"""
