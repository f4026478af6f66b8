package io.github.lsgspark.dataset.published;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Registry;
import io.github.lsgspark.config.SettingNames;
import io.github.lsgspark.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The readers of benchmarks by name. */
public final class DatasetReaders implements SettingNames {
  private static final String SETTING = "data.format";

  /**
   * The reader of a name.
   *
   * @throws LsgException exit 2 if there is none; the message lists all
   */
  static DatasetReader of(String label) {
    return registry().get(label);
  }

  /** All readers; those of jars beside the program's, too. */
  public static List<DatasetReader> all() {
    return registry().entries();
  }

  private static Registry<DatasetReader> registry() {
    return Registry.of(DatasetReader.class, SETTING, List::of, DatasetReader::label);
  }

  @Override
  public String path() {
    return SETTING;
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>(List.of(DataSettings.GENERIC));
    names.addAll(registry().names());
    return names;
  }

  @Override
  public void check(Settings settings) {
    DataSettings data = settings.data();
    if (!data.isGeneric() && of(data.format()).modality() != data.modality()) {
      throw new IllegalArgumentException(
          "data.format = %s needs data.modality = %s, but that was: %s"
              .formatted(data.format(), text(of(data.format()).modality()), text(data.modality())));
    }
  }

  private static String text(DataSettings.Modality modality) {
    return modality.name().toLowerCase(Locale.ROOT);
  }
}
