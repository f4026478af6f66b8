package io.github.lsgspark.dataset.modality;

import io.github.lsgspark.config.DataSettings;
import java.util.Locale;
import java.util.Set;

/**
 * Which files are samples by the endings of their names. An ending only tells such a file from
 * litter beside it; what a file is, its first bytes say ({@link FileFormat}). Formats that are
 * known but not opened have their endings here, too: such a file was meant to be a sample, and is
 * set aside with its format's name.
 */
public final class FileEndings {
  private static final Set<String> PICTURES =
      endings(
          "jpg jpeg jpe jfif jif png apng gif bmp dib tif tiff webp avif avifs",
          "jp2 j2k j2c jpc jpf jpx jpm heic heif hif jxl jxr wdp hdp",
          "psd svg svgz ico icns qoi flif bpg exr hdr dds xcf fits dcm tga pcx",
          "pbm pgm ppm pnm pam dng cr2 cr3 nef nrw arw orf rw2 raf x3f mrw pef srw");

  private static final Set<String> SOUNDS =
      endings(
          "wav wave rf64 bwf w64 aif aiff aifc au snd caf flac mp1 mp2 mp3 mpga ogg oga opus spx",
          "aac adts m4a m4b m4r ac3 eac3 ec3 amr awb wma mka weba",
          "wv tta ape mac mpc mpp ofr shn tak dts dtshd thd mlp dsf dff mid midi kar rmi",
          "mod xm it s3m voc sph qoa vqf 8svx ra");

  private static final Set<String> FILMS =
      endings(
          "mp4 m4v mov qt mkv webm avi divx mpg mpeg mpe mpv m1v m2v vob ts m2t m2ts mts 3gp 3g2",
          "flv f4v wmv asf ogv ogm ogx mj2 mjpg mjpeg h264 264 avc h265 265 hevc ivf nut y4m",
          "rm rmvb swf mxf bik bk2 smk dv mng");

  private FileEndings() {}

  /**
   * Whether a file is one that samples of a modality are kept in: pictures; sounds, and films for
   * their sound; films, and for the frames of a video pictures and zips.
   *
   * @param name with or without its folders
   */
  public static boolean isOf(DataSettings.Modality modality, String name) {
    String ending = ending(name);
    return switch (modality) {
      case IMAGE -> PICTURES.contains(ending);
      case AUDIO -> SOUNDS.contains(ending) || FILMS.contains(ending);
      case VIDEO -> FILMS.contains(ending) || PICTURES.contains(ending) || ending.equals("zip");
    };
  }

  /** Whether a file is one that samples of some modality are kept in. */
  public static boolean isOfAny(String name) {
    return isOf(DataSettings.Modality.AUDIO, name) || isOf(DataSettings.Modality.VIDEO, name);
  }

  /** Whether a file is a picture, such as a frame of a video. */
  public static boolean isPicture(String name) {
    return PICTURES.contains(ending(name));
  }

  private static String ending(String name) {
    String last = name.substring(name.lastIndexOf('/') + 1);
    int dot = last.lastIndexOf('.');
    return dot <= 0 ? "" : last.substring(dot + 1).toLowerCase(Locale.ROOT);
  }

  private static Set<String> endings(String... lines) {
    return Set.of(String.join(" ", lines).split(" "));
  }
}
