package io.github.lsgspark.dataset.published;

/**
 * A sample of a benchmark.
 *
 * @param id path within the benchmark, the same whether it is unpacked or not
 * @param label class name; empty for an unlabelled sample
 * @param split {@link #TRAIN}, {@link #VALIDATION}, {@link #TEST} or {@link #UNLABELLED}
 * @param place where its encoded bytes are
 */
public record PublishedSample(String id, String label, String split, Place place) {
  /** Values of split. */
  public static final String TRAIN = "train";

  public static final String VALIDATION = "validation";
  public static final String TEST = "test";
  public static final String UNLABELLED = "unlabelled";

  /** Where the encoded bytes of a sample are. */
  public sealed interface Place {}

  /** A file that the benchmark's folder should hold. */
  public record InFile(String path) implements Place {}

  /** A piece of a file made while an archive was unpacked, named as {@link Scratch} names it. */
  public record InScratch(String piece) implements Place {}

  /** Named by the benchmark's lists, but not in its archive. */
  public record Missing(String path) implements Place {}
}
