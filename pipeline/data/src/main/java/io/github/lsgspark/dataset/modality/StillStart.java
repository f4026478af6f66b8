package io.github.lsgspark.dataset.modality;

import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the first bytes of a WebP, JPEG 2000 or AVIF picture say.
 *
 * @param width 0 where only the decoder knows
 * @param isWhole whether the file has all the bytes that it should
 * @param inks whether a JPEG 2000 picture says that its colours are CMYK
 */
public record StillStart(Kind kind, long width, long height, boolean isWhole, boolean inks) {

  /** Formats of pictures. */
  public enum Kind {
    WEBP("WebP picture"),
    JPEG_2000("JPEG 2000 picture"),
    AVIF("AVIF picture");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  private static final int JP2_SIGNATURE = 0x6A502020;
  private static final int CODE_STREAM = 0x6A703263;
  private static final int HEADER = 0x6A703268;
  private static final int COLOUR = 0x636F6C72;
  private static final int SIZE = 0xFF4FFF51;
  private static final int END = 0xFFD9;
  private static final int CMYK = 12;

  /** Empty for files of all other formats. */
  public static Optional<StillStart> of(byte[] file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(file);
      if (is(file, 0, "RIFF") && is(file, 8, "WEBP")) {
        return Optional.of(webp(bytes.order(ByteOrder.LITTLE_ENDIAN)));
      }
      if (file.length > 12 && bytes.getInt(4) == JP2_SIGNATURE) {
        return Optional.of(jp2(bytes));
      }
      if (file.length > 4 && bytes.getInt(0) == SIZE) {
        return Optional.of(codeStream(bytes, 0, file.length, false));
      }
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      Kind kind = is(file, 0, "RIFF") ? Kind.WEBP : Kind.JPEG_2000;
      return Optional.of(new StillStart(kind, 0, 0, false, false));
    }
    return isAvif(file)
        ? Optional.of(new StillStart(Kind.AVIF, 0, 0, true, false))
        : Optional.empty();
  }

  /**
   * Whether it is an AVIF picture that does not move. The general brands come with those of the
   * codec behind them.
   */
  static boolean isAvif(byte[] file) {
    return is(file, 4, "ftyp")
        && new String(file, 8, Math.min(file.length, 64) - 8, StandardCharsets.ISO_8859_1)
            .matches("(?s)(avif|(mif1|msf1).*avi[fs]).*");
  }

  /**
   * Refuses a picture that is too large to decode.
   *
   * @throws UnreadableSampleException if the picture has more pixels
   */
  public void requirePixels(long maxPixels) throws UnreadableSampleException {
    if (width * height > maxPixels) {
      throw new UnreadableSampleException(
          Reason.TOO_MANY_PIXELS,
          width + " x " + height + " pixels, at most " + maxPixels + " are allowed");
    }
  }

  private static boolean is(byte[] file, int at, String text) {
    return file.length >= at + text.length()
        && new String(file, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
  }

  private static StillStart webp(ByteBuffer bytes) {
    boolean whole = (bytes.getInt(4) & 0xFFFFFFFFL) + 8 <= bytes.limit();
    byte[] file = bytes.array();
    long width;
    long height;
    if (is(file, 12, "VP8X")) {
      width = 1L + (bytes.getInt(24) & 0xFFFFFF);
      height = 1L + (bytes.getInt(26) >>> 8);
    } else if (is(file, 12, "VP8L")) {
      int size = bytes.getInt(21);
      width = 1L + (size & 0x3FFF);
      height = 1L + (size >>> 14 & 0x3FFF);
    } else {
      width = bytes.getShort(26) & 0x3FFF;
      height = bytes.getShort(28) & 0x3FFF;
    }
    return new StillStart(Kind.WEBP, width, height, whole, false);
  }

  private static StillStart jp2(ByteBuffer bytes) {
    boolean inks = false;
    long at = 0;
    while (at + 8 <= bytes.limit()) {
      long size = bytes.getInt((int) at) & 0xFFFFFFFFL;
      int type = bytes.getInt((int) at + 4);
      int header = size == 1 ? 16 : 8;
      size = size == 1 ? bytes.getLong((int) at + 8) : size;
      long end = size == 0 ? bytes.limit() : at + size;
      if (size != 0 && size < header) {
        break;
      }
      if (type == CODE_STREAM) {
        return codeStream(bytes, (int) at + header, end, inks);
      }
      if (type == COLOUR) {
        inks |= bytes.get((int) at + header) == 1 && bytes.getInt((int) at + header + 3) == CMYK;
      }
      // The header's boxes lie within it.
      at = type == HEADER ? at + header : end;
    }
    return new StillStart(Kind.JPEG_2000, 0, 0, false, inks);
  }

  private static StillStart codeStream(ByteBuffer bytes, int at, long end, boolean inks) {
    long width = (bytes.getInt(at + 8) & 0xFFFFFFFFL) - (bytes.getInt(at + 16) & 0xFFFFFFFFL);
    long height = (bytes.getInt(at + 12) & 0xFFFFFFFFL) - (bytes.getInt(at + 20) & 0xFFFFFFFFL);
    boolean whole = end <= bytes.limit() && (bytes.getShort((int) end - 2) & 0xFFFF) == END;
    return new StillStart(Kind.JPEG_2000, width, height, whole, inks);
  }
}
