"""Does training a model of our own pay back?

case            the inputs, as a frozen value
bounds            what each may be
defaults          what is assumed until known, with its origin
case_json         a case as JSON and back; case_schema describes it
flow            the case as a monthly series; months has its lines
verdict         paybacks, values, break-even
words             the verdict in sentences
candidates      segments of a log that might be worth it
uncertainty     the same case in thousands of drawn futures; futures_words how sure it is
scenarios       conservative, base, optimistic, nothing, one cheaper model
sensitivity     which input moves the result, and the bridge from the textbook payback
payback_map     the payback by volume and price decline
"""
