package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import java.util.List;
import java.util.Map;

/**
 * UrbanSound8K (Salamon, Jacoby and Bello 2014): 8,732 slices of up to 4 s in ten folds.
 * metadata/UrbanSound8K.csv has a line per slice with file, fold, class number and class
 * ("air_conditioner" is called "air conditioner"). Slices of one recording lie in one fold, so one
 * fold is the test split; its authors ask not to shuffle them.
 */
public final class UrbanSoundReader implements DatasetReader {
  private static final FoldedList LIST =
      new FoldedList(
          "metadata/UrbanSound8K.csv", "slice_file_name", "classID", "class", "fold", List.of());

  @Override
  public String label() {
    return "urbansound8k";
  }

  @Override
  public Modality modality() {
    return Modality.AUDIO;
  }

  @Override
  public Layout layout() {
    return new Layout(
        "UrbanSound8K",
        List.of("UrbanSound8K/"),
        Map.of("UrbanSound8K.tar.gz", "UrbanSound8K"),
        LIST.name()
            + " and audio/fold1/ to audio/fold10/, in UrbanSound8K/ or UrbanSound8K.tar.gz");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    return LIST.read(
        files,
        fold,
        line -> true,
        line -> "audio/fold" + line.number("fold") + "/" + line.text("slice_file_name"));
  }
}
