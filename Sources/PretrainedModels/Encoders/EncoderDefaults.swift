/// Values that callers need not choose.
public enum EncoderDefaults {
  /// The most tokens that are computed together: enough to keep the threads at full speed.
  public static let tokenBudget = 4096
}
