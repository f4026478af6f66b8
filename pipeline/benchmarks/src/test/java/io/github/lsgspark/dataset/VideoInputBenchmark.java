package io.github.lsgspark.dataset;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.media.ClipWriter;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
 * What the input of a training step on videos costs one core: files of ten seconds, 320 x 240
 * pixels and 25 frames per second opened with the default settings, and views of 16 frames of 112
 * pixels made of them.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class VideoInputBenchmark {
  private static final int FRAMES = 250;
  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;

  /** A video file to open instead; empty: one that is drawn here, in MPEG-4. */
  @Param("")
  public String file;

  private Modality modality;
  private byte[] encoded;
  private Decoded clip;
  private FloatBuffer view;
  private int seed;

  @Setup
  public void prepare() throws Exception {
    Settings settings =
        SettingsLoader.parse("data.modality = video, video.frames = 16, train.image-size = 112");
    modality =
        InputSpec.of(settings, TrainSettings.Normalization.KINETICS).open(settings.prepare());
    encoded = file.isEmpty() ? ClipWriter.mp4(drawn(), 25) : Files.readAllBytes(Path.of(file));
    clip = modality.decode(encoded);
    view =
        ByteBuffer.allocateDirect(4 * modality.length())
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    System.out.printf("%d bytes of file, %d bytes of clip%n", encoded.length, clip.bytes());
  }

  /** Soft discs that wander over a ground with some noise. */
  private static List<DecodedImage> drawn() {
    List<DecodedImage> frames = new ArrayList<>();
    for (int t = 0; t < FRAMES; t++) {
      SplittableRandom random = new SplittableRandom(1);
      BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
      Graphics2D graphics = image.createGraphics();
      for (int i = 0; i < 30; i++) {
        graphics.setColor(new Color(random.nextInt(1 << 24)));
        int side = random.nextInt(20, 120);
        int x = random.nextInt(WIDTH) + t * random.nextInt(-3, 4);
        int y = random.nextInt(HEIGHT) + t * random.nextInt(-2, 3);
        graphics.fillOval(
            Math.floorMod(x, WIDTH) - side / 2, Math.floorMod(y, HEIGHT) - side / 2, side, side);
      }
      graphics.dispose();
      byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData().clone();
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] ^= (byte) random.nextInt(8);
      }
      frames.add(new DecodedImage(WIDTH, HEIGHT, pixels));
    }
    return frames;
  }

  @Benchmark
  public Decoded decode() throws UnreadableSampleException {
    return modality.decode(encoded);
  }

  @Benchmark
  public FloatBuffer weakView() {
    modality.write(clip, ViewKind.WEAK, seed++, view);
    return view;
  }

  @Benchmark
  public FloatBuffer strongView() {
    modality.write(clip, ViewKind.STRONG, seed++, view);
    return view;
  }
}
