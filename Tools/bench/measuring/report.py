"""Writes what was measured: tables for people, Markdown for a README, JSON for machines."""
from measuring import child


def heading(machine, versions, settings):
    """The lines above all tables."""
    load = " ".join(f"{value:.2f}" for value in machine["load_at_start"])
    lines = [
        f"machine   {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory_gib']} GiB, {machine['kernel']}",
        f"load      {load} at the start",
        "versions  " + ", ".join(f"{name} {version}" for name, version in versions.items()),
        f"runs      {settings.runs}, contenders taking turns; medians of rates",
    ]
    # Half a core that others use is enough to change what two threads can do.
    if machine["load_at_start"][0] > 0.5:
        lines.append("note      the machine is busy: rates are lower, and ratios less certain")
    if settings.scale != 1:
        lines.append(
            f"scale     {settings.scale}: smaller inputs than the goals speak of; goals are not judged")
    return "\n".join(lines) + "\n"


def table(contest, judged):
    """A contest's table, with the ratios and the goals below it."""
    lines = [f"{contest.title}   [{contest.unit}/s]"]
    width = max(len(contender.name) for contender in contest.contenders)
    for contender in contest.contenders:
        facts = contender.report()
        line = (
            f"  {contender.name:{width}}  n {facts['n']}  median {_number(facts['median']):>9}"
            f"  min {_number(facts['min']):>9}  max {_number(facts['max']):>9}"
            f"  {facts['seconds_median']:8.2f} s for {facts['items']:,}")
        if facts["peak_bytes"] > child.floor():
            line += f"  {facts['peak_bytes'] / 1e6:,.0f} MB"
        lines.append(line)
    own = contest.ours()
    goals = {
        (contest.named(goal.contender).name, goal.against): (goal, met)
        for goal, _, met in contest.verdicts() if goal.kind == "ratio"}
    for ours in own:
        for peer in contest.contenders:
            if peer in own:
                continue
            low, high = contest.rounds_ratio(ours, peer)
            line = f"  {ours.name}: " if len(own) > 1 else "  "
            line += f"{ours.rate / peer.rate:.2f} times {peer.name}"
            if len(ours.turns) > 1:
                line += f" (rounds: {low:.2f} to {high:.2f})"
            if (ours.name, peer.name) in goals:
                goal, met = goals[ours.name, peer.name]
                line += f"; goal {goal.limit:.3g}{_verdict(met, judged)}"
            lines.append(line)
    for goal, value, met in contest.verdicts():
        name = f"{goal.contender}: " if goal.contender else ""
        if goal.kind == "seconds":
            lines.append(
                f"  {name}{value:.1f} s; goal below {goal.limit:.0f} s{_verdict(met, judged)}")
        elif goal.kind == "latency":
            lines.append(
                f"  {name}{goal.measure} {value * 1e3:.1f} ms; goal below {goal.limit * 1e3:.0f} ms"
                f"{_verdict(met, judged)}")
        elif goal.kind == "peak":
            lines.append(
                f"  {name}peak memory {value / 1e6:,.0f} MB; goal below {goal.limit / 1e6:,.0f} MB"
                f"{_verdict(met, judged)}")
    return "\n".join(lines + [f"  {note}" for note in contest.notes]) + "\n"


def markdown(contests, machine, settings):
    """One table of all goals."""
    lines = [
        f"Medians of {settings.runs} rounds on {machine['cores']} cores ({machine['processor']}):",
        "",
        "| work | peer | mixinstruct | ratio or value | goal |",
        "|---|---|---|---|---|",
    ]
    for contest in contests:
        for goal, value, _ in contest.verdicts():
            ours = contest.named(goal.contender)
            name = f", {goal.contender.removeprefix('mixinstruct ')}" if goal.contender else ""
            rate, peer = f"{_number(ours.rate)} {contest.unit}/s", ""
            if goal.kind == "ratio":
                against = contest.named(goal.against)
                peer = f"{against.name}, {_number(against.rate)} {contest.unit}/s"
                found, wanted = f"{value:.3g} times", f"{goal.limit:.3g} times"
            elif goal.kind == "seconds":
                found, wanted = f"{value:.1f} s", f"below {goal.limit:.0f} s"
            elif goal.kind == "latency":
                found = f"{goal.measure} {value * 1e3:.1f} ms"
                wanted = f"below {goal.limit * 1e3:.0f} ms"
            else:
                found = f"{value / 1e6:,.0f} MB at most"
                wanted = f"below {goal.limit / 1e6:,.0f} MB"
            lines.append(f"| {contest.title}{name} | {peer} | {rate} | {found} | {wanted} |")
    notes = [f"- {contest.title}: {note}" for contest in contests for note in contest.notes]
    return "\n".join(lines + [""] * bool(notes) + notes) + "\n"


def document(topic, contest):
    """The same as JSON."""
    return {
        "topic": topic, "title": contest.title, "unit": contest.unit,
        "contenders": [contender.report() for contender in contest.contenders],
        "goals": [
            {"kind": goal.kind, "against": goal.against, "limit": goal.limit, "value": value,
             "met": met, "measure": goal.measure, "contender": contest.named(goal.contender).name}
            for goal, value, met in contest.verdicts()],
        "notes": contest.notes,
    }


def _number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _verdict(met, judged):
    if not judged:
        return ""
    return ": met" if met else ": MISSED"
