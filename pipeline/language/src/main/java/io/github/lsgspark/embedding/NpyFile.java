package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.MistakenFile;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** NumPy's .npy format, versions 1 to 3: little-endian floats in C order. Data only, no pickles. */
final class NpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9L,\\s]*)\\)");

  private NpyFile() {}

  /**
   * @param name what to call the content in errors
   */
  static HostArray read(byte[] content, String name) {
    MistakenFile.refuse(content, content.length, name, "a .npy file is needed");
    ByteBuffer buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    if (content.length < 10 || !Arrays.equals(content, 0, 6, MAGIC, 0, 6)) {
      throw damaged(name, "it does not start like a .npy file");
    }
    int version = content[6];
    if (version < 1 || version > 3 || (version > 1 && content.length < 12)) {
      throw damaged(name, "its version is " + version);
    }
    int start = version == 1 ? 10 : 12;
    long headerLength = version == 1 ? buffer.getShort(8) & 0xFFFF : buffer.getInt(8) & 0xFFFFFFFFL;
    if (headerLength > content.length - start) {
      throw damaged(name, "its header claims " + headerLength + " bytes");
    }
    String header = new String(content, start, (int) headerLength, StandardCharsets.UTF_8);
    Dtype dtype = dtype(field(DESCR, header, name), name);
    if (field(ORDER, header, name).equals("True")) {
      throw LsgException.input(
          name + ": is in Fortran order; save it with numpy.ascontiguousarray");
    }
    long[] shape;
    long bytes = dtype.bytes();
    try {
      shape =
          Arrays.stream(field(SHAPE, header, name).split(","))
              .map(dimension -> dimension.replace("L", "").strip())
              .filter(dimension -> !dimension.isEmpty())
              .mapToLong(Long::parseLong)
              .toArray();
      for (long dimension : shape) {
        bytes = Math.multiplyExact(bytes, dimension);
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw damaged(name, "its header is " + header.strip());
    }
    int from = start + (int) headerLength;
    if (content.length - from != bytes) {
      throw damaged(
          name,
          String.format(
              "shape %s of %s needs %d bytes, there are %d",
              Arrays.toString(shape), dtype, bytes, content.length - from));
    }
    ByteBuffer data = buffer.position(from).slice().order(ByteOrder.LITTLE_ENDIAN);
    return new HostArray(dtype, shape, data);
  }

  private static Dtype dtype(String descr, String name) {
    return switch (descr) {
      case "<f2" -> Dtype.FLOAT16;
      case "<f4" -> Dtype.FLOAT32;
      case "<f8" -> Dtype.FLOAT64;
      default ->
          throw LsgException.input(
              name + ": element type must be one of <f2, <f4, <f8, but was: " + descr);
    };
  }

  private static String field(Pattern pattern, String header, String name) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw damaged(name, "its header is " + header.strip());
    }
    return matcher.group(1);
  }

  private static LsgException damaged(String name, String why) {
    return LsgException.input(name + ": not a sound .npy file: " + why);
  }
}
