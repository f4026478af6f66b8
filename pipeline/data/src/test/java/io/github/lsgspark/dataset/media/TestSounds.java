package io.github.lsgspark.dataset.media;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Sound files that are made here. */
public final class TestSounds {
  private TestSounds() {}

  /** A sine of amplitude 1/2. */
  public static float[] tone(double hertz, double seconds, int rate) {
    float[] samples = new float[(int) Math.round(seconds * rate)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (float) (0.5 * Math.sin(2 * Math.PI * hertz * i / rate));
    }
    return samples;
  }

  /** A WAV file of 16-bit samples. */
  public static byte[] wav(int rate, float[]... channels) {
    int length = channels[0].length;
    ByteBuffer bytes = header(1, 16, rate, channels.length, length);
    for (int i = 0; i < length; i++) {
      for (float[] channel : channels) {
        bytes.putShort((short) Math.round(channel[i] * 32767));
      }
    }
    return bytes.array();
  }

  /** A WAV file of floats. */
  public static byte[] floatWav(int rate, float[]... channels) {
    int length = channels[0].length;
    ByteBuffer bytes = header(3, 32, rate, channels.length, length);
    for (int i = 0; i < length; i++) {
      for (float[] channel : channels) {
        bytes.putFloat(channel[i]);
      }
    }
    return bytes.array();
  }

  private static ByteBuffer header(int format, int bits, int rate, int channels, int length) {
    int frame = channels * bits / 8;
    ByteBuffer bytes = ByteBuffer.allocate(44 + length * frame).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + length * frame);
    bytes.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    bytes.putShort((short) format).putShort((short) channels).putInt(rate).putInt(rate * frame);
    bytes.putShort((short) frame).putShort((short) bits);
    return bytes.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(length * frame);
  }

  /** Both files behind one another. */
  public static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(first);
    out.writeBytes(second);
    return out.toByteArray();
  }

  /** The share of a sound's power at a frequency, and its root mean square over the middle. */
  public record Heard(double share, double level) {

    /** Listens to the middle half. */
    public static Heard of(float[] samples, int rate, double hertz) {
      int from = samples.length / 4;
      int to = from + (int) (Math.floor(samples.length / 2.0 * hertz / rate) * rate / hertz);
      double cosine = 0;
      double sine = 0;
      double squares = 0;
      for (int i = from; i < to; i++) {
        cosine += samples[i] * Math.cos(2 * Math.PI * hertz * i / rate);
        sine += samples[i] * Math.sin(2 * Math.PI * hertz * i / rate);
        squares += (double) samples[i] * samples[i];
      }
      int n = to - from;
      return new Heard(2 * (cosine * cosine + sine * sine) / n / squares, Math.sqrt(squares / n));
    }
  }
}
