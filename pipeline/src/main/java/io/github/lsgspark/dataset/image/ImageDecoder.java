package io.github.lsgspark.dataset.image;

import io.github.lsgspark.config.PrepareSettings;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.FileFormat;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes JPEG, PNG, GIF and BMP to RGB bytes as Pillow's {@code convert("RGB")} does, with these
 * decisions: 16-bit samples keep their high byte, alpha is dropped, CMYK becomes RGB without a
 * colour profile, the EXIF rotation is applied, a file that ends early is an error and not a
 * half-grey image.
 *
 * @param maxBytes a longer file is refused
 * @param maxPixels an image with more pixels is refused before it is decoded
 * @param cropBottom rows of the upright image that are cut off below
 */
public record ImageDecoder(long maxBytes, long maxPixels, int cropBottom) implements Serializable {
  static {
    ImageIO.setUseCache(false);
  }

  /** With the limits and the crop of a configuration. */
  public static ImageDecoder of(PrepareSettings settings) {
    return new ImageDecoder(settings.maxFileBytes(), settings.maxPixels(), settings.cropBottom());
  }

  /** Decodes a whole file. */
  public DecodedImage decode(byte[] file) throws UnreadableSampleException {
    if (file.length == 0) {
      throw new UnreadableSampleException(Reason.EMPTY_FILE, "the file has no bytes");
    }
    if (file.length > maxBytes) {
      throw new UnreadableSampleException(
          Reason.TOO_MANY_BYTES, file.length + " bytes, at most " + maxBytes + " are allowed");
    }
    Optional<FileFormat> other = FileFormat.notOpenedAsPicture(file);
    if (other.isPresent()) {
      throw UnreadableSampleException.of(
          other.get(), Reason.NOT_AN_IMAGE, "JPEG, PNG, GIF and BMP pictures are opened");
    }
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new UnreadableSampleException(
            Reason.NOT_AN_IMAGE, "starts with " + start(file) + ", no known image format");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return cropped(ExifRotation.apply(decode(reader, file), ExifRotation.orientation(file)));
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      throw new UnreadableSampleException(
          endsEarly(e) ? Reason.TRUNCATED : Reason.DAMAGED, String.valueOf(e.getMessage()));
    }
  }

  private DecodedImage cropped(DecodedImage image) throws UnreadableSampleException {
    if (cropBottom == 0) {
      return image;
    }
    int height = image.height() - cropBottom;
    if (height <= 0) {
      throw new UnreadableSampleException(
          Reason.TOO_SMALL,
          image.height() + " rows, of which prepare.crop-bottom takes " + cropBottom);
    }
    byte[] kept = Arrays.copyOf(image.rgb(), 3 * image.width() * height);
    return new DecodedImage(image.width(), height, kept);
  }

  private DecodedImage decode(ImageReader reader, byte[] file)
      throws IOException, UnreadableSampleException {
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    if ((long) width * height > maxPixels) {
      throw new UnreadableSampleException(
          Reason.TOO_MANY_PIXELS,
          width + " x " + height + " pixels, at most " + maxPixels + " are allowed");
    }
    boolean jpeg = reader.getFormatName().equalsIgnoreCase("jpeg");
    if (jpeg && !JpegMarkers.isWhole(file)) {
      throw new UnreadableSampleException(Reason.TRUNCATED, "the end-of-image marker is missing");
    }
    int components = jpeg ? JpegMarkers.components(file) : 0;
    byte[] rgb =
        switch (components) {
          case 4 -> Cmyk.toRgb(reader.readRaster(0, null), JpegMarkers.adobeTransform(file));
          case 3 -> interleaved(reader, width, height);
          default -> rgb(reader.read(0));
        };
    return new DecodedImage(width, height, rgb);
  }

  /**
   * Lets the reader write into an array whose bands lie in its own order, so that it copies whole
   * lines; the colour space stays the one it would choose.
   */
  private static byte[] interleaved(ImageReader reader, int width, int height) throws IOException {
    ImageTypeSpecifier type = reader.getImageTypes(0).next();
    byte[] rgb = new byte[3 * width * height];
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(rgb, rgb.length),
            width,
            height,
            3 * width,
            3,
            new int[] {0, 1, 2},
            null);
    ImageReadParam into = reader.getDefaultReadParam();
    into.setDestination(new BufferedImage(type.getColorModel(), raster, false, null));
    reader.read(0, into);
    return rgb;
  }

  private static byte[] rgb(BufferedImage image) {
    int pixels = image.getWidth() * image.getHeight();
    byte[] rgb = new byte[3 * pixels];
    Raster raster = image.getRaster();
    boolean wide = raster.getTransferType() == DataBuffer.TYPE_USHORT;
    boolean plain =
        !(image.getColorModel() instanceof IndexColorModel)
            && (wide || raster.getTransferType() == DataBuffer.TYPE_BYTE)
            && raster.getSampleModel().getSampleSize(0) == (wide ? 16 : 8);
    if (!plain) {
      int[] argb =
          image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
      for (int i = 0; i < pixels; i++) {
        rgb[3 * i] = (byte) (argb[i] >> 16);
        rgb[3 * i + 1] = (byte) (argb[i] >> 8);
        rgb[3 * i + 2] = (byte) argb[i];
      }
      return rgb;
    }
    int bands = raster.getNumBands();
    int shift = wide ? 8 : 0;
    int[] row = new int[bands * raster.getWidth()];
    int at = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(0, y, raster.getWidth(), 1, row);
      for (int x = 0; x < raster.getWidth(); x++) {
        for (int c = 0; c < 3; c++) {
          rgb[at++] = (byte) (row[x * bands + (bands >= 3 ? c : 0)] >> shift);
        }
      }
    }
    return rgb;
  }

  private static boolean endsEarly(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      String text = String.valueOf(cause.getMessage()).toLowerCase(java.util.Locale.ROOT);
      if (cause instanceof EOFException
          || text.contains("premature")
          || text.contains("unexpected end")
          || text.contains("end of")) {
        return true;
      }
    }
    return false;
  }

  private static String start(byte[] file) {
    StringBuilder text = new StringBuilder("\"");
    for (int i = 0; i < Math.min(12, file.length); i++) {
      text.append(file[i] >= 32 && file[i] < 127 ? (char) file[i] : '.');
    }
    return text.append('"').toString();
  }
}
