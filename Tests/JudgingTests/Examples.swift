import Records

/// An example whose candidates have these texts and are called `m0`, `m1`…
func example(
  id: String = "x/1", texts: [String], instruction: String = "Add.", input: String = "2 and 3",
  output: String? = nil
) -> Example {
  Example(
    id: id, instruction: instruction, input: input, output: output,
    candidates: texts.enumerated().map { Candidate(model: "m\($0.offset)", text: $0.element) })
}
