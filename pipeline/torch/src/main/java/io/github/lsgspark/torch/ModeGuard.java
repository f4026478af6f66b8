package io.github.lsgspark.torch;

/** A mode of this thread that lasts until it is closed. */
public interface ModeGuard extends AutoCloseable {
  @Override
  void close();
}
