"""Method: how is it computed?"""

import streamlit as st

from app import services
from app.parts.wording import plain
from core.complexity.sorting import usual_cuts
from core.places import shipped

classifier = services.classifier()
first, second = usual_cuts(classifier)
st.header("How the figures are made, and where they end")
for title, words in {
    "From a log to a workload": (
        "Each row becomes one query: its text (the last user message) and its answer, redacted "
        "before they are stored, its tokens, cost, model and time. Tokens that the log does not "
        "state are estimated from the text by a linear formula, about 10% off on average, and "
        "marked. Costs that it does not state are priced at dated list prices; a model without a "
        "price is left out of every sum, never counted as free. Everything after that reads only "
        "the *workload*: counts and sums per segment, model and difficulty."
    ),
    "Difficulty and tiers": (
        "A query has a difficulty and a model an ability, on one scale (item-response theory). The "
        "chance of an acceptable answer is logistic in ability minus difficulty, flattened by what "
        f"text cannot tell about one query (a spread of {classifier.spread:.2f} logits). A query "
        "is simple when the medium model's chance is at most five points higher than the simple "
        "model's, medium when the complex model's is at most five points above the medium one's, "
        f"else complex. With the reference abilities the tiers begin at {first:.2f} and "
        f"{second:.2f} logits. Queries that even the best model is likely to fail stay complex."
    ),
    "Outcomes of your own": (
        "What your outcomes teach is added to the reading: a shift of difficulty and of how much a "
        "stronger model matters, for the whole log, by difficulty and length, and by segment "
        "(logged tags, else clusters of the texts, and inside them what texts are about). All of "
        "it is pulled toward *nothing to learn*, and how far segments differ is itself estimated "
        "(empirical Bayes, Laplace approximation). A corrected query counts as a quarter of an "
        "outcome, a user's rating as a tenth. Worth of the next labels: the expected gain from "
        "better decisions between the two models, at the rate at which the tolerance trades money "
        "for quality. Texts unlike those the classifier learned from stay in the complex tier."
    ),
    "A plan": (
        "Every query of a tier goes to that tier's model. Its cost there is its own tokens at that "
        "model's list price, with a cold cache unless you say otherwise; queries that stay on "
        "their model cost what they cost today. Today's cost is your log's own mix of models, not "
        "the dearest model. Quality is the mean chance of an acceptable answer. Retries, cached "
        "input and length of output are as in your log unless you set them per tier."
    ),
    "Conversations and context windows": (
        "A provider caches a conversation for the model that answered it last. Where the log has "
        "sessions and cached tokens, a turn is priced as cached only if the turn before goes to "
        "the same model under the plan; a query that stays on its model loses its cache when the "
        "turn before moved away. Where the turn before went is told by its difficulty, without "
        "regard to rules. Requests longer than a model's window, counted by their input tokens, "
        "go to a tier that can hold them, whatever their difficulty and the rules say."
    ),
    "Rules on top": (
        "A rule fits by words, a pattern, a segment, the number of input tokens, another language, "
        "the tools offered or the customer. The first one that fits bounds the tier of a query, "
        "and the workload counts its queries apart; so the frontier, the ranges and the optimum "
        "all keep within the rules, and the Queries page goes on showing how hard queries look "
        "without them."
    ),
    "A cascade": (
        "Every query starts at the simple model. A judge reads request and answer; what it turns "
        "down goes up a tier, and pays every call and every check on its way. A query that failed "
        "once is harder than it looked, and the plan knows: chances are averaged over the unknown "
        "difficulty of the query, not multiplied. How many good and bad answers pass is a "
        "judgement until you have judged some yourself, and its error is in the ranges. Users wait "
        "for every answer and check on the way; what takes long at one tier is taken to take long "
        "at all."
    ),
    "On labelled queries": (
        "Where your outcomes cover all models of a plan, the plan is held against them: which "
        "queries it sends where, and how these models did on them. Ranges come from a bootstrap "
        "over queries; differences are taken on the same queries. The oracle asks the cheapest "
        "model that answers acceptably. A plan that learned from the same outcomes looks a little "
        "too good."
    ),
    "A replay": (
        "Queries that stand alone are drawn along segments and difficulty, dear ones more often, "
        "and weighted so that they speak for the log. Each goes to all models of a plan. A judge "
        "reads two answers at a time, blind and in both orders; an answer that it accepts in one "
        "order only counts as half. The complex model's answer is the reference: logs keep no "
        "answers. Published judges pass about nine of ten good answers and three of ten bad ones; "
        "until people have judged some, that is taken out of the rates, with its uncertainty "
        "(Rogan and Gladen), afterwards what people found. A replay ends early when every cheaper "
        "model is surely within the plan's tolerance, or surely not, with bounds wide enough for "
        "many looks. Money for a call is set aside at the most it can cost before it is sent; "
        "calls that were cut off count as if they had been billed."
    ),
    "After the switch": (
        "A query belongs to the tier whose model answered it. Promised is the share of good "
        "ratings before, times the quality that the plan expected to keep. A rule is suggested "
        "where a segment does worse than was promised beyond chance: a one-sided test per segment "
        "and tier, with Holm's correction at 2% for looking at many. Drift is the population "
        "stability index. From what was planned to what came lead volume, mix, tokens and prices; "
        "the rest is traffic that did not go where the plan sends it."
    ),
    "Ranges": (
        "90% ranges come from simulated futures with a fixed seed: abilities (measured or judged, "
        f"each with its deviation), the log's level of difficulty (± {classifier.level_sd:.1f} "
        "logits, as found on question sets left out of training), token counts on other models "
        "(± 10%), and the log being a sample. Futures in which today's models would fail most of "
        "the log are left out: nobody keeps such models in production. Exam sets differ more than "
        "everyday logs do, so the ranges of quality may be too wide; until you have "
        "outcomes of your own nobody can say."
    ),
    "Savings over time": (
        "A month has 30.4375 days. Both bills are today's times volume, tokens per query and "
        "prices of each month, so a faster fall of prices makes the saving smaller; rent follows "
        "none of them. Until the rollout is complete the rest of the traffic pays as today. Money "
        "given as low, likely and high enters the expected figures at its PERT mean, rates at "
        "their likely value; 10,000 futures draw all of them (PERT) and the plan's own bill from "
        "its range, with one visible seed, so that options are compared in the same futures. A log "
        "tells a season from two years on. A log without dates counts as one month."
    ),
    "Hosting a model yourself": (
        "Replicas are a staircase: at least two, and as many as the busiest hour takes at 60% of "
        "what one can write within the time that users wait. Rent, overhead and people are paid "
        "however busy they are; how busy they are is a result. Hosting breaks even where the next "
        "query costs less than the API's, over the whole step; where even a full replica is dearer "
        "it never does."
    ),
    "Fine-tuning": (
        "The textbook payback is investment over monthly saving. The full one works on what "
        "routing leaves of the bill, and adds hosting, evaluation, people, retraining, lead time, "
        "falling prices, the chance of failure and the life of the base model. The headline is the "
        "sustained payback: after it the balance stays positive."
    ),
}.items():
    st.subheader(title)
    st.write(plain(words))
with st.expander("The classifier's model card"):
    st.markdown(plain(shipped("classifier/MODEL_CARD.md").read_text("utf-8")))
