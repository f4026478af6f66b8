package io.github.lsgspark.dataset;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.image.ImageDecoder;
import io.github.lsgspark.dataset.image.ImageModality;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the input of a training step costs one core: images per second decoded, made into views of
 * 224 pixels, and both with two views per image as the reference has it.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class InputBenchmark {
  private static final int PIXELS = 224;
  private static final int IMAGES = 32;

  /** A zip of JPEG files; empty: pictures of 400 x 533 pixels that are drawn here. */
  @Param("")
  public String zip;

  private final List<byte[]> files = new ArrayList<>();
  private final List<DecodedImage> decoded = new ArrayList<>();
  private ImageDecoder decoder;
  private ImageModality views;
  private FloatBuffer view;
  private int next;

  @Setup
  public void prepare() throws Exception {
    TrainSettings train = SettingsLoader.parse("").train();
    decoder = new ImageDecoder(Long.MAX_VALUE, Long.MAX_VALUE, 0);
    views =
        new ImageModality(
            decoder, PIXELS, TrainSettings.Normalization.IMAGENET, train.augmentation());
    view =
        ByteBuffer.allocateDirect(4 * views.length())
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    if (zip.isEmpty()) {
      for (int i = 0; i < IMAGES; i++) {
        files.add(drawn(i));
      }
    } else {
      read(Path.of(zip));
    }
    for (byte[] file : files) {
      decoded.add(decoder.decode(file));
    }
  }

  private void read(Path archive) throws IOException {
    try (ZipFile in = new ZipFile(archive.toFile())) {
      List<? extends ZipEntry> entries =
          in.stream().filter(entry -> entry.getName().endsWith(".jpg")).toList();
      for (int i = 0; i < IMAGES; i++) {
        ZipEntry entry = entries.get(i * entries.size() / IMAGES);
        files.add(in.getInputStream(entry).readAllBytes());
      }
    }
  }

  /** Soft shapes and noise, about as long as a photograph of its size. */
  private static byte[] drawn(int seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(400, 533, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < 60; i++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      int side = random.nextInt(20, 200);
      graphics.fillOval(random.nextInt(400) - 50, random.nextInt(533) - 50, side, side);
    }
    graphics.dispose();
    for (int y = 0; y < 533; y++) {
      for (int x = 0; x < 400; x++) {
        int noise = random.nextInt(16);
        image.setRGB(x, y, image.getRGB(x, y) ^ (noise << 16 | noise << 8 | noise));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    return out.toByteArray();
  }

  private int next() {
    next = (next + 1) % IMAGES;
    return next;
  }

  @Benchmark
  public DecodedImage decode() throws UnreadableSampleException {
    return decoder.decode(files.get(next()));
  }

  @Benchmark
  public FloatBuffer weakView() {
    views.write(decoded.get(next()), ViewKind.WEAK, next, view);
    return view;
  }

  @Benchmark
  public FloatBuffer strongView() {
    views.write(decoded.get(next()), ViewKind.STRONG, next, view);
    return view;
  }

  /** One image with two weak views, as a step without a cache of decoded images needs them. */
  @Benchmark
  public FloatBuffer decodeAndTwoViews() throws UnreadableSampleException {
    DecodedImage image = decoder.decode(files.get(next()));
    views.write(image, ViewKind.WEAK, next, view);
    views.write(image, ViewKind.WEAK, next + 1, view);
    return view;
  }
}
