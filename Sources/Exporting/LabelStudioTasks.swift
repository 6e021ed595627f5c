internal import JSON
internal import Records

/// Tasks of Label Studio for the configuration in `Schemas/label-studio.config.xml`: a `Pairwise`
/// control named `comparison`, and a `Choices` control named `tie` for what it cannot say.
///
/// Source: Label Studio's task format. Its editor writes the control's own name as the object of a
/// pairwise result; we name the first answer, which the editor takes as well and which the check of
/// label-studio-sdk 2.1 asks for.
enum LabelStudioTasks {
  static func record(_ task: AnnotationTask) -> JSONObject {
    let example = task.example
    return [
      "data": [
        "prompt": .string(example.prompt),
        "answer1": .string(example.candidates[task.first].text),
        "answer2": .string(example.candidates[task.second].text),
        "example_id": .string(example.id), "model1": .string(task.firstModel),
        "model2": .string(task.secondModel),
      ],
      "predictions": .array(
        task.models.map { said in
          ["model_version": .string(said.judge), "result": [result(said.verdict)]]
        }),
      "annotations": .array(
        task.people.map { said in
          [
            "completed_by": ["email": .string(member(said.judge))], "was_cancelled": false,
            "ground_truth": false, "result": [result(said.verdict)],
          ]
        }),
    ]
  }

  /// The address of a person who has one as name, by which the server knows its members.
  private static func member(_ judge: String) -> String {
    let prefix = "person:"
    return judge.hasPrefix(prefix) && judge.contains("@")
      ? String(judge.dropFirst(prefix.count)) : judge
  }

  private static func result(_ verdict: Verdict) -> JSONValue {
    guard verdict.isTie else {
      return [
        "id": "verdict", "type": "pairwise", "from_name": "comparison", "to_name": "answer1",
        "value": ["selected": .string(verdict == .aIsBetter ? "left" : "right")],
      ]
    }
    return [
      "id": "verdict", "type": "choices", "from_name": "tie", "to_name": "prompt",
      "value": ["choices": [.string(verdict.rawValue)]],
    ]
  }
}
