package io.github.lsgspark.dataset.image;

import io.github.lsgspark.config.PrepareSettings;
import io.github.lsgspark.dataset.image.JpegMarkers.Colours;
import io.github.lsgspark.dataset.media.PictureDecoder;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.FileFormat;
import io.github.lsgspark.dataset.modality.Orientation;
import io.github.lsgspark.dataset.modality.StillStart;
import io.github.lsgspark.dataset.modality.TiffStart;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.awt.color.ColorSpace;
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
import java.util.Locale;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes JPEG, PNG, GIF, BMP, TIFF, WebP, AVIF and JPEG 2000 to RGB bytes as Pillow's {@code
 * convert("RGB")} does, with these decisions: 16-bit samples keep their high byte, alpha is
 * dropped, CMYK becomes RGB without a colour profile, the orientation is applied, of several
 * pictures in a file the first is taken, a file that ends early is an error and not a half-grey
 * image.
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
          other.get(),
          Reason.NOT_AN_IMAGE,
          "JPEG, PNG, GIF, BMP, TIFF, WebP, AVIF and JPEG 2000 pictures are opened");
    }
    Optional<StillStart> still = StillStart.of(file);
    if (still.isPresent()) {
      return cropped(decode(file, still.get()));
    }
    if (file.length > 3 && (file[0] & 0xFF) == 0xFF && (file[1] & 0xFF) == 0xD8) {
      Optional<String> refusal = JpegMarkers.of(file).refusal();
      if (refusal.isPresent()) {
        throw new UnreadableSampleException(Reason.UNSUPPORTED_FORMAT, refusal.get());
      }
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
        return cropped(Orientation.apply(decode(reader, file), ExifRotation.orientation(file)));
      } finally {
        reader.dispose();
      }
    } catch (IOException | RuntimeException e) {
      throw new UnreadableSampleException(
          endsEarly(e) ? Reason.TRUNCATED : Reason.DAMAGED, String.valueOf(e.getMessage()));
    }
  }

  private DecodedImage decode(byte[] file, StillStart start) throws UnreadableSampleException {
    if (start.inks()) {
      throw new UnreadableSampleException(
          Reason.UNSUPPORTED_FORMAT, "is a JPEG 2000 picture in CMYK; grey and RGB are opened");
    }
    DecodedImage image = PictureDecoder.decode(file, start, maxPixels);
    return start.kind() == StillStart.Kind.AVIF
        ? image // its container's turns count, not EXIF's
        : Orientation.apply(image, ExifRotation.orientation(file));
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
    String format = reader.getFormatName().toLowerCase(Locale.ROOT);
    int width = reader.getWidth(0);
    int height = reader.getHeight(0);
    requirePixels(width, height);
    if (format.startsWith("tif")) {
      requireOpened(new TiffStart(file));
    }
    return switch (format) {
      case "jpeg" -> new DecodedImage(width, height, jpeg(reader, file, width, height));
      case "gif" -> gif(reader.read(0), GifCanvas.of(file));
      default -> new DecodedImage(width, height, rgb(reader.read(0)));
    };
  }

  private void requirePixels(long width, long height) throws UnreadableSampleException {
    if (width * height > maxPixels) {
      throw new UnreadableSampleException(
          Reason.TOO_MANY_PIXELS,
          width + " x " + height + " pixels, at most " + maxPixels + " are allowed");
    }
  }

  private void requireOpened(TiffStart tiff) throws UnreadableSampleException {
    Optional<String> refusal = tiff.refusal(maxPixels);
    if (refusal.isPresent()) {
      throw new UnreadableSampleException(
          Reason.UNSUPPORTED_FORMAT,
          refusal.get() + "; grey, RGB, palettes and CMYK of up to 16 bits are opened");
    }
    if (!tiff.isWhole()) {
      throw new UnreadableSampleException(Reason.TRUNCATED, "strips or tiles are missing");
    }
  }

  private DecodedImage gif(BufferedImage image, GifCanvas screen) throws UnreadableSampleException {
    byte[] rgb = rgb(image);
    if (screen.isFilledBy(image.getWidth(), image.getHeight())
        || !(image.getColorModel() instanceof IndexColorModel palette)) {
      return new DecodedImage(image.getWidth(), image.getHeight(), rgb);
    }
    requirePixels(screen.width(), screen.height());
    return new DecodedImage(
        screen.width(),
        screen.height(),
        screen.around(rgb, image.getWidth(), image.getHeight(), palette));
  }

  private static byte[] jpeg(ImageReader reader, byte[] file, int width, int height)
      throws IOException, UnreadableSampleException {
    JpegMarkers markers = JpegMarkers.of(file);
    if (!markers.isWhole(file)) {
      throw new UnreadableSampleException(Reason.TRUNCATED, "the end-of-image marker is missing");
    }
    Colours colours = markers.colours();
    return switch (colours) {
      case CMYK, YCCK -> Cmyk.ofJpeg(reader.readRaster(0, null), colours == Colours.YCCK);
      case RGB, YCBCR -> {
        reader.setInput(
            new MemoryCacheImageInputStream(
                new ByteArrayInputStream(markers.withColoursStated(file))),
            true,
            true);
        yield interleaved(reader, width, height);
      }
      case GREY -> rgb(reader.read(0));
      case UNKNOWN -> rgb(reader.read(0));
    };
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
    if (image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK) {
      return Cmyk.toRgb(raster);
    }
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
      String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
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
