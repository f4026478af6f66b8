package io.github.lsgspark.dataset;

import java.util.Locale;
import java.util.Set;

/** Names of files that are called as pictures, sounds and videos are. */
final class SampleNames {
  private static final Set<String> ENDINGS =
      Set.of(
          ("jpg jpeg jpe jfif png gif bmp dib tif tiff webp avif heic heif jp2 j2k jxl ppm pgm pbm pnm"
                  + " svg psd dng nef cr2 arw wav wave w64 rf64 flac mp3 ogg oga opus m4a aac aif aiff"
                  + " aifc au snd wma caf amr wv tta ape dts mp4 m4v mov avi mkv webm mpg mpeg mpe ts"
                  + " mts m2ts wmv flv 3gp ogv vob y4m apng")
              .split(" "));

  private SampleNames() {}

  /** Whether a name or path ends as one of a sample usually does. */
  static boolean endsAsSample(String name) {
    int dot = name.lastIndexOf('.');
    return dot >= 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
  }
}
