"""What was tried for reading texts and for learning from own outcomes, for the model card."""

from __future__ import annotations

from typing import Final

TRIED: Final = """\
Every line is measured on sets left out of the fit, never on the public benchmark: that was
printed about ten times for this release while the report itself was built, and nothing was
chosen by it. "Order": mean rank correlation of read and measured difficulty
over 18 units. "Gain": mean APGR, weighted by how well it is known, over the 13 units where two
groups of models both answer at least half (as today's models do with most queries): 0.5 is
chance. "Mixed": APGR on the pooled tasks of llmrouter_dc, whole source left out.

| variant | order | gain | mixed |
|---|---|---|---|
| prompt length in characters | .133 | .532 | .668 |
| length without answer options | .163 | .543 | .668 |
| eight counts (version 2) | .174 | .542 | .726 |
| the same, units weighted by family of tasks | .175 | .542 | .732 |
| the same, ranked within the log | .170 | - | - |
| the study's twelve features | .167 | - | .661 |
| the same, never negative | .173 | - | .701 |
| 77 features with word frequencies, strong penalty | .169 | .544 | .685 |
| words for characters | .180 | .543 | .725 |
| **words, and words outside a learned list of 1,000 (shipped)** | .183 | .547 | .718 |
| the same with a heavier penalty (slopes too flat) | .187 | .550 | .721 |
| the same with a published list of word frequencies | .189 | .552 | .728 |
| the same, features standardised within the log | .185 | .545 | - |
| bag of 3,213 words beside the counts | .120-.178 | .524-.543 | .613-.729 |
| gain of a strong over a cheap tier as the target | -.030 | .463 | .720 |
| gain where both sides answer half, as the target | .178 | .540 | .733 |
| difficulty and half of a second formula for the gain | .186 | .554 | .670 |
| difficulty and half of length as a lever | .187 | .549 | .707 |

- Shipped against version 2: order +.009, gain +.005; with the heavier penalty +.013 (standard
  error .004) and +.008 (.002). Against length: order +.05 (.008), gain +.015 (.005), mixed +.05.
- A second formula or a lever for the order of gain: +.007 (.003) within units, -.05 on the mixed
  log, which is nearer to real logs. Rejected: every query has the lever 1.
- Gain of strong over cheap tiers as a target turns the sign: on hard sets the *easier* questions
  gain. The one scale knows that. With difficulty as it is read and only the two sides' mean
  success on the set (no paired labels), the difference of the two chances reaches a mean APGR of
  .539 over the 14 left-out units with a clear gap; difficulty alone .481, length alone .478,
  length in the same formula .522. So the order of gain is the difference of chances; for models
  that answer most of a log it is the order of difficulty.
- Ranks and standardisation within the log did not help, so a single query is read like a log.
- Published word frequencies were a little better still, but may not be shipped under this
  licence; free word lists by size class were worse (.161-.178) than the learned list.
- One at a time and without use beside the counts: sentence length, long words, abstract endings,
  demands ("must", "exactly"), verbs of writing or analysing, question words, negation, units of
  measurement, quotation marks, brackets, lists, line breaks, capitals, technical terms.
- On real-user prompts (arena_bench_v1 only, 299) rare words order better than anything else
  (.37 against .25 with a list of 8,000 common words and no length), at the price of other units.
- Arena-Hard prompts: no variant reads them harder than the chat-arena prompts of 2023 (the chance
  that one of them reads harder is .42 to .52). Those chats are of the kind the level is anchored
  at, and longer: 247 characters in the median against 136. What sets Arena-Hard apart is rare
  terms, and in the training units these do not make a question harder for its length.
- By the usual tiers (simple / medium / complex), prompts that were never fitted: 3,080 short
  bank-support questions 98 / 2 / 0 per cent; 572 chat-arena prompts of 2023 29 / 52 / 19; 500
  Arena-Hard prompts 41 / 43 / 16. The 10th, 50th and 90th hundredth of their difficulties:
  -0.86, -0.72, -0.48; -0.52, -0.06, 0.89; -0.59, -0.20, 1.06 logits.

### Learning from own outcomes

Ten to sixteen logs made of training sets (mmlu_pro, llmrouter_dc, math-l5, cruxeval; two to four
pairs of models each), read by fits that never saw them, graded on queries whose outcomes were
not learned from. APGR, mean over logs and four to six random draws of labels.

| variant | 50 labels | 200 | 500 | 1,000 |
|---|---|---|---|---|
| clusters as segments, two slopes | - | .610 | .619 | .666 |
| and 30 topics of the texts (shipped for logs without tags) | - | .613 | .625 | .674 |
| and 60 topics | - | .612 | .622 | .673 |
| and 50 finer clusters instead of topics | - | .611 | .621 | .670 |
| 20 topics and 50 finer clusters | - | .614 | .625 | .675 |
| tags as segments, two slopes (shipped) | - | .678 | .698 | .708 |
| and 60 topics | - | .678 | .698 | .710 |
| models apart by 0.25 logits at least (shipped), 16 logs | .604 | .643 | .658 | - |
| by 0.5 | .604 | .643 | .658 | - |
| by 1.0: little is learned about models nearly alike | .593 | .623 | .646 | - |
| by 1.5 | .573 | .613 | .634 | - |

- Topics for logs without tags: +.003 (.002), +.006 (.002), +.008 (.002) at 200, 500, 1,000. With
  tags they add nothing, so they are read only where segments are clusters.
- The nine counts of the reading as further slopes: -.002 to +.001; wider or estimated slopes for
  difficulty and length, other spreads and priors of segments: within .002 of each other.
- A rate of wrong labels in the model (0, .05, .1, .2, chosen by evidence) helps where a fifth is
  wrong (+.003 to +.02) but takes small gains between models for noise (-.01 to -.1 on logs whose
  two models are nearly alike). Rejected.
- Labels spread evenly over segments instead of at random: +.002, +.002, +.004 (clusters).
- Narrower priors of levers (a third to a half): within .003 with right labels, and no better with
  a fifth of them wrong.
- A fifth of the labels wrong: 200 labels still beat the reading alone by .03 on average, 50 fall
  .05 behind it. On one of sixteen logs, whose models are nine points apart, even 1,000 fall behind:
  wrong labels make hard queries look answered, which moves the place where gain is greatest.

So on left-out training sets the text orders both difficulty and gain better than length does, by
little. On the public benchmark it does not: MMLU and GSM8K are routed better by length alone."""
