package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.dataset.drawn.DrawnClass;
import io.github.lsgspark.dataset.drawn.PictureArtist;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The demonstration's data: small pictures that the program draws, of classes that differ in shape,
 * colour and texture and are named in plain words ("red striped star"). Base classes, for
 * pre-training, and novel classes are different combinations.
 */
final class DrawnSource {
  static final String SCHEME = "drawn:";

  private DrawnSource() {}

  /** All combinations in a seeded order; the first are base classes, the next novel ones. */
  private static List<DrawnClass> combinations(DataSettings.DrawnSettings settings) {
    List<DrawnClass> all = new ArrayList<>(DrawnClass.all());
    Collections.shuffle(all, new Random(Seeds.derive(settings.seed(), "drawn classes")));
    int wanted = settings.baseClasses() + settings.novelClasses();
    if (wanted > all.size()) {
      throw LsgException.usage(
          "data.drawn.base-classes + data.drawn.novel-classes is "
              + wanted
              + ", but there are only "
              + all.size()
              + " combinations of shape, colour and texture");
    }
    return all;
  }

  private static List<DrawnClass> classes(String source, DataSettings.DrawnSettings settings) {
    List<DrawnClass> all = combinations(settings);
    return switch (source.substring(SCHEME.length())) {
      case "base" -> all.subList(0, settings.baseClasses());
      case "novel" ->
          all.subList(settings.baseClasses(), settings.baseClasses() + settings.novelClasses());
      default ->
          throw LsgException.usage(
              "data.train = " + source + ": must be drawn:base or drawn:novel");
    };
  }

  static List<SourceEntry> entries(String source, DataSettings.DrawnSettings settings) {
    List<SourceEntry> entries = new ArrayList<>();
    for (DrawnClass drawn : classes(source, settings)) {
      for (int i = 0; i < settings.trainPerClass() + settings.testPerClass(); i++) {
        String split = i < settings.trainPerClass() ? "train" : "test";
        String name = drawn.name();
        String id = split + "/" + name + "/" + String.format("%05d", i) + ".png";
        entries.add(SourceEntry.drawn(id, name, split, source, i));
      }
    }
    return entries;
  }

  /** PNG bytes of one picture; depends on the class, its number and data.drawn.seed alone. */
  static byte[] draw(SourceEntry entry, DataSettings.DrawnSettings settings) {
    long seed = Seeds.derive(settings.seed(), "drawn picture", entry.label(), entry.member());
    return PictureArtist.draw(DrawnClass.named(entry.label()), settings.imageSize(), seed);
  }
}
