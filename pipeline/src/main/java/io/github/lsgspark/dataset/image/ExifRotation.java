package io.github.lsgspark.dataset.image;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.MetadataException;
import com.drew.metadata.exif.ExifIFD0Directory;
import io.github.lsgspark.dataset.modality.DecodedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** Turns an image upright as its EXIF orientation (1 to 8) says. */
public final class ExifRotation {
  private ExifRotation() {}

  /** The orientation that a file states; 1, upright, if it states none. */
  static int orientation(byte[] file) {
    if (!mayHaveExif(file)) {
      return 1;
    }
    try {
      Metadata metadata = ImageMetadataReader.readMetadata(new ByteArrayInputStream(file));
      ExifIFD0Directory exif = metadata.getFirstDirectoryOfType(ExifIFD0Directory.class);
      return exif != null && exif.containsTag(ExifIFD0Directory.TAG_ORIENTATION)
          ? exif.getInt(ExifIFD0Directory.TAG_ORIENTATION)
          : 1;
    } catch (ImageProcessingException | IOException | MetadataException e) {
      return 1;
    }
  }

  /** Looks for JPEG's "Exif" and PNG's "eXIf": parsing all metadata costs more. */
  private static boolean mayHaveExif(byte[] file) {
    for (int i = 3; i < file.length; i++) {
      if (file[i] == 'f'
          && (file[i - 1] | 0x20) == 'i'
          && (file[i - 2] | 0x20) == 'x'
          && (file[i - 3] | 0x20) == 'e') {
        return true;
      }
    }
    return false;
  }

  /** The image upright, where it lies as an orientation of 1 to 8 says. */
  public static DecodedImage apply(DecodedImage image, int orientation) {
    if (orientation < 2 || orientation > 8) {
      return image;
    }
    boolean swapped = orientation >= 5;
    int width = swapped ? image.height() : image.width();
    int height = swapped ? image.width() : image.height();
    byte[] rgb = new byte[image.rgb().length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int sourceX = swapped ? y : x;
        int sourceY = swapped ? x : y;
        boolean mirrorX =
            orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
        boolean mirrorY =
            orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
        if (mirrorX) {
          sourceX = image.width() - 1 - sourceX;
        }
        if (mirrorY) {
          sourceY = image.height() - 1 - sourceY;
        }
        System.arraycopy(
            image.rgb(), 3 * (sourceY * image.width() + sourceX), rgb, 3 * (y * width + x), 3);
      }
    }
    return new DecodedImage(width, height, rgb);
  }
}
