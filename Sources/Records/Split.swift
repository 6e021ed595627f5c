/// A part of a dataset.
public enum Split: String, Sendable, CaseIterable, Hashable {
  /// For training.
  case train
  /// For choosing hyperparameters; MixInstruct's files call it `val`.
  case dev
  /// For reporting.
  case test
}
