package io.github.lsgspark.jobs;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.InputPath;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The settings that one stage reads, each by its path and with how it counts: by its value, by what
 * is made of it, by the file that it names. A setting enters the stage's fingerprint under its
 * path, where the condition that it was declared with holds. Immutable.
 *
 * @param <R> the record of settings
 */
public final class StageReads<R> {
  private final Function<Loaded, R> source;
  private final List<Setting> settings;
  private final Map<String, Entry<R>> entries;

  private StageReads(
      Function<Loaded, R> source, List<Setting> settings, Map<String, Entry<R>> entries) {
    this.source = source;
    this.settings = List.copyOf(settings);
    this.entries = Map.copyOf(entries);
  }

  /** What is entered for a setting. */
  private interface Value<R> {
    Object of(R settings, InputFiles inputs);
  }

  /**
   * A declared setting.
   *
   * @param when it counts
   * @param value null if it enters by something else that is in the fingerprint
   */
  private record Entry<R>(Predicate<R> when, Value<R> value) {}

  /** Begins a declaration of the program's own settings, by their whole paths. */
  public static Builder<Settings> settings() {
    return of(Settings.class, "", Loaded::settings);
  }

  /**
   * Begins a declaration of settings that come with a stage: a section at the top of
   * configurations, whose keys a reference.conf on the class path documents and gives defaults.
   *
   * @param name of the section
   * @param type whose components are its keys
   */
  public static <R extends Record> Builder<R> section(String name, Class<R> type) {
    return of(type, name + ".", loaded -> loaded.section(name, type));
  }

  /**
   * Begins a declaration.
   *
   * @param prefix of the paths of the record's keys: empty, or a section's path and a dot
   * @param source of the record
   */
  static <R> Builder<R> of(Class<R> type, String prefix, Function<Loaded, R> source) {
    return new Builder<>(source, Setting.of(type, prefix));
  }

  /** Paths of all declared settings, whatever their conditions. */
  Set<String> paths() {
    return entries.keySet();
  }

  /** Paths of those that name files and folders, in the order of the record. */
  List<String> files() {
    return settings.stream()
        .filter(setting -> setting.component().isAnnotationPresent(InputPath.class))
        .map(Setting::path)
        .filter(entries::containsKey)
        .toList();
  }

  /** Whether a setting counts in a configuration. */
  boolean counts(String path, R settings) {
    return entries.containsKey(path) && entries.get(path).when.test(settings);
  }

  /** What a configuration's settings enter, by their paths. */
  Map<String, String> texts(R own, InputFiles inputs) {
    Map<String, String> texts = new TreeMap<>();
    entries.forEach(
        (path, entry) -> {
          if (entry.value != null && entry.when.test(own)) {
            texts.put(path, Setting.text(entry.value.of(own, inputs)));
          }
        });
    return texts;
  }

  /** Adds them to a fingerprint. */
  void enter(Loaded loaded, InputFiles inputs, Fingerprint.Builder key) {
    texts(source.apply(loaded), inputs).forEach(key::add);
  }

  /**
   * Reads the section, and looks at the files that it names.
   *
   * @throws LsgException that names key and value or file, if one is wrong
   */
  void look(Loaded loaded, InputFiles inputs) {
    texts(source.apply(loaded), inputs);
  }

  /** Collects declarations; of a setting that is declared twice none is made. */
  public static final class Builder<R> {
    private final Function<Loaded, R> source;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Map<String, Entry<R>> entries = new LinkedHashMap<>();
    private final Map<String, Predicate<R>> sections = new LinkedHashMap<>();

    private Builder(Function<Loaded, R> source, List<Setting> settings) {
      this.source = source;
      settings.forEach(setting -> this.settings.put(setting.path(), setting));
    }

    /** Settings that always count by their values; a section stands for all that are in it. */
    public Builder<R> reads(String... paths) {
      return readsIf(all -> true, paths);
    }

    /**
     * Settings that count by their values under a condition; a section stands for all that are in
     * it but for those that are declared by themselves, or change no result.
     */
    public Builder<R> readsIf(Predicate<R> when, String... paths) {
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
    public Builder<R> derives(String path, Function<R, ?> value) {
      return derivesIf(all -> true, path, value);
    }

    /** The same under a condition. */
    public Builder<R> derivesIf(Predicate<R> when, String path, Function<R, ?> value) {
      return put(path, when, value);
    }

    /** Settings that enter by another one, or by something else that the fingerprint holds. */
    Builder<R> through(String... paths) {
      for (String path : paths) {
        add(path, new Entry<>(all -> true, null));
      }
      return this;
    }

    /**
     * Settings that leave a choice to the machines. It has been made when a fingerprint is.
     *
     * @param open the value that means that it was not
     */
    Builder<R> resolvedIf(Predicate<R> when, Object open, String... paths) {
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
    public Builder<R> identifies(String... paths) {
      return identifiesIf(all -> true, paths);
    }

    /**
     * Paths of sources of samples: these are named by where they lie, so that counts, too.
     *
     * @param listed whether a source may be a list or a table, whose files count with it
     * @param data root and columns of such a list or table
     */
    Builder<R> locates(Predicate<R> listed, Function<R, DataSettings> data, String... paths) {
      for (String path : paths) {
        Setting setting = known(path);
        add(
            path,
            new Entry<>(
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
    Builder<R> identifiesUnless(Predicate<R> word, String path) {
      Setting setting = known(path);
      return add(
          path,
          new Entry<>(
              all -> true,
              (all, inputs) -> {
                String place = String.valueOf(setting.in(all));
                return word.test(all) ? place : inputs.identity(path, place);
              }));
    }

    /** The same under a condition; where it does not hold, the path is not looked at. */
    public Builder<R> identifiesIf(Predicate<R> when, String... paths) {
      for (String path : paths) {
        Setting setting = known(path);
        add(
            path,
            new Entry<>(
                when, (all, inputs) -> inputs.identity(path, String.valueOf(setting.in(all)))));
      }
      return this;
    }

    /** Paths of small text files that count by their content alone. */
    public Builder<R> contents(String... paths) {
      return contentsIf(all -> true, paths);
    }

    /** The same under a condition. */
    public Builder<R> contentsIf(Predicate<R> when, String... paths) {
      for (String path : paths) {
        Setting setting = known(path);
        add(
            path,
            new Entry<>(
                when, (all, inputs) -> inputs.content(path, String.valueOf(setting.in(all)))));
      }
      return this;
    }

    private Builder<R> put(String path, Predicate<R> when, Function<R, ?> value) {
      return add(path, new Entry<>(when, (all, inputs) -> value.apply(all)));
    }

    private Builder<R> add(String path, Entry<R> entry) {
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
}
