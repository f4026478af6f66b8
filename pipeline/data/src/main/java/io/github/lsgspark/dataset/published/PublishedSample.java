package io.github.lsgspark.dataset.published;

/**
 * A sample of a benchmark.
 *
 * @param id path within the benchmark, the same whether it is unpacked or not
 * @param label class name
 * @param split {@link #TRAIN}, {@link #VALIDATION} or {@link #TEST}
 * @param place where its encoded bytes are
 */
public record PublishedSample(String id, String label, String split, Place place) {
  /** Values of split. */
  public static final String TRAIN = "train";

  public static final String VALIDATION = "validation";
  public static final String TEST = "test";

  /** Where the encoded bytes of a sample are. */
  public sealed interface Place {}

  /** A file that the benchmark's folder should hold. */
  public record InFile(String path) implements Place {}

  /** A piece of a file made while an archive was unpacked, named as {@link Scratch} names it. */
  public record InScratch(String piece) implements Place {}

  /** Named by the benchmark's lists, but not in its archive. */
  public record Missing(String path) implements Place {}
}
