package io.github.lsgspark.dataset.audio;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * What the input of a training step on sounds costs one core: clips of five seconds per second,
 * decoded and made into views.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx1g")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class AudioBenchmark {
  private static final int HEADER = 44;
  private static final double SECONDS = 5;

  /** A sound file; empty: a WAV file of five seconds of noise that is made here. */
  @Param("")
  public String file;

  /** Samples per second and channels of the file that is made here. */
  @Param({"16000 1", "44100 2"})
  public String made;

  /** The front end: this program's default, PANNs' or AST's. */
  @Param({"default", "panns", "ast"})
  public String front;

  private byte[] encoded;
  private Decoded sound;
  private Modality modality;
  private FloatBuffer view;
  private long seed;

  @Setup
  public void prepare() throws Exception {
    String audio =
        switch (front) {
          case "panns" ->
              "rate = 32000, mel { window = 1024, fft = 1024, hop = 320, low = 50, high = 14000,"
                  + " scale = decibel, floor = 1e-10 }";
          case "ast" -> "mel { kind = kaldi, fft = 512, bands = 128, low = 20, floor = 1.2e-7 }";
          default -> "";
        };
    Settings settings = SettingsLoader.parse("data.modality = audio, audio { " + audio + " }");
    modality = InputSpec.reading(settings);
    String[] format = made.split(" ");
    encoded =
        file.isEmpty()
            ? noise(Integer.parseInt(format[0]), Integer.parseInt(format[1]))
            : Files.readAllBytes(Path.of(file));
    sound = modality.decode(encoded);
    view =
        ByteBuffer.allocateDirect(4 * modality.length())
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
  }

  private static byte[] noise(int rate, int channels) {
    int frame = 2 * channels;
    int bytes = (int) (SECONDS * rate) * frame;
    ByteBuffer wav = ByteBuffer.allocate(HEADER + bytes).order(ByteOrder.LITTLE_ENDIAN);
    wav.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(HEADER - 8 + bytes);
    wav.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    wav.putShort((short) 1).putShort((short) channels).putInt(rate).putInt(rate * frame);
    wav.putShort((short) frame).putShort((short) 16);
    wav.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(bytes);
    SplittableRandom random = new SplittableRandom(1);
    while (wav.hasRemaining()) {
      wav.putShort((short) random.nextInt(-8000, 8000));
    }
    return wav.array();
  }

  @Benchmark
  public Decoded decode() throws UnreadableSampleException {
    return modality.decode(encoded);
  }

  @Benchmark
  public FloatBuffer evaluationView() {
    modality.write(sound, ViewKind.EVALUATION, 0, view);
    return view;
  }

  @Benchmark
  public FloatBuffer strongView() {
    modality.write(sound, ViewKind.STRONG, seed++, view);
    return view;
  }

  /**
   * A clip with a weak and a strong view, as a step without a cache of decoded clips needs them.
   */
  @Benchmark
  public FloatBuffer decodeAndTwoViews() throws UnreadableSampleException {
    Decoded decoded = modality.decode(encoded);
    modality.write(decoded, ViewKind.WEAK, seed, view);
    modality.write(decoded, ViewKind.STRONG, seed++, view);
    return view;
  }
}
