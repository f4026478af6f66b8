package io.github.lsgspark.torch;

/** Another replica failed, or was not heard of in time: what this one did is not to blame. */
public final class LostPeerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what this replica was about
   */
  public LostPeerException(String message, Throwable cause) {
    super(message, cause);
  }
}
