/// The schema of MixInstruct records, as text.
public enum RecordSchema {
  /// The bytes of `Schemas/mixinstruct.schema.json`.
  public static var json: [UInt8] { PackageResources.mixinstruct_schema_json }
}
