package io.github.lsgspark.dataset.image;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.Metadata;
import com.drew.metadata.MetadataException;
import com.drew.metadata.exif.ExifIFD0Directory;
import io.github.lsgspark.dataset.modality.TiffStart;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** The EXIF orientation of a file (1 to 8). */
final class ExifRotation {
  private ExifRotation() {}

  /** The orientation that a file states; 1, upright, if it states none. */
  static int orientation(byte[] file) {
    TiffStart tiff = new TiffStart(file);
    if (tiff.is()) {
      return tiff.orientation(); // its own tags are Exif's
    }
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

  /** Looks for the "Exif" of JPEG, "eXIf" of PNG, "EXIF" of WebP: parsing all costs more. */
  private static boolean mayHaveExif(byte[] file) {
    for (int i = 3; i < file.length; i++) {
      if ((file[i] | 0x20) == 'f'
          && (file[i - 1] | 0x20) == 'i'
          && (file[i - 2] | 0x20) == 'x'
          && (file[i - 3] | 0x20) == 'e') {
        return true;
      }
    }
    return false;
  }
}
