package io.github.lsgspark.jobs;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Collects the declarations of a {@link StageReads}; of a setting that is declared twice none is
 * made.
 *
 * @param <R> the record of settings
 */
public final class StageReadsBuilder<R> {
  private final Function<Loaded, R> source;
  private final Map<String, Setting> settings = new LinkedHashMap<>();
  private final Map<String, StageReads.Entry<R>> entries = new LinkedHashMap<>();
  private final Map<String, Predicate<R>> sections = new LinkedHashMap<>();

  StageReadsBuilder(Function<Loaded, R> source, List<Setting> settings) {
    this.source = source;
    settings.forEach(setting -> this.settings.put(setting.path(), setting));
  }

  /** Settings that always count by their values; a section stands for all that are in it. */
  public StageReadsBuilder<R> reads(String... paths) {
    return readsIf(all -> true, paths);
  }

  /**
   * Settings that count by their values under a condition; a section stands for all that are in it
   * but for those that are declared by themselves, or change no result.
   */
  public StageReadsBuilder<R> readsIf(Predicate<R> when, String... paths) {
    for (String path : paths) {
      if (settings.containsKey(path)) {
        put(path, when, settings.get(path)::in);
      } else if (settings.values().stream().noneMatch(setting -> setting.isIn(path))) {
        throw new IllegalStateException(path + " is no setting and no section");
      } else if (sections.put(path, when) != null) {
        throw new IllegalStateException(path + " is declared twice");
      }
    }
    return this;
  }

  /** A setting that counts by what is made of it and of others. */
  public StageReadsBuilder<R> derives(String path, Function<R, ?> value) {
    return derivesIf(all -> true, path, value);
  }

  /** The same under a condition. */
  public StageReadsBuilder<R> derivesIf(Predicate<R> when, String path, Function<R, ?> value) {
    return put(path, when, value);
  }

  /** Settings that enter by another one, or by something else that the fingerprint holds. */
  StageReadsBuilder<R> through(String... paths) {
    return throughIf(all -> true, paths);
  }

  /** The same under a condition. */
  StageReadsBuilder<R> throughIf(Predicate<R> when, String... paths) {
    for (String path : paths) {
      add(path, new StageReads.Entry<>(when, null));
    }
    return this;
  }

  /**
   * Settings that leave a choice to the machines. It has been made when a fingerprint is.
   *
   * @param open the value that means that it was not
   */
  StageReadsBuilder<R> resolvedIf(Predicate<R> when, Object open, String... paths) {
    for (String path : paths) {
      Setting setting = known(path);
      put(
          path,
          when,
          all -> {
            Object value = setting.in(all);
            if (value.toString().equals(open.toString())) {
              throw new IllegalStateException(path + " = " + open + " was not decided");
            }
            return value;
          });
    }
    return this;
  }

  /** Paths of files and folders that count by what lies there. */
  public StageReadsBuilder<R> identifies(String... paths) {
    return identifiesIf(all -> true, paths);
  }

  /**
   * Paths of sources of samples: these are named by where they lie, so that counts, too.
   *
   * @param listed whether a source may be a list or a table, whose files count with it
   * @param data root and columns of such a list or table
   */
  StageReadsBuilder<R> locates(
      Predicate<R> listed, Function<R, DataSettings> data, String... paths) {
    for (String path : paths) {
      Setting setting = known(path);
      add(
          path,
          new StageReads.Entry<>(
              all -> true,
              (all, inputs) -> {
                String place = String.valueOf(setting.in(all));
                return List.of(
                    place,
                    listed.test(all)
                        ? inputs.named(path, place, data.apply(all))
                        : inputs.identity(path, place));
              }));
    }
    return this;
  }

  /**
   * A path that counts by what lies there, unless it is a word that stands for something else in
   * the fingerprint.
   */
  StageReadsBuilder<R> identifiesUnless(Predicate<R> word, String path) {
    return unless(word, path, (inputs, place) -> inputs.identity(path, place));
  }

  /** The same under a condition; where it does not hold, the path is not looked at. */
  public StageReadsBuilder<R> identifiesIf(Predicate<R> when, String... paths) {
    for (String path : paths) {
      Setting setting = known(path);
      add(
          path,
          new StageReads.Entry<>(
              when, (all, inputs) -> inputs.identity(path, String.valueOf(setting.in(all)))));
    }
    return this;
  }

  /**
   * A path that counts by what lies there, unless it stands for something that is known without
   * looking.
   *
   * @param known what that is
   */
  StageReadsBuilder<R> identifiesIf(
      Predicate<R> when, Function<R, Optional<String>> known, String path) {
    Setting setting = known(path);
    return add(
        path,
        new StageReads.Entry<>(
            when,
            (all, inputs) ->
                known
                    .apply(all)
                    .orElseGet(() -> inputs.identity(path, String.valueOf(setting.in(all))))));
  }

  /** Paths of small text files that count by their content alone. */
  public StageReadsBuilder<R> contents(String... paths) {
    return contentsIf(all -> true, paths);
  }

  /** The same under a condition. */
  public StageReadsBuilder<R> contentsIf(Predicate<R> when, String... paths) {
    for (String path : paths) {
      Setting setting = known(path);
      add(
          path,
          new StageReads.Entry<>(
              when, (all, inputs) -> inputs.content(path, String.valueOf(setting.in(all)))));
    }
    return this;
  }

  /** A path that counts by content, unless it is a word that stands for something else. */
  StageReadsBuilder<R> contentsUnless(Predicate<R> word, String path) {
    return unless(word, path, (inputs, place) -> inputs.content(path, place));
  }

  private StageReadsBuilder<R> unless(
      Predicate<R> word, String path, BiFunction<InputFiles, String, String> read) {
    Setting setting = known(path);
    return add(
        path,
        new StageReads.Entry<>(
            all -> true,
            (all, inputs) -> {
              String place = String.valueOf(setting.in(all));
              return word.test(all) ? place : read.apply(inputs, place);
            }));
  }

  private StageReadsBuilder<R> put(String path, Predicate<R> when, Function<R, ?> value) {
    return add(path, new StageReads.Entry<>(when, (all, inputs) -> value.apply(all)));
  }

  private StageReadsBuilder<R> add(String path, StageReads.Entry<R> entry) {
    Setting setting = known(path);
    if (setting.runtimeOnly().isPresent()) {
      throw new IllegalStateException(path + " is marked as changing no result");
    }
    if (entries.put(path, entry) != null) {
      throw new IllegalStateException(path + " is declared twice");
    }
    return this;
  }

  private Setting known(String path) {
    if (!settings.containsKey(path)) {
      throw new IllegalStateException(path + " is no setting");
    }
    return settings.get(path);
  }

  /** The declaration. */
  public StageReads<R> build() {
    List<String> declared = new ArrayList<>(entries.keySet());
    sections.forEach(
        (section, when) -> {
          for (String path : new TreeSet<>(settings.keySet())) {
            Setting setting = settings.get(path);
            if (setting.isIn(section)
                && setting.runtimeOnly().isEmpty()
                && !declared.contains(path)) {
              put(path, when, setting::in);
            }
          }
        });
    return new StageReads<>(source, List.copyOf(settings.values()), entries);
  }
}
