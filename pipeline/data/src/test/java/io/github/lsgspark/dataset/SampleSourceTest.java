package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.image.TestImages;
import io.github.lsgspark.testing.FaultyFileSystem;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleSourceTest {
  private static final int COUNT = 12;

  @TempDir Path folder;
  private final List<Sample> samples = new ArrayList<>();

  @BeforeEach
  void pack() throws Exception {
    ByteArrayOutputStream pack = new ByteArrayOutputStream();
    Path file = folder.resolve("part-00000-1.pack");
    for (int i = 0; i < COUNT; i++) {
      byte[] image = TestImages.gradient(8 + i, 9, "png");
      String reference = FaultyFileSystem.path(file) + "#" + pack.size() + "+" + image.length;
      samples.add(new Sample("sample " + i, i, reference));
      pack.write(image);
    }
    Files.write(file, pack.toByteArray());
    FaultyFileSystem.failReads(0);
  }

  private static SampleSource source(SampleCache cache) {
    return new SampleSource(
        FaultyFileSystem.configuration(), InputSpec.reading(SettingsLoader.parse("")), cache);
  }

  @Test
  void placesAreRead() {
    assertThat(Place.of("a/part-1-2.pack#30+4")).isEqualTo(new Place("a/part-1-2.pack", 30, 4));
    assertThat(Place.of("a/photo #3+4.jpg").isWhole()).isTrue();
    assertThat(Place.of("s3a://b/x.pack#0+9")).hasToString("s3a://b/x.pack#0+9");
  }

  @Test
  void severalThreadsReadOnePack() {
    try (SampleSource source = source(SampleCache.off())) {
      int[] widths =
          IntStream.range(0, 20 * COUNT)
              .parallel()
              .map(i -> source.decode(samples.get(i % COUNT)).width())
              .toArray();
      for (int i = 0; i < widths.length; i++) {
        assertThat(widths[i]).isEqualTo(8 + i % COUNT);
      }
    }
  }

  @Test
  void oneFailureIsRetriedAndTwoNameTheSample() {
    try (SampleSource source = source(SampleCache.off())) {
      FaultyFileSystem.failReads(1);
      assertThat(source.decode(samples.get(3)).width()).isEqualTo(11);
      FaultyFileSystem.failReads(2);
      assertThatThrownBy(() -> source.decode(samples.get(4)))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("sample 4")
          .hasMessageContaining(samples.get(4).reference())
          .hasMessageContaining("the network is down");
      assertThat(source.decode(samples.get(4)).width()).isEqualTo(12);
    }
  }

  @Test
  void whatIsGoneOrShorterIsNamed() throws Exception {
    try (SampleSource source = source(SampleCache.off())) {
      Sample missing = new Sample("gone", 0, FaultyFileSystem.path(folder.resolve("no.jpg")));
      assertThatThrownBy(() -> source.decode(missing))
          .isInstanceOf(LsgException.class)
          .hasMessageContaining("gone")
          .hasMessageContaining("no.jpg");
      Path pack = folder.resolve("part-00000-1.pack");
      Files.write(pack, java.util.Arrays.copyOf(Files.readAllBytes(pack), 50));
      assertThatThrownBy(() -> source.decode(samples.get(COUNT - 1)))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("sample " + (COUNT - 1));
    }
  }

  @Test
  void theSecondEpochComesFromTheLocalDisk() throws Exception {
    SampleCache cache = SampleCache.in(folder).limitedTo(1 << 20);
    try (SampleSource source = source(cache)) {
      int before = FaultyFileSystem.reads();
      for (int epoch = 0; epoch < 3; epoch++) {
        for (Sample sample : samples) {
          assertThat(source.decode(sample).width()).isEqualTo(8 + sample.label());
        }
      }
      assertThat(FaultyFileSystem.reads() - before).isEqualTo(COUNT);
      long bytes = Files.size(folder.resolve("part-00000-1.pack"));
      assertThat(cache.counts()).isEqualTo(new SampleCache.Counts(2 * COUNT, COUNT, bytes));
    }
    // The file has no name any more: it goes with the JVM, however that ends.
    assertThat(folder.toFile().list()).containsExactly("part-00000-1.pack");
  }

  @Test
  void aFullCacheKeepsWhatItHas() throws Exception {
    long half = Files.size(folder.resolve("part-00000-1.pack")) / 2;
    SampleCache cache = SampleCache.in(folder).limitedTo(half);
    try (SampleSource source = source(cache)) {
      for (int epoch = 0; epoch < 2; epoch++) {
        samples.forEach(source::decode);
      }
    }
    assertThat(cache.counts().bytes()).isPositive().isLessThanOrEqualTo(half);
    assertThat(cache.counts().hits()).isPositive().isLessThan(COUNT);
  }

  @Test
  void anInterruptedThreadDoesNotCloseTheCacheForOthers() throws Exception {
    SampleCache cache = SampleCache.in(folder).limitedTo(1 << 20);
    cache.keep("a", new byte[] {1, 2, 3});
    Thread.currentThread().interrupt();
    cache.find("a");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(cache.find("a")).containsExactly(1, 2, 3);
  }

  @Test
  void localFilesAreNotCopied() throws Exception {
    SampleCache cache = SampleCache.in(folder).limitedTo(1 << 20);
    Path file = folder.resolve("plain.png");
    Files.write(file, TestImages.gradient(20, 10, "png"));
    try (SampleSource source = source(cache)) {
      assertThat(source.decode(new Sample("p", 0, file.toString())).width()).isEqualTo(20);
    }
    assertThat(cache.counts()).isEqualTo(new SampleCache.Counts(0, 0, 0));
  }
}
