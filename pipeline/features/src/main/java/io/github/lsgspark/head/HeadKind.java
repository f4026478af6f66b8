package io.github.lsgspark.head;

/**
 * A head on frozen features that {@code head.kind} can name. A public class of this kind with a
 * line in {@code META-INF/services/io.github.lsgspark.head.HeadKind} is all that a new one takes.
 */
public interface HeadKind {

  /** As a configuration writes it. */
  String label();

  /** What it is, in one line. */
  String help();

  /** Fits the head, and chooses what settings leave to it. */
  HeadFit fit(HeadProblem problem);
}
