"""Contenders that take turns at one piece of work, and what is to hold between them."""
import statistics
import sys
from dataclasses import dataclass, field


@dataclass
class Turn:
    """One run of a contender: how much it did in how many seconds, with which memory."""
    items: int
    seconds: float
    peak_bytes: int = 0
    # Seconds by what was measured, such as 'vote p99'.
    latencies: dict = field(default_factory=dict)

    @property
    def rate(self):
        return self.items / self.seconds


@dataclass
class Contender:
    """Who takes part: `run` is called with the number of the round and gives a `Turn`."""
    name: str
    run: object
    turns: list = field(default_factory=list)

    @property
    def rate(self):
        return statistics.median(turn.rate for turn in self.turns)

    @property
    def peak_bytes(self):
        return max(turn.peak_bytes for turn in self.turns)

    def report(self):
        rates = [turn.rate for turn in self.turns]
        return {
            "name": self.name, "n": len(rates), "items": self.turns[0].items,
            "median": self.rate, "min": min(rates), "max": max(rates), "rates": rates,
            "seconds_median": statistics.median(turn.seconds for turn in self.turns),
            "seconds": [turn.seconds for turn in self.turns],
            "peak_bytes": self.peak_bytes, "latencies": [turn.latencies for turn in self.turns],
        }


@dataclass
class Goal:
    """What must hold: `kind` is 'ratio' (against a peer), 'seconds', 'peak' or 'latency' (of ours).

    `contender` names which of ours, where several take part; `measure` which latency.
    """
    kind: str
    limit: float
    against: str = ""
    contender: str = ""
    measure: str = ""


class Contest:
    """One piece of work. The contenders that goals name are ours, or those of our name, or the first."""

    def __init__(self, title, unit, contenders, goals=(), check=None):
        """`check` is called after the last round: it gives notes, and fails when results are wrong."""
        self.title, self.unit = title, unit
        self.contenders, self.goals, self.notes = contenders, list(goals), []
        self.check = check

    def run(self, rounds):
        """Lets the contenders take turns; who starts changes with the round."""
        for number in range(rounds):
            start = number % len(self.contenders)
            for contender in self.contenders[start:] + self.contenders[:start]:
                say(f"{self.title}: round {number + 1} of {rounds}, {contender.name}")
                contender.turns.append(contender.run(number))
        say("")
        if self.check:
            self.notes = self.check()

    def named(self, name):
        """A contender; the first one when there is no name."""
        return next(each for each in self.contenders if each.name == (name or self.contenders[0].name))

    def ours(self):
        """The contenders that are not peers."""
        names = {goal.contender for goal in self.goals if goal.contender}
        names |= {each.name for each in self.contenders if each.name.startswith("mixinstruct ")}
        return [each for each in self.contenders if each.name in names] or self.contenders[:1]

    def verdicts(self):
        """Each goal with what was measured and whether it holds."""
        for goal in self.goals:
            ours = self.named(goal.contender)
            if goal.kind == "ratio":
                value = ours.rate / self.named(goal.against).rate
                yield goal, value, value >= goal.limit
            elif goal.kind == "seconds":
                value = statistics.median(turn.seconds for turn in ours.turns)
                yield goal, value, value < goal.limit
            elif goal.kind == "latency":
                value = statistics.median(turn.latencies[goal.measure] for turn in ours.turns)
                yield goal, value, value < goal.limit
            else:
                yield goal, ours.peak_bytes, ours.peak_bytes < goal.limit

    def rounds_ratio(self, ours, peer):
        """The least and the greatest ratio of one of ours to a peer within one round."""
        ratios = [mine.rate / theirs.rate for mine, theirs in zip(ours.turns, peer.turns)]
        return min(ratios), max(ratios)


def say(text):
    """Shows what is going on, on one line, where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K" + text[:100])
        sys.stderr.flush()
