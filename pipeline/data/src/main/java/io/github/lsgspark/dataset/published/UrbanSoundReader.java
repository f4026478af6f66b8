package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * UrbanSound8K (Salamon, Jacoby and Bello 2014): 8,732 slices of up to 4 s in ten folds.
 * metadata/UrbanSound8K.csv has a line per slice with file, fold, class number and class
 * ("air_conditioner" is called "air conditioner"). Slices of one recording lie in one fold, so one
 * fold is the test split; its authors ask not to shuffle them.
 */
public final class UrbanSoundReader implements DatasetReader {
  private static final String LIST = "metadata/UrbanSound8K.csv";
  private static final List<String> COLUMNS =
      List.of("slice_file_name", "fold", "classID", "class");

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
        LIST + " and audio/fold1/ to audio/fold10/, in UrbanSound8K/ or UrbanSound8K.tar.gz");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    Folds folds = new Folds(fold);
    TreeMap<Integer, String> classes = new TreeMap<>();
    List<PublishedSample> samples = new ArrayList<>();
    for (CsvTable.Line line : new CsvTable(files, LIST, ',', COLUMNS).lines()) {
      int own = line.number("fold");
      String label = line.text("class").replace('_', ' ');
      classes.put(line.number("classID"), label);
      samples.add(
          files.sample(
              "audio/fold" + own + "/" + line.text("slice_file_name"), label, folds.split(own)));
    }
    folds.requireTest(files.path(LIST));
    return new PublishedData(List.copyOf(classes.values()), samples);
  }
}
