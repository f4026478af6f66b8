package io.github.lsgspark.dataset.synthetic;

import io.github.lsgspark.config.DataSettings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Sounds one tone of random pitch, length, loudness and beginning over noise, as a 16-bit WAV file
 * of 16 kHz: "low buzzing rising tone".
 */
final class AudioGenerator implements SampleGenerator {
  static final int RATE = 16_000;

  private static final int HEADER_BYTES = 44;
  private static final int OVERTONES = 8;

  /** Where the tone begins, in Hz. */
  enum Pitch {
    LOW(180),
    MIDDLE(520),
    HIGH(1500);

    private final double hertz;

    Pitch(double hertz) {
      this.hertz = hertz;
    }
  }

  /** How strong its overtones are. */
  enum Timbre {
    PURE,
    BUZZING,
    HOLLOW,
    BREATHY;

    /** Amplitude of overtone k, from 1. */
    private double amplitude(int k) {
      return switch (this) {
        case PURE, BREATHY -> k == 1 ? 1 : 0;
        case BUZZING -> 1.0 / k;
        case HOLLOW -> k % 2 == 1 ? 1.0 / k : 0;
      };
    }
  }

  /** What becomes of pitch or loudness while it lasts. */
  enum Movement {
    STEADY,
    RISING,
    FALLING,
    WARBLING,
    PULSING,
    FADING
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (Pitch pitch : Pitch.values()) {
      for (Timbre timbre : Timbre.values()) {
        for (Movement movement : Movement.values()) {
          names.add((pitch + " " + timbre + " " + movement + " tone").toLowerCase(Locale.ROOT));
        }
      }
    }
    return names;
  }

  @Override
  public String extension() {
    return ".wav";
  }

  @Override
  public byte[] make(String name, DataSettings.DrawnSettings settings, long seed) {
    String[] words = name.toUpperCase(Locale.ROOT).split(" ");
    SplittableRandom random = new SplittableRandom(seed);
    int length = (int) Math.round(settings.seconds() * RATE);
    double[] sound = new double[length];
    int begin = (int) (length * 0.25 * random.nextDouble());
    int lasts = (int) ((length - begin) * (0.6 + 0.4 * random.nextDouble()));
    tone(
        sound,
        begin,
        lasts,
        Pitch.valueOf(words[0]),
        Timbre.valueOf(words[1]),
        Movement.valueOf(words[2]),
        random);
    double loudness = 0.1 + 0.4 * random.nextDouble();
    double noise = 0.15 + 0.45 * random.nextDouble();
    for (int i = 0; i < length; i++) {
      sound[i] = loudness * (sound[i] + noise * random.nextGaussian());
    }
    return wav(sound);
  }

  private static void tone(
      double[] sound,
      int begin,
      int lasts,
      Pitch pitch,
      Timbre timbre,
      Movement movement,
      SplittableRandom random) {
    double hertz = pitch.hertz * Math.pow(2, 0.7 * (random.nextDouble() - 0.5));
    double beats = (5 + 3 * random.nextDouble()) / RATE;
    double phase = 2 * Math.PI * random.nextDouble();
    double breath = 0;
    for (int i = 0; i < lasts; i++) {
      double part = (double) i / lasts;
      double swing = Math.sin(2 * Math.PI * beats * i);
      double now =
          hertz
              * switch (movement) {
                case RISING -> Math.pow(2, 1.2 * part);
                case FALLING -> Math.pow(2, -1.2 * part);
                case WARBLING -> Math.pow(2, 0.25 * swing);
                case STEADY, PULSING, FADING -> 1;
              };
      phase += 2 * Math.PI * now / RATE;
      double value = 0;
      for (int k = 1; k <= OVERTONES && k * now < RATE / 2.0; k++) {
        value += timbre.amplitude(k) * Math.sin(k * phase);
      }
      if (timbre == Timbre.BREATHY) {
        breath += 0.2 * (random.nextGaussian() - breath);
        value += 1.5 * breath;
      }
      double loud =
          switch (movement) {
            case PULSING -> swing > 0 ? 1 : 0.05;
            case FADING -> (1 - part) * (1 - part);
            default -> 1;
          };
      // A few milliseconds at each end, so that the tone does not click.
      double edge = Math.min(1, Math.min(i, lasts - i) / (0.01 * RATE));
      sound[begin + i] = value * loud * edge;
    }
  }

  private static byte[] wav(double[] sound) {
    int bytes = 2 * sound.length;
    ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(HEADER_BYTES - 8 + bytes).put(ascii("WAVEfmt "));
    file.putInt(16).putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(2 * RATE);
    file.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(bytes);
    for (double value : sound) {
      file.putShort((short) Math.round(32767 * Math.max(-1, Math.min(1, value))));
    }
    return file.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }
}
