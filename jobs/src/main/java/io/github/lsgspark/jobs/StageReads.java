package io.github.lsgspark.jobs;

import io.github.lsgspark.config.InputPath;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Setting;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

  StageReads(Function<Loaded, R> source, List<Setting> settings, Map<String, Entry<R>> entries) {
    this.source = source;
    this.settings = List.copyOf(settings);
    this.entries = Map.copyOf(entries);
  }

  /** What is entered for a setting. */
  interface Value<R> {
    Object of(R settings, InputFiles inputs);
  }

  /**
   * A declared setting.
   *
   * @param when it counts
   * @param value null if it enters by something else that is in the fingerprint
   */
  record Entry<R>(Predicate<R> when, Value<R> value) {}

  /** Begins a declaration of the program's own settings, by their whole paths. */
  public static StageReadsBuilder<Settings> settings() {
    return of(Settings.class, "", Loaded::settings);
  }

  /**
   * Begins a declaration of settings that come with a stage: a section at the top of
   * configurations, whose keys a reference.conf on the class path documents and gives defaults.
   *
   * @param name of the section
   * @param type whose components are its keys
   */
  public static <R extends Record> StageReadsBuilder<R> section(String name, Class<R> type) {
    return of(type, name + ".", loaded -> loaded.section(name, type));
  }

  /**
   * Begins a declaration.
   *
   * @param prefix of the paths of the record's keys: empty, or a section's path and a dot
   * @param source of the record
   */
  static <R> StageReadsBuilder<R> of(Class<R> type, String prefix, Function<Loaded, R> source) {
    return new StageReadsBuilder<>(source, Setting.of(type, prefix));
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
}
