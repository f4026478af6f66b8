package io.github.lsgspark.sparkml;

import io.github.lsgspark.config.LsgException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;

/**
 * A picture as Spark's image source has it: pixels, which PNG keeps to the bit. One that Spark
 * could not open has none and becomes an empty file.
 */
final class ImageRow {
  private ImageRow() {}

  /** The picture as a PNG file; null for null. */
  static byte[] png(Row image) {
    if (image == null) {
      return null;
    }
    int width = image.<Integer>getAs("width");
    int height = image.<Integer>getAs("height");
    if (width <= 0 || height <= 0) {
      return new byte[0];
    }
    int channels = image.<Integer>getAs("nChannels");
    byte[] data = image.getAs("data");
    if (data.length != (long) width * height * channels) {
      throw LsgException.input(
          image.getAs("origin")
              + ": an image of "
              + width
              + " x "
              + height
              + " pixels and "
              + channels
              + " channels has not "
              + data.length
              + " bytes");
    }
    BufferedImage picture = new BufferedImage(width, height, type(channels, image));
    byte[] pixels = ((DataBufferByte) picture.getRaster().getDataBuffer()).getData();
    if (channels == 4) {
      for (int i = 0; i < data.length; i += 4) { // from B, G, R, A to A, B, G, R
        pixels[i] = data[i + 3];
        System.arraycopy(data, i, pixels, i + 1, 3);
      }
    } else {
      System.arraycopy(data, 0, pixels, 0, data.length);
    }
    return encoded(picture);
  }

  private static int type(int channels, Row image) {
    return switch (channels) {
      case 1 -> BufferedImage.TYPE_BYTE_GRAY;
      case 3 -> BufferedImage.TYPE_3BYTE_BGR;
      case 4 -> BufferedImage.TYPE_4BYTE_ABGR;
      default ->
          throw LsgException.input(
              image.getAs("origin") + ": an image of " + channels + " channels is not known");
    };
  }

  private static byte[] encoded(BufferedImage picture) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(picture, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
