r"""Tierwise's engine: from a query log to a routing plan and what it is worth.

A log becomes a workload, and everything after it reads only the workload. A query walks
down one corridor and never turns back:

    file -> logs -> complexity -> workload -> routing.simulate(plan) -> economics -> screen

and `store` keeps the plan. Each room may use only the rooms below it:

            app/           what people see (Streamlit lives only here)
              |
          commands/        the `tierwise` console script
              |
   reports/    store/      a plan as a page, a workbook, a table | the only SQL
              |
           frozen/         a plan with all that its figures rest on, for ever the same
              |
   economics/   quality/   money over time | evidence: replay, judging, ratings, drift
              |
          routing/         a plan, and what it would do to a workload
              |
          workload/        scored queries, summed up (mergeable)
         /    |     \
     logs/ complexity/ catalog/   export -> queries | query -> difficulty | models, prices
              |
       places.py, events.py, workers.py, disk.py, scrub.py, errors.py
"""
