import pyarrow as pa
import pytest

from core.complexity.baselines import (
    CODE,
    REASONING,
    SIMPLE,
    TECHNICAL,
    keyword_score,
    keyword_scores,
    keyword_tier,
    length_scores,
    random_scores,
)


# Scores and tiers of the shipped LiteLLM 1.106.2, run on these prompts.
@pytest.mark.parametrize(
    ("prompt", "score", "tier"),
    [
        ("What is 2+2?", -0.150, "SIMPLE"),
        ("Hello!", -0.150, "SIMPLE"),
        ("Explain how REST APIs work", -0.100, "SIMPLE"),
        ("Debug this error.", 0.200, "MEDIUM"),
        (
            "Design a distributed microservice architecture with Kubernetes orchestration",
            0.400,
            "COMPLEX",
        ),
        ("Think step by step and reason through this problem carefully...", 0.250, "REASONING"),
        ("Write a Python function that reverses a string", 0.200, "MEDIUM"),
        ("Prove that there are infinitely many primes congruent to 3 mod 4.", 0.0, "SIMPLE"),
        (
            "Implement a thread-safe LRU cache in Rust with async eviction and benchmark its"
            " latency and throughput",
            0.425,
            "COMPLEX",
        ),
        ("Summarise the attached contract and list the termination clauses.", 0.0, "SIMPLE"),
        ("我需要证明这个定理", -0.100, "SIMPLE"),
        (
            "Think step by step: analyze the performance implications of implementing a"
            " distributed consensus algorithm for our microservices architecture.",
            0.450,
            "COMPLEX",
        ),
    ],
)
def test_the_keyword_heuristic_agrees_with_the_shipped_one(prompt, score, tier):
    assert keyword_score(prompt) == pytest.approx(score, abs=1e-9)
    assert keyword_tier(prompt) == tier


def test_the_word_lists_are_complete():
    assert [len(words) for words in (CODE, REASONING, TECHNICAL, SIMPLE)] == [45, 19, 28, 26]


def test_system_reminders_do_not_count():
    assert keyword_score("Hello!<system-reminder>debug python</system-reminder>") < 0


def test_scores_of_an_array_follow_its_rows():
    texts = pa.array(["Hello!", None, "Debug this error."])
    assert keyword_scores(texts).tolist() == [
        keyword_score("Hello!"),
        keyword_score(""),
        keyword_score("Debug this error."),
    ]
    assert length_scores(texts).tolist() == [6, 0, 17]


def test_random_scores_repeat_with_their_seed():
    assert random_scores(5, 1).tolist() == random_scores(5, 1).tolist()
    assert random_scores(5, 1).tolist() != random_scores(5, 2).tolist()
