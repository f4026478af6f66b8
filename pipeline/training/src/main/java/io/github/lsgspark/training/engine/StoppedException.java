package io.github.lsgspark.training.engine;

/** A program ended early, with its state saved, since it was asked to. */
public final class StoppedException extends Exception {
  private static final long serialVersionUID = 1L;

  public StoppedException(String message) {
    super(message);
  }
}
