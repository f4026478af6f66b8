package io.github.lsgspark.dataset.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The facts of a JPEG header that Java's reader does not tell, or reads in its own way: which
 * colours the components are is decided as libjpeg does ({@code default_decompress_parms} of
 * jdapimin.c).
 *
 * @param process number of the frame marker: 0xC0 baseline, 0xC1 extended, 0xC2 progressive; 0 if
 *     the header does not say
 * @param bits of a component
 * @param ids of the components, in their order
 * @param jfif whether JFIF's marker is there
 * @param adobe Adobe's colour transform, as its marker has it; -1 without the marker
 * @param scan where the first scan begins
 */
record JpegMarkers(int process, int bits, int[] ids, boolean jfif, int adobe, int scan) {
  private static final int APP0 = 0xE0;
  private static final int APP14 = 0xEE;
  private static final int SCAN = 0xDA;
  private static final int END = 0xD9;
  private static final int ADOBE_BYTES = 12;
  private static final int JFIF_BYTES = 14;

  /** What the components are. */
  enum Colours {
    GREY,
    RGB,
    YCBCR,
    CMYK,
    YCCK,
    UNKNOWN
  }

  static JpegMarkers of(byte[] file) {
    int process = 0;
    int bits = 0;
    int[] ids = {};
    boolean jfif = false;
    int adobe = -1;
    int at = marker(file, 2);
    while (at + 3 < file.length && (file[at + 1] & 0xFF) != SCAN) {
      int marker = file[at + 1] & 0xFF;
      int length = length(file, at) - 2;
      int body = at + 4;
      if (isFrame(marker) && body + 6 <= file.length) {
        process = marker;
        bits = file[body] & 0xFF;
        ids = new int[Math.min(file[body + 5] & 0xFF, (file.length - body - 6) / 3)];
        for (int i = 0; i < ids.length; i++) {
          ids[i] = file[body + 6 + 3 * i] & 0xFF;
        }
      }
      jfif |= marker == APP0 && length >= JFIF_BYTES && says(file, body, "JFIF\0");
      if (marker == APP14 && length >= ADOBE_BYTES && says(file, body, "Adobe")) {
        adobe = body + ADOBE_BYTES <= file.length ? file[body + 11] & 0xFF : -1;
      }
      at = marker(file, at + 2 + length(file, at));
    }
    return new JpegMarkers(process, bits, ids, jfif, adobe, at);
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  /** The next marker from here on; what fills the space before it is passed over. */
  private static int marker(byte[] file, int from) {
    int at = from;
    while (at + 1 < file.length
        && !((file[at] & 0xFF) == 0xFF
            && (file[at + 1] & 0xFF) != 0xFF
            && (file[at + 1] & 0xFF) >= 0xC0)) {
      at++;
    }
    return at;
  }

  private static int length(byte[] file, int at) {
    return Math.max(2, (file[at + 2] & 0xFF) << 8 | (file[at + 3] & 0xFF));
  }

  private static boolean says(byte[] file, int at, String text) {
    byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < wanted.length; i++) {
      if (at + i >= file.length || file[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  Colours colours() {
    return switch (ids.length) {
      case 1 -> Colours.GREY;
      case 3 -> {
        if (jfif) {
          yield Colours.YCBCR;
        }
        if (adobe >= 0) {
          yield adobe == 0 ? Colours.RGB : Colours.YCBCR;
        }
        yield ids[0] == 'R' && ids[1] == 'G' && ids[2] == 'B' ? Colours.RGB : Colours.YCBCR;
      }
      case 4 -> adobe <= 0 ? Colours.CMYK : Colours.YCCK;
      default -> Colours.UNKNOWN;
    };
  }

  /** Why a JPEG picture is not opened, though it is one. */
  Optional<String> refusal() {
    if (bits != 0 && bits != 8) {
      return Optional.of("is a JPEG picture of " + bits + " bits; 8 are opened");
    }
    return switch (process) {
      case 0, 0xC0, 0xC1, 0xC2 ->
          colours() == Colours.UNKNOWN && process != 0
              ? Optional.of(
                  "is a JPEG picture of " + ids.length + " components; 1, 3 and 4 are opened")
              : Optional.empty();
      case 0xC3, 0xC7, 0xCB, 0xCF -> Optional.of("is a lossless JPEG picture, not opened");
      case 0xC9, 0xCA -> Optional.of("is a JPEG picture with arithmetic coding, not opened");
      default -> Optional.of("is a hierarchical JPEG picture, not opened");
    };
  }

  /**
   * The file with one marker that says whether its three components are RGB or YCbCr in the place
   * of all that could, for a reader that guesses otherwise.
   */
  byte[] withColoursStated(byte[] file) {
    if (jfif && adobe < 0) {
      return file;
    }
    ByteArrayOutputStream stated = new ByteArrayOutputStream(file.length + 16);
    stated.write(file, 0, 2);
    stated.write(0xFF);
    stated.write(APP14);
    stated.writeBytes(new byte[] {0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0});
    stated.write(colours() == Colours.RGB ? 0 : 1);
    int at = marker(file, 2);
    while (at + 3 < file.length && at < scan) {
      int next = at + 2 + length(file, at);
      int marker = file[at + 1] & 0xFF;
      if (marker != APP0 && marker != APP14) {
        stated.write(file, at, Math.min(next, file.length) - at);
      }
      at = marker(file, next);
    }
    stated.write(file, scan, file.length - scan);
    return stated.toByteArray();
  }

  /** Whether the end-of-image marker follows the pixels; inside them it cannot occur. */
  boolean isWhole(byte[] file) {
    for (int i = scan; i + 1 < file.length; i++) {
      if ((file[i] & 0xFF) == 0xFF && (file[i + 1] & 0xFF) == END) {
        return true;
      }
    }
    return false;
  }
}
