package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.DataLoader.Wanted;
import io.github.lsgspark.dataset.image.ImageDecoder;
import io.github.lsgspark.dataset.image.ImageModality;
import io.github.lsgspark.dataset.image.TestImages;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DataLoaderTest {
  private static final int SIZE = 16;
  private static final int BATCH = 4;
  private static final long BATCH_BYTES = 4L * BATCH * 3 * SIZE * SIZE;
  private static final ImageModality MAKER =
      new ImageModality(
          ImageDecoder.of(SettingsLoader.parse("").prepare()),
          SIZE,
          TrainSettings.Normalization.IMAGENET,
          SettingsLoader.parse("").train().augmentation());

  @TempDir Path folder;
  private final List<Sample> samples = new ArrayList<>();
  private DataLoader loader;

  @BeforeEach
  void write() throws Exception {
    for (int i = 0; i < BATCH; i++) {
      Path file = folder.resolve(i + ".png");
      Files.write(file, TestImages.gradient(20 + i, 17, "png"));
      samples.add(new Sample("s" + i, i, file.toString()));
    }
    loader = loader(3 * BATCH_BYTES, 0);
  }

  @AfterEach
  void close() {
    loader.close();
  }

  private static DataLoader loader(long prefetch, long decoded) {
    return new DataLoader(
        new SampleSource(new Configuration(), MAKER),
        new TrainSettings.InputSettings(2, prefetch, decoded, 0),
        1);
  }

  private List<Wanted> batch(long number) {
    List<Wanted> wanted = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      ViewKind kind = i % 2 == 0 ? ViewKind.WEAK : ViewKind.STRONG;
      wanted.add(new Wanted(samples.get(i / 2), kind, 100 * number + i));
    }
    return wanted;
  }

  private float[] expected(long number) throws Exception {
    float[] all = new float[(int) (BATCH_BYTES / 4)];
    ImageDecoder decoder = new ImageDecoder(1 << 20, 1 << 20, 0);
    List<Wanted> wanted = batch(number);
    for (int i = 0; i < BATCH; i++) {
      byte[] file = Files.readAllBytes(Path.of(wanted.get(i).sample().reference()));
      MAKER.write(
          decoder.decode(file),
          wanted.get(i).kind(),
          wanted.get(i).seed(),
          FloatBuffer.wrap(all, i * 3 * SIZE * SIZE, 3 * SIZE * SIZE).slice());
    }
    return all;
  }

  @Test
  void batchesComeInOrderWithWhatWasPlanned() throws Exception {
    List<Long> planned = Collections.synchronizedList(new ArrayList<>());
    try (Prefetcher stream =
        loader.open(
            number -> {
              planned.add(number);
              return batch(number);
            },
            3,
            40)) {
      for (long number = 3; number < 40; number++) {
        try (ViewBatch views = stream.next()) {
          assertThat(views.views().shape()).containsExactly(BATCH, 3, SIZE, SIZE);
          assertThat(views.views().data().isDirect()).isTrue();
          assertThat(views.views().floats()).isEqualTo(expected(number));
        }
      }
      assertThat(stream.waitedNanos()).isPositive();
      assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
    }
    assertThat(planned).isSorted().hasSize(37);
  }

  @Test
  void noMoreIsMadeAheadThanFits() throws Exception {
    AtomicInteger planned = new AtomicInteger();
    try (Prefetcher stream =
        loader.open(
            number -> {
              planned.incrementAndGet();
              return batch(number);
            },
            0,
            1000)) {
      for (int taken = 1; taken < 6; taken++) {
        stream.next().close();
        // Three batches are held and a fourth is planned at most.
        for (int i = 0; i < 20; i++) {
          assertThat(stream.held()).isLessThanOrEqualTo(3 * BATCH_BYTES);
          assertThat(planned.get()).isLessThanOrEqualTo(taken + 4);
          Thread.sleep(2);
        }
        assertThat(stream.held()).isEqualTo(3 * BATCH_BYTES);
      }
    }
  }

  @Test
  void oneBatchIsMadeAheadHoweverLittleFits() throws Exception {
    try (DataLoader small = loader(1, 0);
        Prefetcher stream = small.open(this::batch, 0, 5)) {
      for (int number = 0; number < 5; number++) {
        try (ViewBatch views = stream.next()) {
          assertThat(views.views().floats()).isEqualTo(expected(number));
        }
      }
    }
  }

  @Test
  void memoryIsUsedAgainAfterCloseOnly() {
    ViewBatch first = loader.load(batch(0));
    ViewBatch second = loader.load(batch(1));
    assertThat(second.views().data()).isNotSameAs(first.views().data());
    var memory = first.views().data();
    first.close();
    first.close();
    try (ViewBatch third = loader.load(batch(2));
        ViewBatch fourth = loader.load(batch(3))) {
      assertThat(third.views().data()).isSameAs(memory);
      assertThat(fourth.views().data()).isNotSameAs(memory);
    }
    assertThatThrownBy(first::views).isInstanceOf(IllegalStateException.class);
    second.close();
  }

  @Test
  void aViewThatFailsFailsItsBatchWithTheSameException() throws Exception {
    List<Wanted> bad = new ArrayList<>(batch(0));
    bad.set(2, new Wanted(new Sample("lost", 0, folder + "/lost.png"), ViewKind.WEAK, 1));
    try (Prefetcher stream = loader.open(number -> number == 2 ? bad : batch(number), 0, 9)) {
      stream.next().close();
      stream.next().close();
      for (int again = 0; again < 2; again++) {
        assertThatThrownBy(stream::next)
            .isInstanceOf(LsgException.class)
            .hasMessageContaining("lost.png");
      }
    }
    assertThatThrownBy(() -> loader.load(bad)).isInstanceOf(LsgException.class);
    try (ViewBatch views = loader.load(batch(7))) {
      assertThat(views.views().floats()).isEqualTo(expected(7));
    }
  }

  @Test
  void aPlanThatFailsFailsTheBatchesAfterIt() {
    try (Prefetcher stream =
        loader.open(
            number -> {
              if (number == 2) {
                throw new IllegalArgumentException("no plan");
              }
              return batch(number);
            },
            0,
            9)) {
      stream.next().close();
      stream.next().close();
      assertThatThrownBy(stream::next)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("no plan");
    }
  }

  @Test
  void aClosedStreamMakesNoMore() throws Exception {
    Prefetcher stream = loader.open(this::batch, 0, 1_000_000);
    stream.next().close();
    stream.close();
    assertThatThrownBy(stream::next).isInstanceOf(IllegalStateException.class);
    try (ViewBatch views = loader.load(batch(1))) {
      assertThat(views.views().floats()).isEqualTo(expected(1));
    }
  }

  @Test
  void decodedImagesAreKeptWithinTheirAllowance() {
    long one = 3L * 20 * 17;
    long before = DecodedSamples.held();
    DecodedSamples few = new DecodedSamples(before + 2 * one + 1);
    DecodedSamples more = new DecodedSamples(before + 2 * one + 1);
    DecodedImage image = new DecodedImage(20, 17, new byte[(int) one]);
    for (int round = 0; round < 3; round++) {
      few.keep("a", image);
      more.keep("b", image);
      few.keep("c", image);
    }
    assertThat(few.find("a")).isSameAs(image);
    assertThat(more.find("b")).isSameAs(image);
    assertThat(few.find("c")).isNull();
    few.close();
    more.keep("c", image);
    assertThat(more.find("c")).isSameAs(image);
    more.close();
    assertThat(DecodedSamples.held()).isEqualTo(before);
  }
}
