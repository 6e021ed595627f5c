"""Queues, tasks and figures that the fake service shows: written for the tests, no real data."""

GUIDELINES = """\
# How to judge

Read the **instruction** first, then both answers to the end. Choose the answer that you would
rather have received.

1. *Correct* before *complete*, complete before *well written*.
2. A longer answer is not a better one.
3. Choose **both good** or **both bad** only when you cannot tell them apart.

| If | then |
|---|---|
| one answer has a mistake that matters | the other is better |
| both do what was asked, equally well | both are good |
| neither helps | both are bad |

> Skip what you do not understand, and say why.
"""

PAIRS = [
    (
        "Write a Python function that returns the n-th Fibonacci number.",
        "",
        "Here is an iterative version that takes linear time:\n\n```python\ndef fibonacci(n):\n"
        "    \"\"\"Return the n-th Fibonacci number, counting from 0.\"\"\"\n    a, b = 0, 1\n"
        "    for _ in range(n):\n        a, b = b, a + b  # one step further\n    return a\n```\n\n"
        "It works for `n = 0` as well, where it returns `0`.",
        "You can use recursion:\n\n```python\ndef fibonacci(n):\n    if n <= 1:\n        return n\n"
        "    return fibonacci(n - 1) + fibonacci(n - 2)\n```\n\n**Note:** this takes exponential "
        "time, so it is slow for large `n`.",
    ),
    (
        "Summarise the text in one sentence.",
        "The lighthouse at the northern cape was built in 1874 after a winter in which eleven ships "
        "were lost on the reef. For ninety years a keeper and his family lived there; since 1964 "
        "its light has been switched on and off by a clock.",
        "The northern lighthouse, built in 1874 after many ships were lost on the reef, was kept by "
        "a family for ninety years and has been automatic since 1964.",
        "The northern lighthouse, built in 1874 after eleven ships sank in one winter, was kept by "
        "a family for ninety years and has run by a clock since 1964.",
    ),
    (
        "What are the advantages of renewable energy?",
        "",
        "## Advantages\n\n- **Clean**: it emits little carbon dioxide.\n- **Inexhaustible**: sun "
        "and wind do not run out.\n- **Local**: less fuel is imported.\n  - That makes prices "
        "steadier.\n\n## Drawbacks\n\nSupply varies with the weather, so storage is needed.",
        "Renewable energy is good for the environment and it is renewable. It is also good because "
        "it does not pollute. It is clean. Many people like it.",
    ),
    (
        "Compare cats and dogs as pets in a table.",
        "",
        "| | Cats | Dogs |\n|---|:---:|---:|\n| Walks | no | twice a day |\n| Noise | low | varies "
        "|\n| Alone at home | hours | not for long |\n\nSee [the shelter's advice]"
        "(https://example.org/pets) and ![a cat](https://example.org/cat.png).",
        "Cats are independent, and dogs are loyal. Which is better depends on you.",
    ),
    (
        "Translate to German: \"The early bird catches the worm.\"",
        "",
        "„Der frühe Vogel fängt den Wurm.“ In German one also says *Morgenstund hat Gold im Mund*.",
        "Der frühe Vogel fängt den Wurm.",
    ),
    (
        "Explain how photosynthesis works to a ten-year-old.",
        "",
        "Plants are little kitchens. They take in **water** with their roots and **air** with their "
        "leaves, and cook both with **sunlight** into sugar, their food. What is left over is "
        "oxygen, which you breathe.",
        "Photosynthesis is the process by which photoautotrophs convert electromagnetic radiation "
        "into chemical energy by means of the Calvin cycle.",
    ),
    (
        "اكتب جملة واحدة عن البحر.",
        "",
        "البحر واسع وأزرق، وصوت الأمواج فيه يهدئ القلب.",
        "البحر ماء كثير.",
    ),
    (
        "Give me three names for a bakery.",
        "",
        "1. Crumb & Co.\n2. The Rising Loaf\n3. Flour Street",
        "1. Bakery\n2. Bread Shop\n3. The Rising Loaf",
    ),
]

LONG = "\n\n".join(
    f"## Part {part}\n\nThis is paragraph {part} of a long answer. It goes on for a while, with "
    "sentences that say little, so that the pane has to scroll and the reader has to follow."
    for part in range(1, 31)
)

HOSTILE = (
    "<script>window.broken = 1</script><img src=x onerror=\"window.broken = 1\">"
    "<svg onload=\"window.broken = 1\"></svg>\n\n[press](javascript:window.broken=1) "
    "![picture](http://192.0.2.1/leak.png) <a href=\"http://192.0.2.1/\">link</a>\n\n"
    "<iframe srcdoc=\"<script>parent.broken = 1</script>\"></iframe>"
    "<style>body{display:none}</style>\n\n```<script>\n</code><script>window.broken = 1</script>\n"
    "```\n\n<javascript:window.broken=1> &lt;script&gt;window.broken=1&lt;/script&gt; "
    "{{constructor.constructor('window.broken=1')()}} \u202egnp.exe \u0000 end"
)

CRITERIA = [
    {"name": "helpfulness", "description": "Does it do what was asked?"},
    {"name": "accuracy", "description": "Is what it says true?"},
    {"name": "clarity", "description": "Is it easy to read?"},
]

RANKING_ANSWERS = [
    "Use a list comprehension: `[x * x for x in values]`.",
    "Use `map(lambda x: x * x, values)` and turn it into a list.",
    "Write a loop:\n\n```python\nsquares = []\nfor x in values:\n    squares.append(x * x)\n```",
    "It is not possible in Python.",
]


def pair_tasks(pairs=PAIRS, **more):
    """Tasks of a queue of pairs."""
    return [
        {"instruction": instruction, "input": extra, "answers": [first, second], **more}
        for instruction, extra, first, second in pairs
    ]


def pair_queue(**changes):
    """A queue on which pairs are compared."""
    queue = {
        "name": "Helpful answers", "kind": "pair", "overlap": 3, "guidelines": GUIDELINES,
        "criteria": [], "quota": None, "tasks": pair_tasks(), "lease_seconds": 600,
        "qualification": [],
    }
    return {**queue, **changes}


def rating_queue(**changes):
    """A queue on which each answer is rated."""
    return pair_queue(
        **{
            "name": "Rate answers", "kind": "rating", "criteria": CRITERIA, "guidelines": "",
            **changes,
        }
    )


def ranking_queue(**changes):
    """A queue on which four answers are put in order."""
    tasks = [
        {
            "instruction": f"Square every number of a list in Python. ({number})", "input": "",
            "answers": RANKING_ANSWERS,
        }
        for number in range(1, 4)
    ]
    return pair_queue(
        **{"name": "Order answers", "kind": "ranking", "guidelines": "", "tasks": tasks, **changes}
    )


AGREEMENT = {
    "items": 412,
    "raters": 4,
    "statistics": [
        {"name": "raw", "value": 0.742, "low": 0.709, "high": 0.775},
        {"name": "cohen_kappa", "value": 0.613, "low": 0.561, "high": 0.664},
        {"name": "fleiss_kappa", "value": 0.607, "low": 0.556, "high": 0.659},
        {"name": "krippendorff_alpha", "value": 0.608, "low": 0.555, "high": 0.660},
        {"name": "gwet_ac2", "value": 0.689, "low": 0.647, "high": 0.731},
    ],
    "pairs": [
        {"first": "Amina", "second": "Björn", "items": 203, "raw": 0.79, "kappa": 0.69},
        {"first": "Amina", "second": "Chen", "items": 198, "raw": 0.76, "kappa": 0.65},
        {"first": "Amina", "second": "Dora", "items": 120, "raw": 0.58, "kappa": 0.36},
        {"first": "Björn", "second": "Chen", "items": 210, "raw": 0.81, "kappa": 0.72},
        {"first": "Björn", "second": "Dora", "items": 118, "raw": 0.55, "kappa": 0.31},
        {"first": "Chen", "second": "Dora", "items": 90, "raw": 0.61, "kappa": 0.40},
    ],
}

JUDGES = [
    {
        "name": "gpt-4", "kind": "model", "items": 380, "raw": 0.671, "kappa": 0.52,
        "confusion": [[112, 14, 12, 4], [16, 98, 10, 6], [18, 15, 31, 3], [9, 11, 4, 17]],
    },
    {
        "name": "pair-ranker", "kind": "ranker", "items": 401, "raw": 0.574, "kappa": 0.31,
        "confusion": [[120, 40, 22, 12], [31, 110, 24, 20], [0, 0, 0, 0], [0, 0, 0, 0]],
    },
]


def person_figures(person_id, name, state, votes, seconds, same, gold, side, others):
    """One row of the table of people."""
    return {
        "person_id": person_id, "name": name, "role": "annotator", "state": state, "votes": votes,
        "skips": votes // 30, "quota": 300, "median_seconds": seconds,
        "self_consistency": {"same": same[0], "total": same[1]},
        "gold": {"correct": gold[0], "total": gold[1]}, "side_a_share": side,
        "agreement_with_others": others, "last_vote_at": "2026-03-02T15:42:00Z",
    }


PEOPLE = [
    person_figures(101, "Amina", "active", 288, 31.4, (27, 29), (30, 31), 0.51, 0.76),
    person_figures(102, "Björn", "active", 264, 27.0, (24, 26), (27, 29), 0.49, 0.78),
    person_figures(103, "Chen", "active", 240, 44.8, (23, 24), (25, 26), 0.53, 0.77),
    person_figures(104, "Dora", "expired", 131, 6.2, (7, 13), (9, 15), 0.71, 0.58),
    person_figures(105, "Emeka", "revoked", 0, None, (0, 0), (0, 0), None, None),
]
