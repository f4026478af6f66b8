package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import java.util.List;
import java.util.Map;

/**
 * FSD50K (Fonseca et al. 2022), whose clips have several labels each, which nothing here learns: it
 * is refused, whatever is there.
 */
public final class FsdReader implements DatasetReader {
  @Override
  public String label() {
    return "fsd50k";
  }

  @Override
  public Modality modality() {
    return Modality.AUDIO;
  }

  @Override
  public Layout layout() {
    return new Layout("FSD50K", List.of(), Map.of(), "");
  }

  @Override
  public PublishedData read(PublishedFiles files, int fold) {
    throw LsgException.usage(
        "data.format = fsd50k: clips of FSD50K have several labels each (and those above them in"
            + " AudioSet's tree), but a model here tells one class of each sample, and mean average"
            + " precision is not among its figures. To learn from clips of one label, give a list of"
            + " them with the columns path and label, without data.format");
  }
}
