package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.dataset.synthetic.SampleGenerator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The demonstration's data: small samples that the program makes itself, of classes named in plain
 * words ("red striped star"). Base classes, for pre-training, and novel classes are different ones.
 */
final class SyntheticSource {
  static final String SCHEME = "drawn:";

  private final DataSettings.DrawnSettings settings;
  private final SampleGenerator artist;

  SyntheticSource(DataSettings data) {
    this.settings = data.drawn();
    this.artist = SampleGenerator.of(data.modality());
  }

  /** All classes in a seeded order; the first are base classes, the next novel ones. */
  private List<String> all() {
    List<String> all = new ArrayList<>(artist.names());
    Collections.shuffle(all, new Random(Seeds.derive(settings.seed(), "drawn classes")));
    int wanted = settings.baseClasses() + settings.novelClasses();
    if (wanted > all.size()) {
      throw LsgException.usage(
          "data.drawn.base-classes + data.drawn.novel-classes is "
              + wanted
              + ", but there are only "
              + all.size()
              + " classes, such as \""
              + all.get(0)
              + "\"");
    }
    return all;
  }

  private List<String> classes(String source) {
    List<String> all = all();
    return switch (source.substring(SCHEME.length())) {
      case "base" -> all.subList(0, settings.baseClasses());
      case "novel" ->
          all.subList(settings.baseClasses(), settings.baseClasses() + settings.novelClasses());
      default ->
          throw LsgException.usage(
              "data.train = " + source + ": must be drawn:base or drawn:novel");
    };
  }

  /**
   * @throws LsgException exit 2 if it says of no samples that there are
   */
  void requireKnown(String source) {
    classes(source);
  }

  List<SourceEntry> entries(String source) {
    List<SourceEntry> entries = new ArrayList<>();
    for (String name : classes(source)) {
      for (int i = 0; i < settings.trainPerClass() + settings.testPerClass(); i++) {
        String split = i < settings.trainPerClass() ? "train" : "test";
        String id = split + "/" + name + "/" + String.format("%05d", i) + artist.extension();
        entries.add(SourceEntry.drawn(id, name, split, source, i));
      }
    }
    return entries;
  }

  /** Encoded bytes of a sample; they depend on its class, its number and data.drawn.seed alone. */
  byte[] make(SourceEntry entry) {
    long seed = Seeds.derive(settings.seed(), "drawn picture", entry.label(), entry.member());
    return artist.make(entry.label(), settings, seed);
  }
}
