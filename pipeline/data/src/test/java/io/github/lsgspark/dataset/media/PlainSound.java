package io.github.lsgspark.dataset.media;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Sounds as numbers in files, written by the formats' descriptions and without FFmpeg, with the
 * values that a reader must find in them.
 */
final class PlainSound {

  /** How a sample is stored. */
  enum Coding {
    U8(1, 1),
    S8(1, 1),
    S16(2, 1),
    S24(3, 1),
    S32(4, 1),
    F32(4, 3),
    F64(8, 3),
    A_LAW(1, 6),
    MU_LAW(1, 7);

    final int bytes;
    final int tag;

    Coding(int bytes, int tag) {
      this.bytes = bytes;
      this.tag = tag;
    }
  }

  /** The container. */
  enum Container {
    WAV,
    WAV_EXTENSIBLE,
    RIFX,
    RIFX_EXTENSIBLE,
    RF64,
    W64,
    AIFF,
    AIFC,
    AIFC_SOWT,
    CAF,
    CAF_LITTLE,
    AU;

    boolean holds(Coding coding) {
      return switch (this) {
        case WAV, RIFX, RF64, W64 -> coding != Coding.S8;
        case WAV_EXTENSIBLE, RIFX_EXTENSIBLE ->
            coding.tag != 6 && coding.tag != 7 && coding != Coding.S8;
        case AIFF -> coding.tag == 1 && coding != Coding.U8;
        case AIFC, CAF -> coding != Coding.U8 && !(this == AIFC && coding.tag == 1);
        case AIFC_SOWT -> coding == Coding.S16;
        case CAF_LITTLE -> coding.bytes > 1;
        case AU -> coding != Coding.U8 && coding != Coding.A_LAW;
      };
    }

    boolean isLittle() {
      return switch (this) {
        case WAV, WAV_EXTENSIBLE, RF64, W64, AIFC_SOWT, CAF_LITTLE -> true;
        default -> false;
      };
    }
  }

  final float[] heard;
  private final Container container;
  private final Coding coding;
  private final int rate;
  private final int channels;
  private final byte[] numbers;

  /**
   * @param length samples of each channel
   */
  PlainSound(Container container, Coding coding, int rate, int channels, int length) {
    this.container = container;
    this.coding = coding;
    this.rate = rate;
    this.channels = channels;
    heard = new float[length];
    ByteBuffer out = ByteBuffer.allocate(length * channels * coding.bytes).order(order());
    for (int i = 0; i < length; i++) {
      double sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += put(out, 0.8 * Math.sin(0.05 * (c + 1) * i + c));
      }
      heard[i] = (float) (sum / channels);
    }
    numbers = out.array();
  }

  /** Writes a sample, and says what it is when it is read. */
  private double put(ByteBuffer out, double value) {
    switch (coding) {
      case F32 -> out.putFloat((float) value);
      case F64 -> out.putDouble(value);
      case A_LAW, MU_LAW -> {
        byte code = (byte) Math.round(127 * value);
        out.put(code);
        return coding == Coding.A_LAW ? fromALaw(code) : fromMuLaw(code);
      }
      default -> {
        long number = Math.round(value * ((1L << (8 * coding.bytes - 1)) - 1));
        long stored = coding == Coding.U8 ? number + 128 : number;
        for (int i = 0; i < coding.bytes; i++) {
          int place = out.order() == ByteOrder.LITTLE_ENDIAN ? i : coding.bytes - 1 - i;
          out.put((byte) (stored >> (8 * place)));
        }
        return number / (double) (1L << (8 * coding.bytes - 1));
      }
    }
    return value;
  }

  /** ITU-T G.711, table 1a. */
  private static double fromALaw(byte code) {
    int a = (code ^ 0x55) & 0xFF;
    int exponent = a >> 4 & 7;
    int mantissa = (a & 15) << 4;
    int level = exponent == 0 ? mantissa + 8 : mantissa + 0x108 << exponent - 1;
    return ((a & 0x80) == 0 ? -level : level) / 32768.0;
  }

  /** ITU-T G.711, table 2a. */
  private static double fromMuLaw(byte code) {
    int u = ~code & 0xFF;
    int level = (((u & 15) << 3) + 0x84 << (u >> 4 & 7)) - 0x84;
    return ((u & 0x80) == 0 ? level : -level) / 32768.0;
  }

  private ByteOrder order() {
    return container.isLittle() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  /** The whole file. */
  byte[] file() {
    return file(numbers.length);
  }

  /**
   * The file with another number of bytes in its header.
   *
   * @param stated bytes of sound; -1: all bits set
   */
  byte[] file(long stated) {
    return switch (container) {
      case WAV, WAV_EXTENSIBLE, RIFX, RIFX_EXTENSIBLE -> wav(stated);
      case RF64 -> rf64(stated);
      case W64 -> w64(stated);
      case AIFF, AIFC, AIFC_SOWT -> aiff(stated);
      case CAF, CAF_LITTLE -> caf(stated);
      case AU -> au(stated);
    };
  }

  private ByteBuffer format() {
    boolean extensible = container.name().endsWith("EXTENSIBLE");
    int frame = channels * coding.bytes;
    ByteBuffer out = ByteBuffer.allocate(extensible ? 40 : 16).order(order());
    out.putShort((short) (extensible ? 0xFFFE : coding.tag)).putShort((short) channels);
    out.putInt(rate).putInt(rate * frame).putShort((short) frame);
    out.putShort((short) (8 * coding.bytes));
    if (extensible) {
      out.putShort((short) 22).putShort((short) (8 * coding.bytes)).putInt(0);
      out.putInt(coding.tag).putShort((short) 0).putShort((short) 0x10);
      out.order(ByteOrder.BIG_ENDIAN).putLong(0x800000AA00389B71L);
    }
    return out;
  }

  private byte[] wav(long stated) {
    ByteBuffer format = format();
    ByteBuffer out = ByteBuffer.allocate(28 + format.capacity() + numbers.length);
    out.order(order()).put(ascii(container.isLittle() ? "RIFF" : "RIFX"));
    out.putInt((int) (stated == numbers.length ? out.capacity() - 8 : stated));
    out.put(ascii("WAVEfmt ")).putInt(format.capacity()).put(format.array());
    return out.put(ascii("data")).putInt((int) stated).put(numbers).array();
  }

  private byte[] rf64(long stated) {
    ByteBuffer out = ByteBuffer.allocate(12 + 36 + 24 + 8 + numbers.length);
    out.order(ByteOrder.LITTLE_ENDIAN).put(ascii("RF64")).putInt(-1).put(ascii("WAVEds64"));
    out.putInt(28).putLong(out.capacity() - 8).putLong(stated);
    out.putLong(heard.length).putInt(0).put(ascii("fmt ")).putInt(16).put(format().array());
    return out.put(ascii("data")).putInt(-1).put(numbers).array();
  }

  private byte[] w64(long stated) {
    ByteBuffer out = ByteBuffer.allocate(40 + 40 + 24 + numbers.length);
    out.order(ByteOrder.LITTLE_ENDIAN);
    out.put(ascii("riff")).put(hex("2E91CF11A5D628DB04C10000")).putLong(out.capacity());
    out.put(ascii("wave")).put(hex("F3ACD3118CD100C04F8EDB8A"));
    out.put(ascii("fmt ")).put(hex("F3ACD3118CD100C04F8EDB8A")).putLong(40).put(format().array());
    out.put(ascii("data")).put(hex("F3ACD3118CD100C04F8EDB8A"));
    return out.putLong(stated > 0 ? stated + 24 : stated).put(numbers).array();
  }

  private byte[] aiff(long stated) {
    boolean plain = container == Container.AIFF;
    ByteBuffer out = ByteBuffer.allocate(12 + 26 + (plain ? 0 : 12 + 6) + 16 + numbers.length);
    out.put(ascii("FORM")).putInt(out.capacity() - 8).put(ascii(plain ? "AIFF" : "AIFC"));
    if (!plain) {
      out.put(ascii("FVER")).putInt(4).putInt(0xA2805140);
    }
    out.put(ascii("COMM")).putInt(plain ? 18 : 24).putShort((short) channels);
    out.putInt(heard.length).putShort((short) (8 * coding.bytes));
    int exponent = 31 - Integer.numberOfLeadingZeros(rate);
    out.putShort((short) (16383 + exponent)).putLong((long) rate << 63 - exponent);
    if (!plain) {
      String kind =
          switch (coding) {
            case F32 -> "fl32";
            case F64 -> "fl64";
            case A_LAW -> "alaw";
            case MU_LAW -> "ulaw";
            default -> container == Container.AIFC_SOWT ? "sowt" : "NONE";
          };
      out.put(ascii(kind)).putShort((short) 0);
    }
    int size = (int) (stated > 0 ? stated + 8 : stated);
    return out.put(ascii("SSND")).putInt(size).putLong(0).put(numbers).array();
  }

  private byte[] caf(long stated) {
    ByteBuffer out = ByteBuffer.allocate(8 + 12 + 32 + 16 + numbers.length);
    out.put(ascii("caff")).putInt(0x10000).put(ascii("desc")).putLong(32).putDouble(rate);
    String kind = coding.tag == 6 ? "alaw" : coding.tag == 7 ? "ulaw" : "lpcm";
    int flags = (coding.tag == 3 ? 1 : 0) | (container == Container.CAF_LITTLE ? 2 : 0);
    out.put(ascii(kind)).putInt(kind.equals("lpcm") ? flags : 0);
    out.putInt(channels * coding.bytes).putInt(1).putInt(channels).putInt(8 * coding.bytes);
    long size = stated > 0 ? stated + 4 : stated;
    return out.put(ascii("data")).putLong(size).putInt(0).put(numbers).array();
  }

  private byte[] au(long stated) {
    int kind =
        switch (coding) {
          case MU_LAW -> 1;
          case S8 -> 2;
          case S16 -> 3;
          case S24 -> 4;
          case S32 -> 5;
          case F32 -> 6;
          default -> 7;
        };
    ByteBuffer out = ByteBuffer.allocate(24 + numbers.length).put(ascii(".snd")).putInt(24);
    return out.putInt((int) stated).putInt(kind).putInt(rate).putInt(channels).put(numbers).array();
  }

  /** A file with bytes behind it. */
  static byte[] and(byte[] file, int more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(file);
    out.writeBytes(new byte[more]);
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
