package io.github.lsgspark.dataset.modality;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which format a file is of, by its first bytes, where it is one that is not opened: so that it is
 * called by its name, and not damaged.
 *
 * @param name as people call it, with its article
 * @param media whether it holds pictures, sound or films; else it is no sample of any kind
 */
public record FileFormat(String name, boolean media) {
  private static final int ID3_HEADER = 10;
  private static final int TEXT = 1024;

  private static final List<Magic> SOUNDS =
      List.of(
          new Magic("WavPack sound", 0, "wvpk"),
          new Magic("True Audio (TTA) sound", 0, "TTA1"),
          new Magic("True Audio (TTA) sound", 0, "TTA2"),
          new Magic("Monkey's Audio (APE) sound", 0, "MAC "),
          new Magic("Musepack sound", 0, "MPCK"),
          new Magic("Musepack sound", 0, "MP+"),
          new Magic("OptimFROG sound", 0, "OFR "),
          new Magic("Shorten sound", 0, "ajkg"),
          new Magic("TAK sound", 0, "tBaK"),
          new Magic("DTS sound", 0, "\u007f\u00fe\u0080\u0001"),
          new Magic("DTS sound", 0, "\u00fe\u007f\u0001\u0080"),
          new Magic("DTS sound", 0, "\u001f\u00ff\u00e8\u0000"),
          new Magic("DTS sound", 0, "\u00ff\u001f\u0000\u00e8"),
          new Magic("DTS-HD sound", 0, "DTSHDHDR"),
          new Magic("TrueHD sound", 4, "\u00f8\u0072\u006f\u00ba"),
          new Magic("DSD sound (DSF)", 0, "DSD "),
          new Magic("DSD sound (DSDIFF)", 0, "FRM8"),
          new Magic("MIDI file, notes and no sound", 0, "MThd"),
          new Magic("MIDI file, notes and no sound", 8, "RMID"),
          new Magic("tracker module", 0, "Extended Module:"),
          new Magic("tracker module", 0, "IMPM"),
          new Magic("tracker module", 44, "SCRM"),
          new Magic("Creative Voice (VOC) sound", 0, "Creative Voice File"),
          new Magic("NIST SPHERE sound", 0, "NIST_1A"),
          new Magic("QOA sound", 0, "qoaf"),
          new Magic("TwinVQ sound", 0, "TWIN9"),
          new Magic("IFF 8SVX sound", 8, "8SVX"),
          new Magic("RealAudio sound", 0, ".ra\u00fd"));

  private static final List<Magic> FILMS =
      List.of(
          new Magic("RealMedia film", 0, ".RMF"),
          new Magic("Flash (SWF) film", 0, "FWS"),
          new Magic("Flash (SWF) film", 0, "CWS"),
          new Magic("MXF film", 0, "\u0006\u000e\u002b\u0034"),
          new Magic("Bink film", 0, "BIK"),
          new Magic("Bink film", 0, "KB2"),
          new Magic("Smacker film", 0, "SMK2"),
          new Magic("Smacker film", 0, "SMK4"),
          new Magic("DV film", 0, "\u001f\u0007\u0000"),
          new Magic("animated picture (MNG)", 0, "\u008aMNG\r\n"));

  private static final List<Magic> PICTURES =
      List.of(
          new Magic("Photoshop (PSD) picture", 0, "8BPS"),
          new Magic("JPEG XL picture", 0, "\u00ff\n"),
          new Magic("JPEG XL picture", 4, "JXL \r\n\u0087\n"),
          new Magic("BigTIFF picture", 0, "II+\u0000"),
          new Magic("BigTIFF picture", 0, "MM\u0000+"),
          new Magic("JPEG XR picture", 0, "II\u00bc"),
          new Magic("camera raw file (CR2)", 8, "CR\u0002\u0000"),
          new Magic("camera raw file (ORF)", 0, "IIRO"),
          new Magic("camera raw file (ORF)", 0, "IIRS"),
          new Magic("camera raw file (ORF)", 0, "MMOR"),
          new Magic("camera raw file (RW2)", 0, "IIU\u0000"),
          new Magic("camera raw file (RAF)", 0, "FUJIFILMCCD-RAW"),
          new Magic("camera raw file (X3F)", 0, "FOVb"),
          new Magic("camera raw file (MRW)", 0, "\u0000MRM"),
          new Magic("OpenEXR picture", 0, "v/1\u0001"),
          new Magic("Radiance HDR picture", 0, "#?RADIANCE"),
          new Magic("DirectDraw (DDS) picture", 0, "DDS "),
          new Magic("icon (ICO)", 0, "\u0000\u0000\u0001\u0000"),
          new Magic("icon (ICNS)", 0, "icns"),
          new Magic("QOI picture", 0, "qoif"),
          new Magic("FLIF picture", 0, "FLIF"),
          new Magic("BPG picture", 0, "BPG\u00fb"),
          new Magic("GIMP (XCF) picture", 0, "gimp xcf"),
          new Magic("FITS picture", 0, "SIMPLE  ="),
          new Magic("DICOM picture", 128, "DICM"),
          new Magic("Windows metafile", 0, "\u00d7\u00cd\u00c6\u009a"),
          new Magic("PNM picture", 0, "P4\n"),
          new Magic("PNM picture", 0, "P5\n"),
          new Magic("PNM picture", 0, "P6\n"));

  private static final List<Magic> OTHERS =
      List.of(
          new Magic("PDF document", 0, "%PDF"),
          new Magic("PostScript document", 0, "%!PS"),
          new Magic(
              "Git LFS pointer, not the content: run git lfs pull", 0, "version https://git-lfs"),
          new Magic("playlist (M3U), which names other files", 0, "#EXTM3U"),
          new Magic("gzip archive", 0, "\u001f\u008b"),
          new Magic("tar archive", 257, "ustar"),
          new Magic("bzip2 archive", 0, "BZh"),
          new Magic("Zstandard archive", 0, "(\u00b5/\u00fd"),
          new Magic("SQLite database", 0, "SQLite format 3"),
          new Magic("7z archive", 0, "7z\u00bc\u00af"),
          new Magic("RAR archive", 0, "Rar!\u001a"),
          new Magic("xz archive", 0, "\u00fd7zXZ"),
          new Magic("NumPy array", 0, "\u0093NUMPY"),
          new Magic("HDF5 file", 0, "\u0089HDF"),
          new Magic("Parquet file", 0, "PAR1"),
          new Magic("AppleDouble file of macOS, without content", 0, "\u0000\u0005\u0016\u0007"),
          new Magic("Microsoft OLE file, such as Thumbs.db", 0, "\u00d0\u00cf\u0011\u00e0"));

  /** What a file is called that holds no sample, such as an archive; empty if it is not known. */
  public static Optional<String> other(byte[] content) {
    return first(OTHERS, content, 0).map(FileFormat::article);
  }

  /**
   * Of a file that is to be a sound or a film.
   *
   * @return empty for what is opened, and for what is not known
   */
  public static Optional<FileFormat> notOpenedAsMedia(byte[] content) {
    return unopened(content)
        .or(() -> animated(content))
        .or(() -> still(content).map(name -> new FileFormat(name, false)));
  }

  /**
   * Of a file that is to be a picture.
   *
   * @return empty for what is opened, and for what is not known
   */
  public static Optional<FileFormat> notOpenedAsPicture(byte[] content) {
    return unopened(content).or(() -> film(content).map(name -> new FileFormat(name, false)));
  }

  private static Optional<FileFormat> unopened(byte[] content) {
    int start = afterId3(content);
    return first(SOUNDS, content, start)
        .or(() -> first(FILMS, content, 0))
        .or(() -> first(PICTURES, content, 0))
        .or(() -> animatedWebp(content))
        .or(() -> heif(content))
        .or(() -> new TiffStart(content).raw())
        .map(name -> new FileFormat(article(name), true))
        .or(() -> text(content))
        .or(() -> first(OTHERS, content, 0).map(name -> new FileFormat(article(name), false)));
  }

  /** The names that begin with a vowel or are spelt so: an MXF film, a MIDI file. */
  private static String article(String name) {
    boolean spelt = Stream.of("MXF", "HDF5").anyMatch(name::startsWith);
    return (spelt || "AEIOaeio".indexOf(name.charAt(0)) >= 0 ? "an " : "a ") + name;
  }

  private static Optional<String> first(List<Magic> formats, byte[] content, int start) {
    return formats.stream().filter(m -> m.matches(content, start)).map(Magic::name).findFirst();
  }

  /** Where the content begins: tags may stand before it. */
  private static int afterId3(byte[] content) {
    if (content.length < ID3_HEADER || !new Magic("", 0, "ID3").matches(content, 0)) {
      return 0;
    }
    int size = 0;
    for (int i = 6; i < ID3_HEADER; i++) {
      size = size << 7 | (content[i] & 0x7F);
    }
    return ID3_HEADER + size;
  }

  private static Optional<String> animatedWebp(byte[] content) {
    if (!new Magic("", 0, "RIFF").matches(content, 0)
        || !new Magic("", 8, "WEBP").matches(content, 0)) {
      return Optional.empty();
    }
    boolean animated =
        new Magic("", 12, "VP8X").matches(content, 0)
            && content.length > 20
            && (content[20] & 0x02) != 0;
    return animated ? Optional.of("animated WebP picture") : Optional.empty();
  }

  private static Optional<String> heif(byte[] content) {
    if (!new Magic("", 4, "ftyp").matches(content, 0) || content.length < 12) {
      return Optional.empty();
    }
    String brands =
        new String(content, 8, Math.min(content.length, 64) - 8, StandardCharsets.ISO_8859_1);
    return switch (StillStart.isAvif(content) ? "" : brands.substring(0, 4)) {
      case "avis" -> Optional.of("animated AVIF picture");
      case "heic", "heix", "heim", "heis", "mif1" -> Optional.of("HEIC picture");
      case "hevc", "hevx", "msf1" -> Optional.of("animated HEIC picture");
      case "crx " -> Optional.of("camera raw file (CR3)");
      default -> Optional.empty();
    };
  }

  private static Optional<FileFormat> text(byte[] content) {
    String text =
        new String(content, 0, Math.min(content.length, TEXT), StandardCharsets.ISO_8859_1)
            .replace("\u00ef\u00bb\u00bf", "")
            .stripLeading()
            .toLowerCase(Locale.ROOT);
    if (!text.startsWith("<")) {
      return Optional.empty();
    }
    if (text.contains("<svg")) {
      return Optional.of(new FileFormat("an SVG drawing", true));
    }
    if (text.startsWith("<!doctype html") || text.startsWith("<html")) {
      return Optional.of(new FileFormat("an HTML page", false));
    }
    return text.startsWith("<?xml")
        ? Optional.of(new FileFormat("an XML file", false))
        : Optional.empty();
  }

  /** A PNG that says that it moves before its picture begins. */
  private static Optional<FileFormat> animated(byte[] content) {
    if (!new Magic("", 0, "\u0089PNG").matches(content, 0)) {
      return Optional.empty();
    }
    ByteBuffer chunks = ByteBuffer.wrap(content).order(ByteOrder.BIG_ENDIAN);
    long at = 8;
    while (at + 8 <= content.length) {
      String name = new String(content, (int) at + 4, 4, StandardCharsets.ISO_8859_1);
      if (name.equals("acTL")) {
        return Optional.of(new FileFormat("an animated PNG", true));
      }
      if (name.equals("IDAT")) {
        break;
      }
      at += 12 + (chunks.getInt((int) at) & 0xFFFFFFFFL);
    }
    return Optional.empty();
  }

  /** Pictures that this program opens, where sound or a film is wanted. */
  private static Optional<String> still(byte[] content) {
    if (new Magic("", 0, "\u0089PNG").matches(content, 0)) {
      return Optional.of("a PNG picture");
    }
    if (new Magic("", 0, "\u00ff\u00d8\u00ff").matches(content, 0)) {
      return Optional.of("a JPEG picture");
    }
    if (new TiffStart(content).is()) {
      return Optional.of("a TIFF picture");
    }
    return StillStart.of(content)
        .map(start -> article(start.kind().text()))
        .or(() -> HeifItems.are(content) ? Optional.of("a HEIF picture") : Optional.empty());
  }

  /** Sounds and films that this program opens, where a picture is wanted. */
  private static Optional<String> film(byte[] content) {
    if (StillStart.of(content).isPresent()) {
      return Optional.empty();
    }
    if (new Magic("", 4, "ftyp").matches(content, 0)) {
      return Optional.of("an MP4 or QuickTime file");
    }
    if (new Magic("", 0, "\u001a\u0045\u00df\u00a3").matches(content, 0)) {
      return Optional.of("a Matroska or WebM file");
    }
    if (new Magic("", 0, "RIFF").matches(content, 0)) {
      return Optional.of(
          new Magic("", 8, "WAVE").matches(content, 0)
              ? "a WAV sound"
              : "an AVI or other RIFF file");
    }
    if (new Magic("", 0, "OggS").matches(content, 0)) {
      return Optional.of("an Ogg file");
    }
    if (new Magic("", 0, "fLaC").matches(content, 0)) {
      return Optional.of("a FLAC sound");
    }
    if (new Magic("", 0, "ID3").matches(content, 0)) {
      return Optional.of("an MP3 sound");
    }
    return new Magic("", 0, "PK\u0003\u0004").matches(content, 0)
        ? Optional.of("a zip archive")
        : Optional.empty();
  }
}
