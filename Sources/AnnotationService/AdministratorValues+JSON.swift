package import Annotation
package import JSON
internal import Records

extension QueueOverview {
  /// The value as the API and reports have it.
  package var json: JSONObject {
    [
      "queue_id": .integer(queueID), "name": .string(name), "kind": .string(kind.rawValue),
      "state": .string(state.rawValue), "overlap": JSONValue(overlap),
      "tasks": JSONValue(tasks), "votes_needed": JSONValue(votesNeeded),
      "votes": JSONValue(votes), "skips": JSONValue(skips), "leased": JSONValue(leased),
      "complete_tasks": JSONValue(completeTasks), "conflicts": JSONValue(conflicts),
      "votes_per_hour": .array(
        votesPerHour.map { ["hour": JSONValue($0.hour), "votes": JSONValue($0.votes)] }),
      "estimated_end": JSONValue(estimatedEnd),
    ]
  }
}

extension AgreementFigures {
  /// The value as the API and reports have it.
  package var json: JSONObject {
    [
      "items": JSONValue(items), "raters": JSONValue(raters),
      "statistics": .array(
        statistics.map {
          [
            "name": .string($0.name), "value": JSONValue($0.value), "low": JSONValue($0.low),
            "high": JSONValue($0.high),
          ]
        }),
      "pairs": .array(
        pairs.map {
          [
            "first": .string($0.first), "second": .string($0.second),
            "items": JSONValue($0.items), "raw": JSONValue($0.raw), "kappa": JSONValue($0.kappa),
          ]
        }),
    ]
  }
}

extension PersonFigures {
  /// The value as the API and reports have it.
  package var json: JSONObject {
    [
      "person_id": .integer(personID), "name": .string(name), "role": .string(role.rawValue),
      "state": .string(state.rawValue), "votes": JSONValue(votes), "skips": JSONValue(skips),
      "quota": JSONValue(quota), "median_seconds": JSONValue(medianSeconds),
      "self_consistency": [
        "same": JSONValue(selfConsistency.part), "total": JSONValue(selfConsistency.total),
      ],
      "gold": ["correct": JSONValue(gold.part), "total": JSONValue(gold.total)],
      "side_a_share": JSONValue(sideAShare),
      "agreement_with_others": JSONValue(agreementWithOthers),
      "last_vote_at": JSONValue(lastVoteAt),
    ]
  }
}

extension JudgeConfusion {
  /// The value as the API and reports have it.
  package var json: JSONObject {
    [
      "name": .string(name), "kind": .string(kind),
      "confusion": .array(confusion.map { .array($0.map { JSONValue($0) }) }),
      "items": JSONValue(items), "raw": JSONValue(raw), "kappa": JSONValue(kappa),
    ]
  }
}

extension ConflictPage {
  /// The value as the API and reports have it.
  package var json: JSONObject {
    ["total": JSONValue(total), "conflicts": .array(conflicts.map(\.json))]
  }
}

extension ConflictPage.Conflict {
  /// The value as the API and reports have it.
  package var json: JSONValue {
    [
      "task_id": .integer(taskID), "instruction": .string(instruction), "input": .string(input),
      "answers": .array(
        answers.map {
          ["label": .string($0.label), "text": .string($0.text), "model": .string($0.model)]
        }),
      "votes": .array(votes.map(\.json)), "adjudication": adjudication?.json ?? .null,
    ]
  }
}

extension ConflictPage.Vote {
  /// The value as the API and reports have it.
  package var json: JSONValue {
    [
      "person": .string(person), "verdict": .string(verdict.rawValue), "note": JSONValue(note),
      "created_at": JSONValue(createdAt),
    ]
  }
}

extension AuditEvent {
  /// The value as the API and reports have it.
  package var json: JSONObject {
    [
      "event_id": .integer(eventID), "at": JSONValue(at), "person": JSONValue(person),
      "action": .string(action), "details": .object(details),
    ]
  }
}
