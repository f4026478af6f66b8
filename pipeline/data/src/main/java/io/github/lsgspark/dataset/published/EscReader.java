package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import java.util.List;
import java.util.Map;

/**
 * ESC-50, and the ten of its classes that make ESC-10 (Piczak 2015). meta/esc50.csv has a line per
 * clip with its file, fold (1 to 5), class number and class ("crackling_fire" is called "crackling
 * fire"); clips are compared within folds, so one fold is the test split.
 */
public class EscReader implements DatasetReader {
  private static final FoldedList LIST =
      new FoldedList("meta/esc50.csv", "filename", "target", "category", "fold", List.of("esc10"));

  private final boolean tenOnly;

  /** Reads all fifty classes. */
  public EscReader() {
    this(false);
  }

  private EscReader(boolean tenOnly) {
    this.tenOnly = tenOnly;
  }

  /** The ten classes that make ESC-10. */
  public static final class Ten extends EscReader {

    /** Reads the ten. */
    public Ten() {
      super(true);
    }

    @Override
    public String label() {
      return "esc-10";
    }
  }

  @Override
  public String label() {
    return "esc-50";
  }

  @Override
  public Modality modality() {
    return Modality.AUDIO;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "ESC-50",
        List.of("ESC-50-master/"),
        Map.of(
            "ESC-50-master.zip", "ESC-50-master",
            "master.zip", "ESC-50-master"),
        "meta/esc50.csv and audio/, in ESC-50-master/ or ESC-50-master.zip");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    return LIST.read(
        files,
        fold,
        line -> !tenOnly || line.text("esc10").equalsIgnoreCase("true"),
        line -> "audio/" + line.text("filename"));
  }
}
