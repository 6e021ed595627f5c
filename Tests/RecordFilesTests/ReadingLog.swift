import RecordFiles
import Records

/// All that a reader gives: records as `place:text`, errors as `!message` without the file's name.
func readAll(_ path: String, recordLimit: Int = 1 << 20) -> [String] {
  var log: [String] = []
  do throws(RecordFileError) {
    let reader = try RecordFileReader(path: path, recordLimit: recordLimit)
    while true {
      do throws(RecordFileError) {
        guard try reader.advance() else { return log }
        let text = unsafe reader.withRecord { unsafe String(decoding: $0, as: UTF8.self) }
        log.append("\(reader.location):\(text)")
      } catch {
        log.append("!" + error.rule + "@" + (error.location.map { "\($0)" } ?? "file"))
        if !error.isRecoverable { return log }
      }
    }
  } catch {
    return ["!" + error.rule + "@" + (error.location.map { "\($0)" } ?? "file")]
  }
}
