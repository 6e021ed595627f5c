internal import CCurl
internal import Synchronization

/// Reaches a running ``HTTPEngine`` from other threads.
@safe package final class HTTPEngineControl {
  /// What becomes of the transfers in flight when the engine stops.
  package enum Stop: Int, Sendable {
    /// They are completed; nothing new is started.
    case finishingTransfers = 1
    /// They end with ``HTTPFailure/Kind/cancelled``.
    case abortingTransfers = 2
  }

  let multi: UnsafeMutableRawPointer
  let watch: SocketWatch
  private let stopRequest = Atomic<Int>(0)
  private let wakeRequest = Atomic<Bool>(false)

  init(multi: UnsafeMutableRawPointer, watch: SocketWatch) {
    unsafe self.multi = multi
    self.watch = watch
    unsafe watch.attach(to: multi)
  }

  deinit {
    withoutPipeSignal { _ = unsafe curl_multi_cleanup(multi) }
  }

  /// Makes the engine ask for requests again.
  package func wakeUp() {
    wakeRequest.store(true, ordering: .releasing)
    watch.wakeUp()
  }

  /// Stops the engine: no further request is asked for.
  ///
  /// - Parameter stop: what becomes of transfers in flight; aborting cannot be taken back.
  package func stop(_ stop: Stop) {
    _ = stopRequest.max(stop.rawValue, ordering: .acquiringAndReleasing)
    wakeUp()
  }

  /// The request to stop, if there is one.
  var stop: Stop? { Stop(rawValue: stopRequest.load(ordering: .acquiring)) }

  /// Whether somebody woke the engine since the last call.
  func takeWakeUp() -> Bool { wakeRequest.exchange(false, ordering: .acquiringAndReleasing) }
}

// Other threads use only the watch's event descriptor and the atomics; the handle lives until the
// last reference to the control is gone, and the watch longer than the handle.
extension HTTPEngineControl: @unchecked Sendable {}
