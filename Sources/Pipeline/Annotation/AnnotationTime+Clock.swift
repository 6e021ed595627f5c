package import Annotation
internal import Foundation

extension AnnotationTime {
  /// The moment that the system's clock shows.
  package static func current() -> AnnotationTime {
    AnnotationTime(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }
}
