package import Annotation
internal import Glibc

/// The time of day.
package enum SystemClock {
  /// Now.
  package static var now: AnnotationTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return AnnotationTime(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }
}
