"""What people ask the made-up assistant of Larkspur, a made-up planning and invoicing tool."""

# ruff: noqa: E501 - a phrase is easier to read on one line

from __future__ import annotations

import random
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """Ways to ask one kind of thing; `hardness` 0..1, `pasted` names a kind of pasted text."""

    texts: tuple[str, ...]
    hardness: float
    answer_tokens: int
    weight: float = 1.0
    pasted: str = ""


@dataclass(frozen=True)
class Feature:
    """One place in the product where people ask; tokens are typical sizes."""

    name: str
    share: float
    system_tokens: int
    context_tokens: int
    templates: tuple[Template, ...]


SLOTS: dict[str, tuple[str, ...]] = {
    "plan": ("Starter", "Team", "Business", "Enterprise", "free trial", "Nonprofit"),
    "device": ("iPhone", "Android phone", "iPad", "work laptop", "Chromebook", "Linux desktop"),
    "page": ("timeline", "board", "invoice list", "inbox", "reports tab", "workload view", "calendar", "client portal", "time sheet", "home page"),
    "thing": ("project", "task", "milestone", "invoice", "template", "client", "saved report", "custom field", "time entry", "automation", "guest account", "workspace"),
    "things": ("projects", "tasks", "invoices", "clients", "time entries", "custom fields", "guests", "templates", "attachments", "recurring tasks"),
    "format": ("CSV", "PDF", "Excel", "JSON", "iCal"),
    "tool": ("the calendar", "our chat", "our accounting package", "the CRM", "single sign-on", "the data warehouse", "the help desk", "a webhook"),
    "role": ("viewer", "member", "guest", "billing admin", "workspace owner", "project lead"),
    "team": ("design", "sales", "support", "finance", "platform", "people", "field services", "marketing", "legal", "data"),
    "city": ("Lisbon", "Leeds", "Austin", "Utrecht", "Toronto", "Nairobi", "Osaka", "Tallinn", "Melbourne", "Bogotá"),
    "month": ("January", "March", "April", "June", "July", "August", "September"),
    "n": ("3", "5", "8", "12", "20", "25", "40", "60", "90", "150"),
    "money": ("$18", "$49", "$240", "$312.50", "$1,140", "$2,780", "€95", "€410", "£66"),
    "lang": ("Python", "TypeScript", "Go", "Java", "Ruby", "C#", "Kotlin", "PHP"),
    "store": ("a queue", "a cache", "the invoices table", "a file bucket", "the audit log", "a search index"),
    "metric": ("monthly recurring revenue", "churn", "average days to pay", "utilisation", "overdue amount", "new workspaces", "support backlog", "billable hours"),
    "dim": ("region", "plan", "account manager", "industry", "signup month", "invoice currency", "team size"),
    "clause": ("limitation of liability", "termination for convenience", "data processing", "indemnity", "auto-renewal", "service level", "confidentiality", "assignment", "governing law", "price increase"),
    "party": ("the supplier", "the customer", "the reseller", "the subcontractor", "our affiliate"),
    "law": ("Dutch", "English", "New York", "German", "Irish", "Ontario"),
    "error": ("a 403", "a 500", "a blank page", "'session expired'", "a spinning wheel", "'quota reached'", "a 409 conflict"),
    "component": ("the sync worker", "the invoice renderer", "the import job", "the mobile client", "the notification service", "the search page", "the webhook sender", "the billing cron"),
    "audience": ("a chief financial officer", "a new hire", "an angry customer", "our board", "a journalist", "a school", "an engineer", "the works council"),
    "event": ("the spring release", "our price change", "the outage on Tuesday", "the office move", "the partner day", "the new mobile app", "the security audit"),
    "tone": ("friendly", "formal", "plain", "playful", "apologetic", "confident"),
    "name": ("Ines", "Tomasz", "Adaeze", "Bram", "Yuki", "Leila", "Oskar", "Priya", "Mateo", "Freya"),
    "surname": ("Okafor", "Lindqvist", "Marchetti", "Devries", "Tanaka", "Hallgren", "Sørensen", "Abara"),
    "algo": ("a rate limiter", "a retry with back-off", "a cursor pagination", "a debounce", "a CSV parser that streams", "a permission check", "an LRU cache", "a diff of two schedules"),
}  # fmt: skip

FEATURES: tuple[Feature, ...] = (
    Feature("faq", 0.26, 2_900, 1_300, (
        Template(("How do I reset my password?", "forgot my password, where do I change it", "Where can I change my password on my {device}?"), 0.02, 90, 1.4),
        Template(("Where do I find the {page}?", "I can't find the {page} on my {device}.", "where did the {page} go"), 0.03, 80, 1.6),
        Template(("Can a {role} see the {page}?", "What can a {role} do that a {role} cannot?", "Is a {role} allowed to delete a {thing}?"), 0.1, 130, 1.3),
        Template(("Do you have dark mode?", "Is there an app for my {device}?", "Do you support {tool}?", "what are your support hours", "Which browsers work?", "Is there a keyboard shortcut for a new {thing}?"), 0.02, 60, 1.5),
        Template(("How many {things} can I have on the {plan} plan?", "Is there a limit of {n} {things}?", "what is included in {plan}"), 0.05, 90, 1.3),
        Template(("I see {error} when I open the {page}.", "The {page} shows {error} on my {device} since this morning.", "{error} on the {page}, what now?"), 0.2, 170),
        Template(("My e-mail changed to {mail}. Can you tell me where to update it?", "Please note my new number: call me on {phone} if the {thing} import fails.", "I am {name} {surname} ({mail}); how do I get a copy of my data?"), 0.08, 110, 0.22),
    )),
    Feature("billing", 0.15, 3_400, 1_600, (
        Template(("Why was I charged {money}?", "there is a charge of {money} on my card that I do not know", "What is the {money} on my {month} invoice for?"), 0.15, 140, 1.5),
        Template(("How do I change from {plan} to {plan}?", "Can I downgrade to {plan} in the middle of the month?", "switch me to {plan} please, {n} seats"), 0.08, 120, 1.3),
        Template(("Please send the {month} invoice as a {format}.", "Where do I download the invoice for {month}?", "invoice for {month} please"), 0.02, 60, 1.3),
        Template(("Can we pay {money} by bank transfer?", "Do you take purchase orders?", "How do I add our VAT number?", "Which currency will {city} be billed in?"), 0.04, 80),
        Template(("We had {n} seats until the 12th of {month} and {n} after that, on {plan}, paid yearly. Work out what the next invoice should be and why it says {money}.", "Explain the proration: {n} seats added on the 9th, {n} removed on the 21st, plan changed from {plan} to {plan} on the 15th of {month}."), 0.62, 380, 0.7),
        Template(("The bank refused the card ending 4{digits}. We sent IBAN {iban} instead, reference {ref}. Is the {month} invoice settled?", "Refund {money} to {iban} please, the account of {name} {surname}."), 0.2, 120, 0.15),
    )),
    Feature("how-to", 0.15, 3_100, 2_300, (
        Template(("How do I export {things} as {format}?", "export all {things} to {format}", "Can I import {things} from {format}?"), 0.05, 150, 1.5),
        Template(("How do I share a {thing} with a {role}?", "How can I copy a {thing} to another workspace?", "how to archive a {thing}", "How do I rename a {thing}?"), 0.04, 120, 1.5),
        Template(("Connect {tool} so that a new {thing} shows up there.", "How do I set up {tool} for the {team} team?"), 0.25, 260),
        Template(("Set up an automation: when a {thing} is {n} days late, tell the {role}, then move it to the {page}, unless the client is on {plan}.", "I need a rule that copies {things} from the {team} board to the {team} board, but only if they are billable and older than {n} days, and never twice."), 0.5, 420, 0.8),
        Template(("We are moving {n} people of the {team} team from spreadsheets. In which order should we set up {things}, {things} and {things}, who needs which role, and what will break if we keep the old files in parallel until {month}?",), 0.58, 620, 0.5),
    )),
    Feature("contract review", 0.08, 4_200, 5_200, (
        Template(("What does the {clause} clause mean in plain words?", "Which law governs this agreement?", "When does this contract end?", "List the parties and the dates."), 0.15, 190, 0.9, "contract"),
        Template(("Review the {clause} and {clause} clauses for {party} under {law} law. Which of them contradict each other, and what should we ask for?", "Rewrite the {clause} clause in favour of {party}, keeping sections 2, 3 and 7 consistent."), 0.82, 720, 1.2, "contract"),
        Template(("Compare the {clause} terms below with our standard ({n} days' notice, cap at {n} months of fees) and rank the deviations by risk for {party}.",), 0.88, 850, 0.8, "contract"),
        Template(("Is a {n}-day notice period normal?", "What is the difference between {clause} and {clause}?", "Do we need a signature from {party}?"), 0.3, 210, 0.8),
    )),
    Feature("data analysis", 0.09, 3_900, 3_000, (
        Template(("What was {metric} in {month}?", "Show {metric} by {dim}.", "How many {things} were created in {month}?"), 0.12, 120, 1.3),
        Template(("Write SQL for {metric} by {dim} over the last {n} weeks.", "SQL: top {n} clients by {metric}, only {plan} plan."), 0.4, 230, 1.2, "schema"),
        Template(("Write one query that gives {metric} per {dim} and month, with the share of the total, the change against the same month a year before, and gaps filled with zero. Invoices can be split over several {things}; do not count them twice.", "Our {metric} fell in {month} but only for {plan}. Using the tables below, which three queries would tell mix effect from real decline? Write them and say how to read each result."), 0.85, 680, 1.0, "schema"),
        Template(("Why might {metric} and {metric} move in opposite directions for {dim} = {city}? Give the likely causes and a test for each.",), 0.7, 520, 0.6),
    )),
    Feature("coding help", 0.10, 3_600, 2_600, (
        Template(("How do I call the {things} endpoint from {lang}?", "What is the rate limit of the API?", "{lang} example for listing {things}", "Which header holds the API key?"), 0.18, 240, 1.2),
        Template(("Write {algo} in {lang}.", "Write a {lang} function that reads {things} from {store} and returns them by {dim}."), 0.45, 420, 1.1),
        Template(("This {lang} code reads {things} from {store} and sometimes processes one twice. Find the race and fix it without a global lock.", "Refactor this so that {algo} works across {n} workers and survives a crash between reading from {store} and writing the {thing}. Explain why no {thing} is lost."), 0.86, 820, 0.9, "code"),
        Template(("Review this change for correctness, security and speed.", "Add tests for the edge cases of this function."), 0.6, 610, 0.7, "code"),
        Template(("My key is {key} and I get {error}. What is wrong?",), 0.25, 150, 0.08),
    )),
    Feature("bug triage", 0.07, 3_300, 3_400, (
        Template(("Which team owns {component}?", "Is this a duplicate: {error} on the {page}?", "Label this report: the {page} shows {error} on a {device}."), 0.15, 60, 1.2),
        Template(("Which component is to blame, how bad is it, and who should look first?", "Find the first error that matters in this log of {component} and say what to try."), 0.6, 320, 1.2, "trace"),
        Template(("{component} loses about one {thing} in {n} thousand, only on Mondays, only for workspaces in {city}. Below is one bad run. Give the three most likely causes in order, and the cheapest experiment that tells them apart.",), 0.92, 700, 0.6, "trace"),
    )),
    Feature("summarise", 0.06, 2_800, 1_200, (
        Template(("Summarise this in three points.", "tl;dr", "Summarise for {audience} in a {tone} tone.", "What was decided, and who does what until when?"), 0.2, 170, 1.6, "notes"),
        Template(("Summarise, and list every place where people disagree or where a promise has no owner.",), 0.5, 330, 0.6, "notes"),
        Template(("Translate this summary into Spanish: {things} are late because {component} was down on the 7th; {name} will call the client.", "Make this shorter: we would like to inform you that {event} has been moved to {month} because of {tool}."), 0.08, 70, 0.8),
    )),
    Feature("brainstorming", 0.04, 2_600, 700, (
        Template(("Give me {n} names for {event}.", "A {tone} subject line for {event}.", "Ideas for a {team} team day in {city}?"), 0.15, 180, 1.4),
        Template(("Draft a {tone} note about {event} for {audience}.", "Write a {tone} reply to {audience} who is upset about {event}."), 0.4, 380),
        Template(("Plan how we could win {n} {plan} customers in {city} with a budget of {money} per account: who, what order, what could go wrong, what to measure weekly, and when to stop.", "Our {team} team wants to charge for {things}. Argue both sides for {audience}, name what we would need to believe, and recommend."), 0.75, 780, 0.8),
    )),
)  # fmt: skip

_PASTED: dict[str, tuple[str, ...]] = {
    "contract": (
        "1. Term. This Agreement starts on the 1st of {month} and runs for {n} months, then renews for equal periods unless {party} gives {n} days' written notice.",
        "2. Fees. {party} pays {money} per seat and month within {n} days of invoice. Late sums bear interest at 4 percent above the base rate.",
        "3. Service level. The service is available 99.{n} percent of each month. Credits under this section are the sole remedy of {party}.",
        "4. Liability. Neither party is liable for indirect loss. The total liability of {party} is limited to the fees of the last {n} months, save for section 7.",
        "5. Data. {party} acts on documented instructions, keeps records for {n} months and tells the other party of a breach within {n} hours.",
        "6. Assignment. {party} may assign this Agreement to an affiliate without consent, provided section 4 stays in force.",
        "7. Indemnity. {party} holds the other party harmless from third-party claims that the service infringes rights, without limit.",
        "8. Termination. Either party may end this Agreement for convenience with {n} days' notice; fees paid in advance are not returned, notwithstanding section 2.",
        "9. Governing law. {law} law applies. The courts of {city} have jurisdiction, except that {party} may seek an order anywhere.",
    ),
    "schema": (
        "invoices(id, client_id, workspace_id, issued_on, due_on, paid_on, amount_minor, currency, status)",
        "invoice_lines(invoice_id, project_id, time_entry_id, quantity, unit_minor, tax_rate)",
        "clients(id, name, industry, region, account_manager, created_at, churned_at)",
        "workspaces(id, plan, seats, signup_month, country, parent_id)",
        "time_entries(id, user_id, project_id, started_at, minutes, billable, approved_by)",
        "plan_changes(workspace_id, from_plan, to_plan, changed_at, reason)",
    ),
    "code": (
        "def next_batch(store, size={n}):\n    rows = store.read(size)\n    for row in rows:\n        if row.state != 'new':\n            continue\n        row.state = 'busy'\n        store.save(row)\n    return rows",
        "async function sync(items, client) {\n  for (const item of items) {\n    const found = await client.get(item.id);\n    if (!found || found.version < item.version) {\n      client.put(item.id, item);\n    }\n  }\n}",
        "func (q *Queue) Take() (*Job, error) {\n\tq.mu.Lock()\n\tjob := q.head\n\tq.mu.Unlock()\n\tif job == nil {\n\t\treturn nil, ErrEmpty\n\t}\n\tq.head = job.next\n\treturn job, nil\n}",
        "public Money total(List<Line> lines) {\n    double sum = 0;\n    for (Line line : lines) {\n        sum += line.quantity() * line.price();\n    }\n    return Money.of(Math.round(sum * 100) / 100.0);\n}",
        "  with lock:\n      seen = cache.get(key)\n  if seen is None:\n      value = compute(key)  # takes {n} s\n      cache.set(key, value, ttl={n})",
    ),
    "trace": (
        "08:{mm}:02 INFO  {component}: started, version 4.{n}.1.7, {n} workers",
        "08:{mm}:03 WARN  {component}: slow query ({n}00 ms) on {store}",
        "08:{mm}:05 ERROR {component}: timeout after {n} s waiting for {store}; will retry",
        "08:{mm}:06 INFO  {component}: retry 1 of 3 for workspace {digits}",
        "08:{mm}:09 ERROR {component}: duplicate key {digits}-{digits} in {store}",
        "08:{mm}:09 DEBUG {component}: lock held by worker {n} for {n} s",
        "08:{mm}:11 WARN  {component}: clock moved back by {n} ms",
        "08:{mm}:14 INFO  {component}: peer 10.0.{n}.{n} left the group, rebalancing",
        "08:{mm}:15 ERROR {component}: {error} from {tool}, body empty",
        "08:{mm}:20 INFO  {component}: batch done, {n} {things}, 1 skipped",
    ),
    "notes": (
        "{name} opened with {metric}: better than in {month}, mostly because of {plan}.",
        "{name} said that {component} will not be ready before {month}; {name} thought it would take {n} days.",
        "Long talk about {event}. The {team} team wants to wait, the {team} team does not.",
        "Agreed to move {n} {things} to the {page} and to stop sending {format} files by hand.",
        "{name} will ask {audience} about {money} per seat. Nobody took the follow-up with {city}.",
        "Open question: does {clause} in the new agreement cover {tool}?",
        "{name} promised numbers on {metric} by {dim} until Friday.",
        "Customer in {city} reported {error} again; {name} suspects {component}.",
        "Decision: no change to {plan} prices this year. {name} disagreed and wants it noted.",
        "Next meeting in {n} days, {name} takes notes.",
    ),
}  # fmt: skip


def fill(dice: random.Random, text: str) -> str:
    """The text with every slot filled at random, the same slot differently each time."""
    used: set[str] = set()

    def word(slot: re.Match[str]) -> str:
        choices = [w for w in SLOTS.get(slot[1], ()) if w not in used]
        chosen = dice.choice(choices) if choices else _made_up(dice, slot[1])
        used.add(chosen)
        return chosen

    return re.sub(r"\{(\w+)\}", word, text)


def paste(dice: random.Random, kind: str) -> str:
    """A pasted text of that kind: some of its lines, in order, now and then many times over."""
    lines = _PASTED[kind]
    rounds = dice.choices((1, 2, 4), (0.8, 0.16, 0.04))[0]
    few = max(2, len(lines) // 2)
    kept = [
        line
        for _ in range(rounds)
        for line in sorted(dice.sample(lines, dice.randint(few, len(lines))), key=lines.index)
    ]
    return "\n".join(fill(dice, line) for line in kept)


def _made_up(dice: random.Random, slot: str) -> str:
    """A value for a slot that has no list of words."""
    if slot == "digits":
        return f"{dice.randrange(100, 1000)}"
    if slot == "mm":
        return f"{dice.randrange(60):02d}"
    if slot == "ref":
        return f"LK-{dice.randrange(10**6):06d}"
    if slot == "mail":
        who = dice.choice(SLOTS["name"]).lower()
        return f"{who}.{dice.randrange(100)}@{dice.choice(('example.com', 'example.org'))}"
    if slot == "phone":  # numbers set aside for fiction
        return f"+1 202 555 01{dice.randrange(100):02d}"
    if slot == "iban":
        return _iban(f"{dice.randrange(10**18):018d}")
    if slot == "key":
        return "sk-" + "".join(dice.choices("abcdefghjkmnpqrstuvwxyz23456789", k=32))
    raise KeyError(slot)


def _iban(account: str) -> str:
    """A German-looking IBAN with right check digits and a made-up account."""
    check = 98 - int(account + "131400") % 97
    code = f"DE{check:02d}{account}"
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))
