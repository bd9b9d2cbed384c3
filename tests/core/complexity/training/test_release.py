import csv

from core.complexity.classifier import load_classifier
from core.complexity.training.release import write_release

from ..conftest import World


def test_a_release_writes_classifier_abilities_and_card(world: World, tmp_path):
    out = tmp_path / "new" / "classifier.json"
    release = write_release(world.folder, out, draws=20)
    assert load_classifier(out) == release.trained.classifier
    with (out.parent / "abilities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["model"] for row in rows] == world.models
    card = (out.parent / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert release.trained.classifier.digest[:16] in card
    figure = release.report.datasets["exam"].text.apgr
    assert f"| exam | 150 | {figure:.3f} [" in card
    assert "| mmlu | 100 |" in card.split("## Routing by it: the public benchmark")[1]
    assert "## What was tried" in card
    three = card.split("## Three tiers")[1].split("\n## ")[0]
    assert "| exam | 100 |" in three
    unseen = card.split("## Chances and left-out models")[1].split("\n## ")[0]
    assert "| exam | 12 |" in unseen
    unlike = card.split("## Texts unlike these")[1].split("\n## ")[0]
    assert "another language, hardly any words" in unlike
    rough = card.split("## Logs without text")[1].split("\n## ")[0]
    assert f"+ {release.trained.classifier.rough.weights[0]:.3f} times input" in rough
    of_input = next(x for x in release.trained.left_out if x.unit == "exam")
    assert f"| exam | {of_input.rank_correlation_of_input:.2f} | - |" in rough  # no lengths here
    assert f"| exam | {release.report.datasets['exam'].controls['size'].apgr:.3f} |" in rough
    assert "Sizes carry little information" in rough
    for words in ("litellm", "oracle", "random", "length"):
        assert words in card.lower()
