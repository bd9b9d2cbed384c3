import pyarrow as pa
import pytest

from core.complexity.unlike import KINDS, LONGEST, shares, unlike

LIKE = KINDS[0]


@pytest.fixture
def kinds(shipped_classifier):
    reading = shipped_classifier.reading

    def found(*texts: str | None) -> list[str]:
        return [KINDS[kind] for kind in reading.look(pa.array(texts, pa.string())).kind]

    return found


@pytest.mark.parametrize(
    "text",
    [
        "Wann wird mein Vertrag verlängert und wie kann ich ihn kündigen?",
        "Wo ist mein Koffer?",
        "Je voudrais savoir pourquoi le paiement est refusé.",
        "¿Por qué no puedo entrar en mi cuenta desde el móvil?",
        "Vorrei spostare il mio appuntamento alla prossima settimana.",
        "Waarom is mijn betaling niet gelukt?",
        "Varför kan jag inte logga in från min telefon?",
        "Gostaria de saber quando chega a minha encomenda.",
        "Dlaczego moja płatność nie przeszła i jak mogę to naprawić?",
        "Kargom ne zaman gelecek, lütfen bana bilgi verir misiniz?",
        "Tại sao tôi không thể đăng nhập vào tài khoản của mình?",
        "Почему мой платёж не прошёл?",
        "我的包裹什么时候到？",
        "支払いができないのはなぜですか",
        "لماذا تم رفض الدفع؟",
        "मेरा भुगतान क्यों नहीं हुआ?",
        "결제가 왜 안 되나요?",
    ],
)
def test_another_language_is_told(kinds, text):
    assert kinds(text) == ["another language"]


@pytest.mark.parametrize(
    "text",
    [
        "Why was my payment declined?",
        "Cancel subscription",
        "Rewrite this e-mail so that it sounds friendlier: we cannot deliver before May.",
        "What does the Chinese word 包裹 mean when a courier writes it to me?",
        "Who painted the ceiling of the café in Besançon where Gustave Courbet met his friends?",
        "Solve $\\frac{x+1}{2} = 7$ for $x$ and show that the solution is unique.",
        "def double(x):\n    return 2 * x\n\nWhat does double(4) print, and why is it an int?",
        "violin, ladder, bucket, gravel, pigeon, velvet, thunder, marble, copper, walnut",
        "Summarise https://news.example/" + "a-long-story/" * 12 + " in three sentences for me.",
    ],
)
def test_what_was_learned_from_is_not_flagged(kinds, text):
    assert kinds(text) == [LIKE]


@pytest.mark.parametrize("text", [None, "", " \n", "?!", "4711", "🎉🎉", "continue"])
def test_hardly_any_words(kinds, text):
    assert kinds(text) == ["hardly any words"]


def test_a_pasted_document_is_longer_than_what_was_learned_from(kinds):
    sentence = "The tenant shall return the keys when the lease ends. "
    long = sentence * (LONGEST // len(sentence) + 1)
    assert kinds(long, long[: LONGEST - 1]) == ["pasted document", LIKE]


def test_a_dump_of_code_is_told_from_a_short_program(kinds):
    line = "    total[key] = (total.get(key, 0) + row[key]) / len(rows[key])\n"
    program = "def add(total, rows):\n" + line
    assert kinds("Why does this fail?\n" + program, program + line * 30) == [LIKE, "code"]


def test_log_lines_and_encoded_data_are_data(kinds):
    log = "\n".join(f"2026-04-0{i} 07:1{i}:3{i} WARN retry {i} of queue" for i in range(1, 8))
    assert kinds(log, "What is in this? " + "aGVsbG8gd29ybGQ" * 12) == ["data or log lines"] * 2


def test_a_text_is_judged_alike_alone_and_among_others(kinds):
    texts = ["Where is it?", "Wo ist es nicht?", "7", "Please sort my list of tasks by date."]
    assert kinds(*texts) == [kinds(text)[0] for text in texts]


def test_no_texts_have_no_kinds(shipped_classifier):
    empty = pa.array([], pa.string())
    found = unlike(empty, shipped_classifier.reading.table(empty))
    assert found.tolist() == []
    assert shares(found) == ()


def test_shares_count_what_is_unlike_largest_first(shipped_classifier):
    texts = pa.array(["Where is my card?", "7", "8", "Wo ist meine Karte?"])
    found = shipped_classifier.reading.look(texts).kind
    assert [(item.kind, item.share) for item in shares(found)] == [
        ("hardly any words", 0.5),
        ("another language", 0.25),
    ]


def test_few_of_many_ordinary_questions_are_flagged(shipped_classifier):
    who = ("my sister", "the new tenant", "our supplier", "a student", "the night nurse")
    what = ("open an account", "return the boots", "renew a passport", "fix the boiler")
    frames = (
        "How can {} {} without a receipt?",
        "Write a short note that tells {} to {} this week.",
        "If {} wants to {}, what does the law say about it?",
        "Give five reasons why {} should {}.",
    )
    texts = pa.array([f.format(a, b) for f in frames for a in who for b in what])
    assert (shipped_classifier.reading.look(texts).kind != 0).mean() <= 0.02
