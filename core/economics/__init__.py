"""Money over time: what a plan or a fine-tuned model is worth, month by month.

Everything here takes plain numbers (USD a month, shares, rates) and returns frozen values;
it knows no plan, no screen and no file. Conventions (all modules): month 0 is the
investment, the flow of month t falls at its end, a yearly rate becomes its effective
monthly rate, `None` means "does not happen within the horizon", figures are pre-tax USD.

    attempts      retries: what an answer costs once failures are repeated
    volume        growth, seasons, price decline and repricing as monthly factors
    cashflow      payback, net present value, internal rate of return, return on investment
    projection    today's bill against the planned one; the waterfall between them
    claim         "70% of queries to a cheap model saves 80%": when that is true
    log_claims    what such claims come to on one log
    attribution   what routing and fine-tuning each deserve of a joint saving

    estimate            low, likely, high
    finetune_case       the inputs of a fine-tuning case, as a frozen value
    finetune_bounds       what each input may be
    finetune_defaults     what is assumed until known, with its origin
    finetune_json         a case as JSON and back
    finetune_flow       the case as a monthly series
    finetune            the verdict: paybacks, values, break-even
    finetune_words        the verdict in sentences
    uncertainty         the same case in thousands of drawn futures
    sensitivity         which input moves the result, and the bridge from the textbook payback
"""
